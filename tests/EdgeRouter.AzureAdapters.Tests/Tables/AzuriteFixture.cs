using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.AzureAdapters.Tests.Tables;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Xunit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace EdgeRouter.AzureAdapters.Tests.Tables;

/// <summary>The Azurite that all tests share, and a store on it. Tests use tables of their own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private AzuriteProcess azurite = null!;

    public string ConnectionString => azurite.ConnectionString;

    public AzureTableStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync(folder.Path);
        Store = AzureTableStoreFactory.Create(AzureTableStoreFactory.Prefix + ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (azurite is not null) await azurite.DisposeAsync();
        folder.Dispose();
    }
}
