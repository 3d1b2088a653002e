using System.Threading.Channels;
using EdgeRouter.Core.Catalog;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Gateway.Tests.Configuration.CatalogFiles;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Catalog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Configuration;

/// <summary>A change of a file is done with when it has come into force, not when it was seen.</summary>
public sealed class CatalogReloadingTests : IDisposable
{
    private readonly VirtualTimeProvider time = new();
    private readonly string file = Path.Combine(Path.GetTempPath(), $"edgerouter-reload-{Guid.NewGuid():N}.json");
    private readonly Channel<string> looks = Channel.CreateUnbounded<string>();
    private readonly List<string> logged = [];
    private volatile string? fault;

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
            .AddEdgeRouter(settings, scriptedByDefault: true, static _ => null, files, NoTokens.Instance).BuildServiceProvider();
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
        var error = await Assert.ThrowsAsync<CatalogException>(() => time.TickAsync(opening, 500));
        Assert.Equal(["/catalogs/own.json", "/second.json"], error.Errors.Select(error => new Uri(error.Document).AbsolutePath));
        Assert.InRange(time.GetUtcNow() - start, CatalogFileSet.StartTimeout, CatalogFileSet.StartTimeout + TimeSpan.FromSeconds(2));
    }

    private static RouterSettings Settings(params Uri[] files) => RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(
        files.Select((file, number) => KeyValuePair.Create($"EdgeRouter:Catalog:Files:{number}", (string?)file.AbsoluteUri))).Build());

    [Fact]
    public async Task Reload_that_failed_is_tried_again_without_another_change_and_its_fault_is_logged_once()
    {
        await File.WriteAllTextAsync(file, Catalog("acme/one"));
        var settings = RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["EdgeRouter:Keys:Inference"] = "sk-test-inference-0123456789",
            ["EdgeRouter:Catalog:Files:0"] = file,
        }).Build());
        using var files = await CatalogFileSet.OpenAsync(settings, null, new MemoryTableStore(), time);
        var catalog = new ReloadableCatalog(new ChangingSource(Read));
        using var reloading = new CatalogReloading(catalog, files, time, new ReloadLog(this));
        Assert.Equal("read", await NextAsync());
        await reloading.StartAsync(CancellationToken.None);
        // The service starts on a thread of its own.
        await Eventually.TrueAsync(() => time.PendingTimers > 0, "the watch to begin");

        fault = "expected a share that is there";
        await File.WriteAllTextAsync(file, Catalog("acme/another"));
        for (var look = 0; look < 3; look++)
        {
            time.Advance(files.Files[0].Period);
            Assert.Equal("read", await NextAsync());
            if (look == 0) Assert.Contains("expected a share that is there", await NextAsync(), StringComparison.Ordinal);
        }
        Assert.NotNull(catalog.Current.FindModel("acme/one"));
        Assert.Single(logged);

        fault = null;
        time.Advance(files.Files[0].Period);
        Assert.Equal("read", await NextAsync());
        Assert.Contains("reloaded", await NextAsync(), StringComparison.Ordinal);
        Assert.NotNull(catalog.Current.FindModel("acme/another"));

        // What has come into force is not loaded again before the next change.
        time.Advance(files.Files[0].Period);
        await File.WriteAllTextAsync(file, Catalog("acme/a-third"));
        time.Advance(files.Files[0].Period);
        Assert.Equal("read", await NextAsync());
        Assert.Contains("reloaded", await NextAsync(), StringComparison.Ordinal);
        await reloading.StopAsync(CancellationToken.None);
        Assert.NotNull(catalog.Current.FindModel("acme/a-third"));
        Assert.False(looks.Reader.TryRead(out _));
    }

    public void Dispose() => File.Delete(file);

    private CatalogSources Read()
    {
        looks.Writer.TryWrite("read");
        if (fault is { } expectation) throw new CatalogException([new CatalogError(file, "", expectation)]);
        return new CatalogSources { Providers = [], Documents = [CatalogDocument.FromFile(file)] };
    }

    private async Task<string> NextAsync() => await looks.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static string Catalog(string model) => $$$"""
        {"providers":[{"slug":"box","name":"Box","dialect":"openai-chat","base_url":"http://127.0.0.1:1/v1","auth":"none"}],
         "models":[{"id":"{{{model}}}","name":"One","created":1760000000,"input_modalities":["text"],"output_modalities":["text"],
          "endpoints":[{"provider":"box","upstream_model":"m","pricing":{"prompt":"0","completion":"0"}}]}]}
        """;

    private sealed class ReloadLog(CatalogReloadingTests test) : ILogger<CatalogReloading>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            test.logged.Add(text);
            test.looks.Writer.TryWrite(text);
        }
    }
}
