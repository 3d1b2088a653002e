using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>Limits of whole nano-dollars, a store with a bad line, a clock.</summary>
internal sealed class BudgetFixture(int seed = 0)
{
    public const string KeyHash = "8f14e45fceea167a5a36dedd4bea2543";

    public VirtualTimeProvider Time { get; } = new();

    public FaultyStore Store { get; } = new(new Random(seed));

    public List<Exception> Faults { get; } = [];

    public BudgetOptions Options { get; init; } = new();

    /// <summary>Draws the pauses after conflicts; unless it is given, they are none, and nobody need move the clock.</summary>
    public Random Pauses { get; init; } = new NoPause();

    public static BudgetLimit Key(long amount, BudgetReset reset = BudgetReset.Never) => new(BudgetLevel.Key, KeyHash, new NanoDollars(amount), reset);

    public static BudgetLimit Account(long amount, BudgetReset reset = BudgetReset.Never) =>
        new(BudgetLevel.Account, BudgetLimit.WholeAccount, new NanoDollars(amount), reset);

    public BudgetHolds Instance() => new(Store, Options, Time, new NotedFaults(Faults), Pauses);

    public BudgetSweep Sweep() => new(Store, Time);

    private sealed class NotedFaults(List<Exception> faults) : ILedgerFaults
    {
        public void Report(Exception fault)
        {
            lock (faults) faults.Add(fault);
        }
    }

    /// <summary>What the ledger says of a period; all zero: nothing.</summary>
    public async Task<(long Spent, long Leased)> LedgerAsync(BudgetLimit limit, string? period = null)
    {
        var row = await Store.Inner.GetAsync(BudgetLedger.Table, BudgetLedger.PartitionOf(limit),
            "window:" + (period ?? BudgetPeriod.Of(limit.Reset, Time.GetUtcNow()).Name));
        return row is null ? default : ((long)row.Properties["Spent"], (long)row.Properties["Leased"]);
    }

    public async Task<int> LeaseCountAsync(BudgetLimit limit) =>
        (await Store.Inner.QueryAsync(BudgetLedger.Table, BudgetLedger.PartitionOf(limit), new RowRange("lease:", "lease;"))).Rows.Count;

    /// <summary>Opens a hold that must be granted.</summary>
    public static async Task<BudgetHold> OpenAsync(BudgetHolds holds, long amount, params BudgetLimit[] limits)
    {
        var (hold, refusal) = await holds.OpenAsync(limits, new NanoDollars(amount), CancellationToken.None);
        return refusal is null ? hold : throw new InvalidOperationException($"Refused: {refusal}");
    }

    public static async Task<BudgetRefusal?> TryAsync(BudgetHolds holds, long amount, params BudgetLimit[] limits) =>
        (await holds.OpenAsync(limits, new NanoDollars(amount), CancellationToken.None)).Refusal;

    private sealed class NoPause : Random
    {
        public override double NextDouble() => 0;
    }
}
