using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// What a key, or all keys, spent: one number for what is shown as used and for what is left, so that both add up to the limit. Where there is a limit,
/// that number is the ledger's, which knows what is spent before its record is written, or the records', which outlive an instance that died before it
/// reported; whichever is more. Stateless.
/// </summary>
public sealed class Spending(BudgetHolds holds, UsageTotals totals)
{
    /// <summary>Reads both.</summary>
    /// <param name="keyHash">Hash of the key; null: all keys together.</param>
    /// <param name="limit">The limit on just that; null: it has none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Storage.StorageUnavailableException">The ledger or the roll-ups cannot be reached.</exception>
    public async Task<SpendingReport> ReadAsync(string? keyHash, BudgetLimit? limit, CancellationToken cancellationToken = default)
    {
        // First the ledger: a cost goes there before its record is handed over.
        var balance = limit is null ? null : await holds.ReadAsync(limit, cancellationToken);
        var usage = keyHash is null ? await totals.ReadAllKeysAsync(cancellationToken) : await totals.ReadAsync(keyHash, cancellationToken);
        if (balance is null) return new SpendingReport(usage, null, null);
        var recorded = In(usage, limit!.Reset);
        var spent = balance.Spent > recorded ? balance.Spent : recorded;
        return new SpendingReport(Raised(usage, limit.Reset, spent - recorded), spent, spent < limit.Amount ? limit.Amount - spent : NanoDollars.Zero);
    }

    /// <summary>The part of the usage that lies in the current window of a limit.</summary>
    internal static NanoDollars In(KeyUsage usage, BudgetReset reset) => reset switch
    {
        BudgetReset.Never => usage.AllTime.Cost,
        BudgetReset.Daily => usage.Daily.Cost,
        BudgetReset.Weekly => usage.Weekly.Cost,
        BudgetReset.Monthly => usage.Monthly.Cost,
        _ => throw new ArgumentOutOfRangeException(nameof(reset), reset, null),
    };

    /// <summary>The usage with what no record tells yet, in the limit's window and in those around it.</summary>
    private static KeyUsage Raised(KeyUsage usage, BudgetReset reset, NanoDollars unrecorded) => new(
        Raised(usage.AllTime, unrecorded),
        reset == BudgetReset.Daily ? Raised(usage.Daily, unrecorded) : usage.Daily,
        reset is BudgetReset.Daily or BudgetReset.Weekly ? Raised(usage.Weekly, unrecorded) : usage.Weekly,
        reset is BudgetReset.Daily or BudgetReset.Monthly ? Raised(usage.Monthly, unrecorded) : usage.Monthly);

    private static UsageSum Raised(UsageSum sum, NanoDollars unrecorded) => sum with { Cost = sum.Cost + unrecorded };
}

/// <summary>What was spent.</summary>
/// <param name="Usage">By windows; in the window of the limit its cost is <paramref name="Spent"/>.</param>
/// <param name="Spent">Spent in the window of the limit; null: there is no limit.</param>
/// <param name="Left">Left of the limit, not below zero. What is in flight is not taken off. Null: there is no limit.</param>
public sealed record SpendingReport(KeyUsage Usage, NanoDollars? Spent, NanoDollars? Left);
