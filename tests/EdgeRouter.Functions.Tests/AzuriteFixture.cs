using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Storage;
using EdgeRouter.Functions.Tests;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Xunit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace EdgeRouter.Functions.Tests;

/// <summary>The Azurite that all tests share. Each test has tables of its own, through the real adapter.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private AzuriteProcess azurite = null!;
    private AzureTableStore store = null!;

    public string ConnectionString => azurite.ConnectionString;

    /// <summary>A store whose tables nobody else has.</summary>
    public ITableStore OpenTables() => new OwnTables(store, $"t{Guid.NewGuid():N}");

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync(folder.Path);
        store = AzureTableStoreFactory.Create(AzureTableStoreFactory.Prefix + azurite.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (azurite is not null) await azurite.DisposeAsync();
        folder.Dispose();
    }

    private sealed class OwnTables(ITableStore all, string prefix) : ITableStore
    {
        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
            all.GetAsync(prefix + table, partition, row, cancellationToken);

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) =>
            all.QueryAsync(prefix + table, partition, range, limit, continuation, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default) =>
            all.CommitAsync(prefix + table, partition, changes, cancellationToken);
    }
}
