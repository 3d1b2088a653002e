using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

public sealed class OutageTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private AzuriteProcess azurite = null!;
    private CuttableLink link = null!;
    private AzureTableStore store = null!;

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync(folder.Path);
        link = new CuttableLink(azurite.Port);
        store = AzureTableStoreFactory.Create(AzureTableStoreFactory.Prefix + AzuriteProcess.ConnectionStringOn(link.Port));
    }

    public async ValueTask DisposeAsync()
    {
        await link.DisposeAsync();
        await azurite.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task While_Azurite_is_stopped_calls_say_so_and_afterwards_everything_is_there()
    {
        var written = await store.CommitAsync("outage", "p", [TableChange.Insert("r", Value(1))]);
        await azurite.StopAsync();
        link.Target = null;

        await AssertUnavailableAsync(async () => await store.GetAsync("outage", "p", "r"));
        await AssertUnavailableAsync(async () => await store.QueryAsync("outage", "p", RowRange.All));
        await AssertUnavailableAsync(async () => await store.CommitAsync("outage", "p", [TableChange.Insert("lost", Value(2))]));
        await AssertUnavailableAsync(async () => await store.CommitAsync("newtable", "p", [TableChange.Insert("lost", Value(2))]));

        azurite = await AzuriteProcess.StartAsync(folder.Path);
        link.Target = azurite.Port;
        Assert.Equal(written.ETags[0], (await store.GetAsync("outage", "p", "r"))!.ETag);
        Assert.Equal(CommitStatus.Committed,
            (await store.CommitAsync("outage", "p", [TableChange.ReplaceIfMatch("r", written.ETags[0]!, Value(3)), TableChange.Insert("lost", Value(2))]))
            .Status);
    }

    [Fact]
    public async Task Connections_that_break_are_made_again()
    {
        for (var round = 0; round < 5; round++)
        {
            await store.CommitAsync("outage", "p", [TableChange.Upsert("r", Value(round))]);
            link.Target = null;
            link.Target = azurite.Port;
        }
        Assert.Equal(4, (await store.GetAsync("outage", "p", "r"))!.Properties["Value"]);
    }

    [Fact]
    public async Task Cancelling_a_call_that_waits_is_a_cancellation_and_not_an_outage()
    {
        link.Target = null;
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.GetAsync("outage", "p", "r", patience.Token));
        using var patience2 = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await store.CommitAsync("outage", "p", [TableChange.Upsert("r", Value(1))], patience2.Token));
    }

    private static async Task AssertUnavailableAsync(Func<Task> call) =>
        Assert.Equal("Table Storage cannot be reached.", (await Assert.ThrowsAsync<StorageUnavailableException>(call)).Message);

    private static Dictionary<string, object> Value(object value) => new() { ["Value"] = value };
}
