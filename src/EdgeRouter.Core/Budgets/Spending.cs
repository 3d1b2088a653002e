using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// What a key, or all keys, spent. The same number is used for usage and for what remains, so that both add up to the limit. With a limit it is the
/// larger of two: the ledger's sum, which includes costs whose record is not written yet, and the sum of the records, which includes what a crashed
/// instance did not report. Stateless.
/// </summary>
public sealed class Spending(BudgetHolds holds, UsageTotals totals)
{
    /// <summary>Reads both.</summary>
    /// <param name="keyHash">Hash of the key; null: all keys together.</param>
    /// <param name="limit">Its limit; null: none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Storage.StorageUnavailableException">The ledger or the roll-ups cannot be reached.</exception>
    public async Task<SpendingReport> ReadAsync(string? keyHash, BudgetLimit? limit, CancellationToken cancellationToken = default)
    {
        // First the ledger: a cost is added there before its record is queued.
        var balance = limit is null ? null : await holds.ReadAsync(limit, cancellationToken);
        var usage = keyHash is null ? await totals.ReadAllKeysAsync(cancellationToken) : await totals.ReadAsync(keyHash, cancellationToken);
        if (balance is null) return new SpendingReport(usage, null, null);
        var recorded = In(usage, limit!.Reset);
        var spent = balance.Spent > recorded ? balance.Spent : recorded;
        return new SpendingReport(Raised(usage, limit.Reset, spent - recorded), spent, spent < limit.Amount ? limit.Amount - spent : NanoDollars.Zero);
    }

    /// <summary>The part of the usage in the current reset period of a limit.</summary>
    internal static NanoDollars In(KeyUsage usage, BudgetReset reset) => reset switch
    {
        BudgetReset.Never => usage.AllTime.Cost,
        BudgetReset.Daily => usage.Daily.Cost,
        BudgetReset.Weekly => usage.Weekly.Cost,
        BudgetReset.Monthly => usage.Monthly.Cost,
        _ => throw new ArgumentOutOfRangeException(nameof(reset), reset, null),
    };

    /// <summary>The usage plus what no record has yet, in the limit's reset period and in the longer ones.</summary>
    private static KeyUsage Raised(KeyUsage usage, BudgetReset reset, NanoDollars unrecorded) => new(
        Raised(usage.AllTime, unrecorded),
        reset == BudgetReset.Daily ? Raised(usage.Daily, unrecorded) : usage.Daily,
        reset is BudgetReset.Daily or BudgetReset.Weekly ? Raised(usage.Weekly, unrecorded) : usage.Weekly,
        reset is BudgetReset.Daily or BudgetReset.Monthly ? Raised(usage.Monthly, unrecorded) : usage.Monthly);

    private static UsageSum Raised(UsageSum sum, NanoDollars unrecorded) => sum with { Cost = sum.Cost + unrecorded };
}

/// <summary>What was spent.</summary>
/// <param name="Usage">By periods; in the reset period of the limit its cost is <paramref name="Spent"/>.</param>
/// <param name="Spent">Spent in the reset period of the limit; null: there is no limit.</param>
/// <param name="Remaining">Left of the limit, not below zero. What is in flight is not subtracted. Null: there is no limit.</param>
public sealed record SpendingReport(KeyUsage Usage, NanoDollars? Spent, NanoDollars? Remaining);
