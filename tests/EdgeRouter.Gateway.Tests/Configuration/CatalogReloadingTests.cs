using System.Threading.Channels;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Catalog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Configuration;

/// <summary>A change of a file is done with when it has come into force, not when it was seen.</summary>
public sealed class CatalogReloadingTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"edgerouter-reload-{Guid.NewGuid():N}.json");
    private readonly VirtualTimeProvider time = new();
    private readonly Channel<string> looks = Channel.CreateUnbounded<string>();
    private readonly List<string> logged = [];
    private volatile string? fault;

    [Fact]
    public async Task Reload_that_failed_is_tried_again_without_another_change_and_its_fault_is_logged_once()
    {
        await File.WriteAllTextAsync(file, Catalog("acme/one"));
        var settings = RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["EdgeRouter:Keys:Inference"] = "sk-test-inference-0123456789",
            ["EdgeRouter:Catalog:Files:0"] = file,
        }).Build());
        using var files = CatalogFileSet.Of(settings, null);
        var catalog = new ReloadableCatalog(new ChangingSource(Read));
        using var reloading = new CatalogReloading(catalog, files, time, new ReloadLog(this));
        Assert.Equal("read", await NextAsync());
        await reloading.StartAsync(CancellationToken.None);
        // The service starts on a thread of its own.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (time.PendingTimers == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

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
