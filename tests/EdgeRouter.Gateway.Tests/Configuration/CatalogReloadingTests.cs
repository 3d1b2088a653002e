using EdgeRouter.Core.Catalog;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Gateway.Tests.Configuration.CatalogFiles;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Configuration;

public sealed class CatalogReloadingTests
{
    private readonly VirtualTimeProvider time = new();

    [Fact]
    public async Task Fault_that_nobody_foresaw_ends_neither_the_watch_nor_the_router()
    {
        await using var server = await CatalogServer.StartAsync();
        server.Put("{}", "\"1\"");
        var fails = false;
        var settings = Settings(server.Url);
        var files = await CatalogFileSet.OpenAsync(settings, (_, _) => fails ? throw new InvalidOperationException("made to fail") : new((string?)null),
            new MemoryTableStore(), time);
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time)
            .AddEdgeRouter(settings, scriptedByDefault: true, static _ => null, files).BuildServiceProvider();
        using var reloading = new CatalogReloading(services.GetRequiredService<ReloadableCatalog>(), files, time, NullLogger<CatalogReloading>.Instance);
        await reloading.StartAsync(default);

        fails = true;
        await time.TickUntilAsync(() => time.GetUtcNow() >= new VirtualTimeProvider().GetUtcNow().AddMinutes(2), 1000);
        fails = false;
        const string Echo = """{"provider":"scripted","upstream_model":"echo","pricing":{"prompt":"0","completion":"0"}}""";
        server.Put($$"""{"models":[{"id":"acme/one","endpoints":[{{Echo}}]}]}""", "\"2\"");

        var catalog = services.GetRequiredService<ICatalog>();
        await time.TickUntilAsync(() => catalog.Current.Models.Any(model => model.Id == "acme/one"), 1000);
        Assert.False(reloading.ExecuteTask!.IsCompleted);
        await reloading.StopAsync(default);
    }

    [Fact]
    public async Task Servers_of_all_files_have_one_deadline()
    {
        await using var server = await CatalogServer.StartAsync();
        server.Otherwise = static context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var opening = CatalogFileSet.OpenAsync(Settings(server.Url, new Uri(server.Url, "/second.json")), null, new MemoryTableStore(), time);
        var start = time.GetUtcNow();
        var fault = await Assert.ThrowsAsync<CatalogException>(() => time.TickAsync(opening, 500));
        Assert.Equal(["/catalogs/own.json", "/second.json"], fault.Errors.Select(error => new Uri(error.Document).AbsolutePath));
        Assert.InRange(time.GetUtcNow() - start, CatalogFileSet.StartTimeout, TimeSpan.FromSeconds(26));
    }

    private static RouterSettings Settings(params Uri[] files) => RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(
        files.Select((file, number) => KeyValuePair.Create($"EdgeRouter:Catalog:Files:{number}", (string?)file.AbsoluteUri))).Build());
}
