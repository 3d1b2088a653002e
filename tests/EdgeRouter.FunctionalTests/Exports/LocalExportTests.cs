using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.FunctionalTests.Budgets;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Exports;

/// <summary>The local host exports closed days to a folder.</summary>
public sealed class LocalExportTests
{
    [Fact]
    public async Task Day_that_is_over_is_in_the_folder_and_can_be_restored_from_it()
    {
        using var folder = new TemporaryFolder();
        var time = new VirtualTimeProvider();
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", BudgetedRouter.Says(1000));
        await environment.StartRouterAsync(services => services.AddSingleton<TimeProvider>(time), ("Export:Target", "file:" + folder.Path),
            BudgetedRouter.Limit(1));
        await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);
        await environment.ChatAsync(stream: true, BudgetedRouter.Bounded);
        var files = new ExportFolder(folder.Path);
        Assert.Equal(2 * 0.002019m, (await BudgetedRouter.KeyAsync(environment.Router))["usage"]!.GetValue<decimal>());

        time.Advance(TimeSpan.FromDays(1));
        await Eventually.TrueAsync(() => files.Days().Contains(new DateOnly(2026, 11, 20)), "the day to be exported");

        var restored = new MemoryTableStore();
        var report = await new MoneyRestore(restored, files, new RestoreOptions(Apply: true, Overwrite: false, Through: null), time).RunAsync();
        Assert.Equal((2 * 0.002019m, 2 * 0.002019m), (report.Sums.Records.ToDollars(), report.Sums.Totals.ToDollars()));
        Assert.Equal(2 * 0.002019m, (await new UsageTotals(restored, time).ReadAllKeysAsync()).AllTime.Cost.ToDollars());
    }

    [Theory]
    [InlineData("file:")]
    [InlineData("blob:https://account.blob.core.windows.net/money")]
    public async Task Target_that_this_host_does_not_have_is_a_fault(string target)
    {
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RouterUnderTest.StartAsync(null, ("Export:Target", target)));

        Assert.Equal(["EdgeRouter__Export__Target: expected file:<folder> on the local host"], fault.Faults);
    }
}
