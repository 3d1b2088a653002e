using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Functions.Tests.Usage;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace EdgeRouter.Functions.Tests.Timers;

/// <summary>What the timers do on their schedules, in the running app, on any store.</summary>
public abstract class TimersContract(ITableStore inner)
{
    private readonly Random random = new(61);
    private readonly FaultyStore store = new(inner);

    [Fact]
    public async Task At_a_quarter_past_one_the_roll_ups_of_yesterday_are_held_against_their_records()
    {
        var time = new VirtualTimeProvider(new DateTimeOffset(2026, 11, 21, 1, 14, 0, TimeSpan.Zero));
        var records = Records.Many(random, 60);
        await new UsageWriter(store).WriteAsync(records);
        foreach (var partition in UsageLayout.Partitions)
            await store.CommitAsync(UsageLayout.Table, partition, [TableChange.Delete(UsageLayout.AllTimeRow(UsageLayout.AllKeys))]);
        await using var router = await RunningRouter.StartAsync(time, store);
        Assert.Equal(0, (await router.Totals.ReadAllKeysAsync()).AllTime.Requests);
        var sweep = time.GetUtcNow().AddMinutes(1);

        await time.TickUntilAsync(() => time.GetUtcNow() >= sweep && router.Functions.RunningInvocations == 0, 5000, () => store.IsBusy);
        await Eventually.TrueAsync(IsSweptAsync, "the sweep to end");

        Assert.Equal(60, (await router.Totals.ReadAllKeysAsync()).AllTime.Requests);
    }

    [Fact]
    public async Task Every_ten_minutes_the_statistics_of_instances_that_are_gone_are_kept()
    {
        var time = new VirtualTimeProvider(Records.Now.AddMinutes(1));
        await using (var first = await RunningRouter.StartAsync(time, store))
        {
            using var answer = await time.TickAsync(first.ChatAsync());
            await time.TickUntilAsync(async () => await HealthRowsAsync() is [{ } row] && ((byte[])row.Properties["Data0"]).Length > 1, 1000,
                () => store.IsBusy);
        }
        time.Advance(TimeSpan.FromMinutes(65));
        await using var second = await RunningRouter.StartAsync(time, store);

        await time.TickUntilAsync(async () => (await HealthRowsAsync()).Any(row => row.Row == "past:2026112008"), 5000, () => store.IsBusy);

        var rows = await HealthRowsAsync();
        Assert.InRange(rows.Count, 1, 2);
        Assert.Equal(10, time.GetUtcNow().Minute);
    }

    [Fact]
    public async Task Every_quarter_of_an_hour_the_leases_of_instances_that_are_gone_count_as_spent()
    {
        var time = new VirtualTimeProvider(Records.Now);
        (string, string)[] limited = [("EdgeRouter:Budgets:Inference:Limit", "1")];
        var first = await RunningRouter.StartAsync(time, store, limited);
        using (var answer = await time.TickAsync(first.ChatAsync(), hold: () => store.IsBusy)) Assert.Contains(await BudgetRowsAsync(), IsLease);
        // It ends without having given its lease back.
        store.Away = true;
        await first.DisposeAsync();
        store.Away = false;
        time.Advance(new DateTimeOffset(2026, 11, 20, 9, 16, 0, TimeSpan.Zero) - time.GetUtcNow());
        await using var second = await RunningRouter.StartAsync(time, store, limited);

        await time.TickUntilAsync(async () => !(await BudgetRowsAsync()).Any(IsLease), 5000, () => store.IsBusy);

        Assert.Equal(20, time.GetUtcNow().Minute);
        Assert.Equal(0L, Assert.Single(await BudgetRowsAsync()).Properties["Leased"]);
    }

    [Fact]
    public async Task At_a_quarter_to_three_the_money_records_of_yesterday_are_exported()
    {
        using var folder = new TemporaryFolder();
        var files = new ExportFolder(folder.Path);
        var time = new VirtualTimeProvider(new DateTimeOffset(2026, 11, 21, 2, 44, 0, TimeSpan.Zero));
        var records = Records.Many(random, 60);
        await new UsageWriter(store).WriteAsync(records);
        await using var router = await RunningRouter.StartAsync(time, store, services => services.Replace(ServiceDescriptor.Singleton<IExportFiles>(files)),
            ("EdgeRouter:Export:Target", "blob:https://account.blob.core.windows.net/money"));
        Assert.Empty(files.Days());
        var export = time.GetUtcNow().AddMinutes(1);

        await time.TickUntilAsync(() => time.GetUtcNow() >= export && router.Functions.RunningInvocations == 0, 5000, () => store.IsBusy);
        await Eventually.TrueAsync(() => files.Days().Contains(new DateOnly(2026, 11, 20)), "the export to end");

        var restored = new MemoryTableStore();
        await new MoneyRestore(restored, files, new RestoreOptions(Apply: true, Overwrite: false, Through: null), time).RunAsync();
        Assert.Equal((await router.Totals.ReadAllKeysAsync()).AllTime, (await new UsageTotals(restored, time).ReadAllKeysAsync()).AllTime);
    }

    private static bool IsLease(TableRow row) => row.Row.StartsWith("lease:", StringComparison.Ordinal);

    private async Task<IReadOnlyList<TableRow>> BudgetRowsAsync() =>
        (await inner.QueryAsync("budgets", "key:" + KeyRing.InferenceId, RowRange.All)).Rows;

    private async Task<IReadOnlyList<TableRow>> HealthRowsAsync() => (await inner.QueryAsync(HealthExchange.Table, "instances", RowRange.All)).Rows;

    private async ValueTask<bool> IsSweptAsync()
    {
        foreach (var partition in UsageLayout.Partitions)
            if (await inner.GetAsync(UsageLayout.Table, partition, UsageLayout.SweptRow(new DateOnly(2026, 11, 20))) is null) return false;
        return true;
    }
}
