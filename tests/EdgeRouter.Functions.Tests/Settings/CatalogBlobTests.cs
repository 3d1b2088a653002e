using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Functions.Tests.Settings;

/// <summary>The app's own catalog file as a blob of Azurite, read with a shared access signature.</summary>
public sealed class CatalogBlobTests : IAsyncLifetime
{
    private const string Model = """
        {"models":[{"id":"acme/one","endpoints":[{"provider":"scripted","upstream_model":"echo","pricing":{"prompt":"0","completion":"0"}}]}]}
        """;

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient client = new();
    private AzuriteBlobs azurite = null!;

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteBlobs.StartAsync(folder.Path);
        await AzuriteBlobs.MakeContainerAsync(client, azurite.Endpoint, "catalogs");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await azurite.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Put_blob_serves_its_models_without_a_restart()
    {
        await PutAsync("{}");
        await using var router = await RunningRouter.StartAsync(settings: [("EdgeRouter:Catalog:Files:0", Url), ("EdgeRouter:Catalog:RefreshSeconds", "1")]);
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(router));

        await PutAsync(Model);
        await Eventually.TrueAsync(async () => await StatusAsync(router) == HttpStatusCode.OK, "the blob's model to be served");
        Assert.All(router.Errors.Lines, line => Assert.DoesNotContain("sig=", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blobs_that_cannot_be_reached_do_not_keep_an_instance_from_starting_whose_tables_have_a_copy()
    {
        await PutAsync(Model);
        var store = new MemoryTableStore();
        await using (var first = await RunningRouter.StartAsync(null, store, [("EdgeRouter:Catalog:Files:0", Url)]))
            await Eventually.TrueAsync(async () => await HasCopyAsync(store), "the copy");
        await azurite.DisposeAsync();

        await using var second = await RunningRouter.StartAsync(null, store, [("EdgeRouter:Catalog:Files:0", Url)]);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second));
        Assert.Contains(second.Errors.Warnings, warning => warning.Contains("A catalog file cannot be read; its last version", StringComparison.Ordinal));
        Assert.All(second.Errors.Warnings, warning => Assert.DoesNotContain("sig=", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_blob_is_reported_with_the_faults_of_the_settings()
    {
        var values = RunningRouter.Settings("/nowhere");
        values["EdgeRouter:Catalog:Files:0"] = Url;
        values["EdgeRouter:Keys:Inference"] = null;
        var faults = (await Assert.ThrowsAsync<SettingsException>(() => RouterApplication.BuildAsync([], static (_, _) => new MemoryTableStore(),
            configure: builder => builder.Configuration.AddInMemoryCollection(values)))).Faults;
        Assert.Contains(faults, fault => fault.EndsWith("/catalogs/own.json: expected a file that may be read: the server answered 404 BlobNotFound",
            StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("EdgeRouter__Keys__Inference: required", StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.DoesNotContain("sig=", fault, StringComparison.Ordinal));
    }

    private async ValueTask<bool> HasCopyAsync(MemoryTableStore store)
    {
        var partition = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{azurite.Endpoint}catalogs/own.json")));
        return (await store.QueryAsync("catalogcopies", partition, RowRange.All)).Rows.Count > 0;
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningRouter router)
    {
        using var answer = await router.ChatAsync("acme/one");
        return answer.StatusCode;
    }

    private string Url => $"{azurite.Endpoint}catalogs/own.json?{AzuriteBlobs.Signature("r")}";

    private Task PutAsync(string text) => AzuriteBlobs.PutBlobAsync(client, azurite.Endpoint, "catalogs/own.json", text);
}
