using System.Net;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Functions.Tests.Settings;

/// <summary>The app's own catalog file as a blob of Azurite, read with a shared access signature.</summary>
public sealed class CatalogBlobTests : IAsyncLifetime
{
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

        const string Echo = """{"provider":"scripted","upstream_model":"echo","pricing":{"prompt":"0","completion":"0"}}""";
        await PutAsync($$"""{"models":[{"id":"acme/one","endpoints":[{{Echo}}]}]}""");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await StatusAsync(router) != HttpStatusCode.OK) await Task.Delay(50, limit.Token);
        Assert.All(router.Errors.Lines, line => Assert.DoesNotContain("sig=", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_blob_is_told_with_the_faults_of_the_settings()
    {
        var values = RunningRouter.Settings("/nowhere");
        values["EdgeRouter:Catalog:Files:0"] = Url;
        values["EdgeRouter:Keys:Inference"] = null;
        var faults = Assert.Throws<SettingsException>(() => RouterApplication.Build([], static (_, _) => new MemoryTableStore(),
            configure: builder => builder.Configuration.AddInMemoryCollection(values))).Faults;
        Assert.Contains(faults, fault => fault.EndsWith("/catalogs/own.json: expected a file that may be read: the server answered 404 BlobNotFound",
            StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("EdgeRouter__Keys__Inference: required", StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.DoesNotContain("sig=", fault, StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningRouter router)
    {
        using var answer = await router.ChatAsync("acme/one");
        return answer.StatusCode;
    }

    private string Url => $"{azurite.Endpoint}catalogs/own.json?{AzuriteBlobs.Signature("r")}";

    private Task PutAsync(string text) => AzuriteBlobs.PutBlobAsync(client, azurite.Endpoint, "catalogs/own.json", text);
}
