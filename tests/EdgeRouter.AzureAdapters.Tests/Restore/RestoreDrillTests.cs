using Azure.Data.Tables;
using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.AzureAdapters.Tests.Blobs;
using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Tests.Exports;
using EdgeRouter.Restore;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Restore;

/// <summary>The drill: business on Azurite's tables, exports in Azurite's blobs, all tables dropped, and restored by the command that operators run.</summary>
public sealed class RestoreDrillTests(BlobAccount account) : IClassFixture<BlobAccount>
{
    [Fact]
    public async Task Dropped_tables_come_back_with_all_that_was_shown_and_spending_goes_on_right()
    {
        using var folder = new TemporaryFolder();
        await using var azurite = await AzuriteProcess.StartAsync(Path.Combine(folder.Path, "azurite"));
        var store = AzureTableStoreFactory.Create("tables:" + azurite.ConnectionString);
        var time = new VirtualTimeProvider(new DateTimeOffset(2026, 10, 28, 8, 0, 0, TimeSpan.Zero));
        var business = new Bookkeeping(store, time);
        var container = new Uri(await account.MakeBlobAsync(null), ".");
        var files = new ExportContainer(container, account.Client, ExportContainerTests.Tokens("https://storage.azure.com"), TimeProvider.System);
        for (var days = 0; days < 6; days += 3)
        {
            await business.WorkAsync(days: 3, recordsADay: 6);
            await new MoneyExport(store, files, Bookkeeping.Limits, time).RunAsync();
        }
        var (shown, left) = (await business.ShownAsync(), await business.LeftAsync());

        var service = new TableServiceClient(azurite.ConnectionString);
        var dropped = service.Query().Select(table => table.Name).ToList();
        foreach (var table in dropped) await service.DeleteTableAsync(table);
        Assert.Superset(new HashSet<string> { "generations", "budgets", "audit" }, dropped.ToHashSet());
        Assert.NotEqual(shown, await business.ShownAsync());

        var exports = Path.Combine(folder.Path, "exports");
        Assert.True(await ExportDownload.ToFolderAsync(account.Client, container, exports) > 10);
        var dry = await RunAsync(time, [exports, "--tables", "tables:" + azurite.ConnectionString]);
        Assert.Equal(0, dry.Code);
        Assert.Contains("dry run: nothing was changed", dry.Output, StringComparison.Ordinal);
        Assert.NotEqual(shown, await business.ShownAsync());
        var restored = await RunAsync(time, [exports, "--tables", "tables:" + azurite.ConnectionString, "--apply"]);

        Assert.Equal((0, ""), (restored.Code, restored.Errors));
        var cost = new Core.Metering.NanoDollars(business.Records.Sum(record => record.Cost.Value));
        Assert.Contains($"records ${cost}, ", restored.Output, StringComparison.Ordinal);
        Assert.Matches(@"table budgets: \d+ missing, 0 there, 0 merged, 0 newer and overwritten, 0 newer and kept", restored.Output);
        Assert.Equal(shown, await business.ShownAsync());
        await business.RepeatAllAsync();
        Assert.Equal(shown, await business.ShownAsync());
        var after = new Bookkeeping(store, time, seed: 9);
        await after.SpendAsync(count: 9);
        var spent = after.Records.Where(record => record.KeyHash == Bookkeeping.Key).Sum(record => record.Cost.Value);
        Assert.Equal((left.Key - spent, left.Account - after.Records.Sum(record => record.Cost.Value)), await after.LeftAsync());

        // What was spent since is newer than the export.
        var again = await RunAsync(time, [exports, "--tables", "tables:" + azurite.ConnectionString, "--apply"]);
        Assert.Equal(3, again.Code);
        Assert.Contains("--overwrite-newer replaces them", again.Output, StringComparison.Ordinal);
        Assert.Equal((left.Key - spent, left.Account - after.Records.Sum(record => record.Cost.Value)), await after.LeftAsync());
    }

    [Theory]
    [InlineData("expected FOLDER --tables")]
    [InlineData("expected FOLDER --tables", "exports")]
    [InlineData("--tables: expected FOLDER", "exports", "--tables")]
    [InlineData("--force: expected FOLDER", "exports", "--tables", "tables:UseDevelopmentStorage=true", "--force")]
    [InlineData("--through: expected FOLDER", "exports", "--tables", "tables:UseDevelopmentStorage=true", "--through", "yesterday")]
    [InlineData("--from: expected FOLDER", "exports", "--tables", "tables:UseDevelopmentStorage=true", "--from", "2026-11-31")]
    [InlineData("EdgeRouter__Storage: expected tables:", "exports", "--tables", "somewhere")]
    [InlineData("no complete export", "nowhere", "--tables", "tables:UseDevelopmentStorage=true")]
    public async Task Command_line_that_is_wrong_is_refused_with_the_reason(string reason, params string[] args)
    {
        var run = await RunAsync(TimeProvider.System, args);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(TimeProvider time, string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await RestoreCommand.RunAsync(args, output, errors, time, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }
}
