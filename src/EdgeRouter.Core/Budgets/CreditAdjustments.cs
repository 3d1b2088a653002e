using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// Corrects what was spent, in the totals and in the ledger of every limit alike. There is no transaction over both: each step is done once however often
/// it is tried, so that a call that was interrupted is completed by the same call. Until then <see cref="Spending"/> shows the higher of the two. Thread-safe.
/// </summary>
public sealed class CreditAdjustments(ITableStore store, UsageTotals totals, TimeProvider time)
{
    private const int MaxTries = 100;
    private readonly BudgetLedger ledger = new(store);
    private readonly UsageAdjustments adjustments = new(store);

    /// <summary>The adjustment of this name; null: there is none.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public ValueTask<UsageAdjustment?> FindAsync(string idempotencyKey, CancellationToken cancellationToken = default) =>
        adjustments.FindAsync(idempotencyKey, cancellationToken);

    /// <summary>Notes it, unless there is one of this name; the one that is noted then. Nothing is changed yet.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now; nothing is known to be noted.</exception>
    public Task<UsageAdjustment> BeginAsync(UsageAdjustment adjustment, CancellationToken cancellationToken = default) =>
        adjustments.BeginAsync(adjustment, cancellationToken);

    /// <summary>Does it, or completes it. The adjustment that is in force then; another one than was asked for when the name was used before.</summary>
    /// <param name="adjustment">What to do.</param>
    /// <param name="limits">Every limit that it counts on.</param>
    /// <param name="cancellationToken">Ends the wait; the same call completes what was begun.</param>
    /// <exception cref="StorageUnavailableException">The store cannot be used now; the same call completes what was begun.</exception>
    public async Task<UsageAdjustment> ApplyAsync(UsageAdjustment adjustment, IReadOnlyList<BudgetLimit> limits, CancellationToken cancellationToken = default)
    {
        var kept = await adjustments.BeginAsync(adjustment, cancellationToken);
        if (!kept.IsSameAs(adjustment)) return kept;
        // The first row of a period is made from the totals: it must be there before they have the adjustment, or it would have it twice.
        foreach (var limit in limits) await OpenAsync(limit, kept, cancellationToken);
        var ledgers = await adjustments.CountAsync(kept, [.. limits.Select(limit => LedgerOf(limit, kept))], cancellationToken);
        // A ledger that is made later is made from the totals, which have it: that of a limit, or a reset period, which the operator set in between.
        foreach (var limit in limits)
            if (ledgers is null || ledgers.Contains(LedgerOf(limit, kept))) await MoveAsync(limit, kept, cancellationToken);
        return kept;
    }

    private static string LedgerOf(BudgetLimit limit, UsageAdjustment adjustment) =>
        BudgetLedger.PartitionOf(limit) + " " + BudgetPeriod.Of(limit.Reset, adjustment.CreatedAt).Name;

    private async Task OpenAsync(BudgetLimit limit, UsageAdjustment adjustment, CancellationToken cancellationToken)
    {
        var period = BudgetPeriod.Of(limit.Reset, adjustment.CreatedAt);
        if (!period.Contains(time.GetUtcNow())) return;
        if ((await ledger.ReadPeriodAsync(limit, period.Name, cancellationToken)).ETag is not null) return;
        var subject = limit.Level == BudgetLevel.Account ? UsageLayout.AllKeys : limit.Subject;
        var usage = await totals.ReadHandedOverAsync(subject, cancellationToken);
        await ledger.OpenAsync(limit, period.Name, Spending.In(usage, limit.Reset), cancellationToken);
    }

    private async Task MoveAsync(BudgetLimit limit, UsageAdjustment adjustment, CancellationToken cancellationToken)
    {
        var period = BudgetPeriod.Of(limit.Reset, adjustment.CreatedAt).Name;
        var id = UsageAdjustments.IdOf(adjustment.IdempotencyKey);
        // No pause between the tries: each failed because another instance got on.
        for (var tries = 1; tries <= MaxTries; tries++)
        {
            if (await ledger.IsAdjustedAsync(limit, period, id, cancellationToken)) return;
            var row = await ledger.ReadPeriodAsync(limit, period, cancellationToken);
            // Over before anything was spent in it: it is never read again.
            if (row.ETag is null) return;
            if (await ledger.TryAdjustAsync(limit, period, row, adjustment.Amount, id, cancellationToken)) return;
        }
        throw new StorageUnavailableException($"The ledger of a budget was changed by others {MaxTries} times in a row.");
    }
}
