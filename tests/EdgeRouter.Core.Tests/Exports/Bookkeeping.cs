using System.Globalization;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Exports;

/// <summary>
/// Some weeks of business on a store: records, budgets, adjustments and audit events that belong together, all that is shown of them, and more business
/// afterwards.
/// </summary>
internal sealed class Bookkeeping(ITableStore store, VirtualTimeProvider time, int seed = 1)
{
    public const string Key = "inference";
    private const string Other = "other-key_2";

    private readonly Random random = new(seed);
    private readonly List<GenerationRecord> records = [];
    private readonly List<UsageAdjustment> adjustments = [];

    public static IReadOnlyList<BudgetLimit> Limits { get; } =
    [
        new BudgetLimit(BudgetLevel.Key, Key, NanoDollars.FromDollars(5), BudgetReset.Monthly),
        new BudgetLimit(BudgetLevel.Key, Key, NanoDollars.FromDollars(1), BudgetReset.Daily),
        new BudgetLimit(BudgetLevel.Account, BudgetLimit.WholeAccount, NanoDollars.FromDollars(100), BudgetReset.Never),
    ];

    public IReadOnlyList<GenerationRecord> Records => records;

    /// <summary>The same business, looked at in other tables.</summary>
    public Bookkeeping On(ITableStore other)
    {
        var same = new Bookkeeping(other, time, seed);
        same.records.AddRange(records);
        same.adjustments.AddRange(adjustments);
        return same;
    }

    /// <summary>Business on each day until the clock is on another one.</summary>
    public async Task WorkAsync(int days, int recordsADay = 12)
    {
        for (var day = 0; day < days; day++)
        {
            await SpendAsync(recordsADay);
            if (day % 4 == 1) await AdjustAsync();
            time.Advance(TimeSpan.FromDays(1));
        }
    }

    /// <summary>Records and what they cost, on a limit and in the totals.</summary>
    /// <param name="count">Number of records.</param>
    /// <param name="releases">False: the instance is killed and leaves its leases.</param>
    public async Task SpendAsync(int count, bool releases = true)
    {
        var holds = Instance();
        var batch = new List<GenerationRecord>();
        for (var i = 0; i < count; i++)
        {
            var record = RandomRecords.Plain(random, i % 3 == 0 ? Other : Key, time.GetUtcNow().AddSeconds(i), random.NextInt64(1, 20_000_000),
                i % 2 == 0 ? "acme/one@alpha" : "acme/two@beta") with
            {
                ExternalUser = "Jane Doe",
                AppTitle = "App",
                Attempts = [new AttemptRecord("acme/one@alpha", "Alpha", "acme/one", 200, "", 1.5, new NanoDollars(7))],
            };
            var (hold, refusal) = await holds.OpenAsync(record.KeyHash == Key ? Limits : [Limits[2]], record.Cost, CancellationToken.None);
            Assert.Null(refusal);
            hold.Settle(record.Cost);
            batch.Add(record);
        }
        if (releases) await holds.ReleaseAsync();
        await new UsageWriter(store).WriteAsync(batch);
        records.AddRange(batch);
    }

    /// <summary>Everything that callers and operators are shown, and the rows of the ledger.</summary>
    public async Task<string> ShownAsync()
    {
        var lines = new List<string>();
        var spending = new Spending(Instance(), new UsageTotals(store, time));
        foreach (var limit in Limits)
            lines.Add($"{limit.Level} {limit.Reset}: {await spending.ReadAsync(limit.Level == BudgetLevel.Account ? null : limit.Subject, limit)}");
        lines.Add($"{Other}: {await spending.ReadAsync(Other, null)}");
        foreach (var record in records)
        {
            var found = await new GenerationStore(store).FindAsync(record.Id);
            lines.Add($"{record.Id} {found?.Cost} {found?.KeyHash} {found?.Model} {found?.Usage} {found?.Attempts.Count}");
        }
        foreach (var adjustment in adjustments) lines.Add($"{await Adjustments().FindAsync(adjustment.IdempotencyKey)}");
        foreach (var partition in (string[])["key:inference", "account:*"])
            foreach (var row in (await store.QueryAsync("budgets", partition, RowRange.All)).Rows)
                lines.Add($"{partition} {row.Row}: {string.Join(' ', row.Properties.Select(property => $"{property.Key}={property.Value}").Order())}");
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        for (var day = DateOnly.FromDateTime(records[0].CreatedAt.UtcDateTime); day <= today; day = day.AddDays(1))
            await foreach (var entry in new AuditLog(store).ReadDayAsync(day)) lines.Add($"{entry.At:O} {entry.Action} {entry.Details["amount"]}");
        return string.Join('\n', lines);
    }

    /// <summary>What the first limit's key and the account have left, in nano-dollars.</summary>
    public async Task<(long Key, long Account)> LeftAsync()
    {
        var spending = new Spending(Instance(), new UsageTotals(store, time));
        return ((await spending.ReadAsync(Key, Limits[0])).Remaining!.Value.Value, (await spending.ReadAsync(null, Limits[2])).Remaining!.Value.Value);
    }

    /// <summary>Spent and leased of each reset period that has a row, and the sum of its leases, in nano-dollars.</summary>
    public async Task<Dictionary<string, (long Spent, long Leased, long Leases)>> LedgerAsync()
    {
        var periods = new Dictionary<string, (long Spent, long Leased, long Leases)>(StringComparer.Ordinal);
        foreach (var partition in (string[])["key:inference", "account:*"])
        {
            var rows = (await store.QueryAsync("budgets", partition, RowRange.All)).Rows;
            foreach (var row in rows.Where(row => row.Row.StartsWith("window:", StringComparison.Ordinal)))
            {
                var leases = rows.Where(lease => lease.Row.StartsWith("lease:" + row.Row["window:".Length..] + ":", StringComparison.Ordinal));
                periods.Add($"{partition} {row.Row["window:".Length..]}",
                    ((long)row.Properties["Spent"], (long)row.Properties["Leased"], leases.Sum(lease => (long)lease.Properties["Amount"])));
            }
        }
        return periods;
    }

    /// <summary>The queue delivers old records again, and an operator repeats each adjustment: neither may count twice.</summary>
    public async Task RepeatAllAsync()
    {
        await new UsageWriter(store).WriteAsync(records);
        foreach (var adjustment in adjustments) await Adjustments().ApplyAsync(adjustment, Limits);
    }

    private BudgetHolds Instance() => new(store, new BudgetOptions(), time, new NoFaults(), new Random(2),
        new UsageTotals(store, time));

    private CreditAdjustments Adjustments() => new(store, new UsageTotals(store, time), time);

    private async Task AdjustAsync()
    {
        var adjustment = new UsageAdjustment(string.Create(CultureInfo.InvariantCulture, $"invoice {adjustments.Count}"), Key,
            new NanoDollars(random.NextInt64(-5_000_000, 5_000_000)), "An invoice said so", time.GetUtcNow());
        await new AuditLog(store).AppendAsync(new AuditEvent(time.GetUtcNow(), "operator", "credits.adjusted", Key)
        {
            Details = new Dictionary<string, string>(StringComparer.Ordinal) { ["amount"] = adjustment.Amount.ToString() },
        });
        await Adjustments().ApplyAsync(adjustment, Limits);
        adjustments.Add(adjustment);
    }

    private sealed class NoFaults : ILedgerFaults
    {
        public void Report(Exception fault) => Assert.Fail(fault.ToString());
    }
}
