using System.Net;
using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.AzureAdapters.Identity;
using EdgeRouter.Core.Usage;
using EdgeRouter.Gateway;
using EdgeRouter.Gateway.Budgets;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EdgeRouter.Local;

/// <summary>The router on this machine: Kestrel, the embedded store, the in-process queue and the scripted provider. Contains no logic.</summary>
internal sealed class LocalHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly LocalStore store;
    private readonly InProcessUsageQueue queue;

    private LocalHost(WebApplication app, LocalStore store, InProcessUsageQueue queue, BootstrapKeys keys)
    {
        this.app = app;
        this.store = store;
        this.queue = queue;
        Keys = keys;
    }

    /// <summary>The bootstrap keys.</summary>
    public BootstrapKeys Keys { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The services, for tests.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Reads appsettings.json of the working directory, then the environment.</summary>
    public static IConfiguration ReadConfiguration() => new ConfigurationBuilder()
        .SetBasePath(Directory.GetCurrentDirectory())
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    /// <summary>Starts it and writes its address and keys to <paramref name="output"/>.</summary>
    public static async Task<LocalHost> StartAsync(LocalOptions options, IConfiguration configuration, Func<string, string?> environmentVariable,
        TextWriter output, Action<IServiceCollection>? configure = null)
    {
        var settings = RouterSettings.Read(configuration);
        if (!IPAddress.TryParse(options.Address, out var address)) throw new FormatException($"--address: expected an IP address. {LocalOptions.Usage}");
        var opened = LocalStore.Open(settings);
        InProcessUsageQueue? usage = null;
        WebApplication? built = null;
        try
        {
            usage = InProcessUsageQueue.Start(opened.Tables, opened.Inbox, TimeProvider.System);
            var keys = await BootstrapKeys.LoadAsync(settings, opened.Tables, options.NewKeys);
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(address, options.Port);
                kestrel.AddServerHeader = false;
                ServerLimits.Apply(kestrel.Limits, settings.Limits);
            });
            // While this category is enabled, every request allocates an Activity and a scope. Added before the configuration, which can enable it.
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None).AddConfiguration(configuration.GetSection("Logging"))
                .AddSimpleConsole(console => console.SingleLine = true)
                .AddFilter("Microsoft", LogLevel.Warning);
            var files = await CatalogFileSet.OpenAsync(settings, new BlobTokens(settings.Azure.ClientId).TokenForAsync, opened.Tables, TimeProvider.System);
            builder.Services.AddEdgeRouter(settings, scriptedByDefault: true, environmentVariable, files,
                new ModelServiceTokens(settings.Azure.ClientId));
            builder.Services.AddSingleton(opened.Tables);
            builder.Services.AddSingleton(keys.Ring);
            builder.Services.AddHostedService<LeaseSweeping>();
            LocalUsage.Add(builder.Services, opened.Tables, usage, settings.RetentionDays);
            MoneyExporting.Add(builder.Services, settings, opened.Tables, keys.Ring);
            configure?.Invoke(builder.Services);
            built = builder.Build();
            built.Run(GatewayPipeline.Build(built.Services));
            await built.StartAsync();
            var host = new LocalHost(built, opened, usage, keys);
            await host.ReportAsync(output, address);
            return host;
        }
        catch
        {
            await CloseAsync(built, usage, opened);
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop.</summary>
    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    /// <summary>Stops taking requests, waits for the records in progress, closes the store.</summary>
    public ValueTask DisposeAsync() => CloseAsync(app, queue, store);

    private static async ValueTask CloseAsync(WebApplication? app, InProcessUsageQueue? queue, LocalStore store)
    {
        if (app is not null) await app.StopAsync();
        if (queue is not null) await queue.DisposeAsync();
        if (app is not null) await app.DisposeAsync();
        await store.DisposeAsync();
    }

    private async Task ReportAsync(TextWriter output, IPAddress address)
    {
        var origin = Address.GetLeftPart(UriPartial.Authority);
        await output.WriteLineAsync($"listening on {origin}");
        // This host has no TLS of its own. In a container it must listen on every address, so it is not refused.
        if (!IPAddress.IsLoopback(address))
            await output.WriteLineAsync($"warning: {origin} is plain HTTP and can be reached from other machines: keys and prompts pass in the clear. "
                + "Put a proxy with TLS in front of it, or listen on 127.0.0.1.");
        foreach (var warning in store.Warnings) await output.WriteLineAsync("warning: " + warning);
        foreach (var note in Keys.Notes) await output.WriteLineAsync(note);
        await output.WriteLineAsync("try it, with the inference key in EDGEROUTER_KEY:");
        await output.WriteLineAsync(
            $"  curl {origin}/api/v1/chat/completions -H \"Authorization: Bearer $EDGEROUTER_KEY\""
            + " -H \"Content-Type: application/json\""
            + """ -d '{"model":"scripted/echo","stream":true,"messages":[{"role":"user","content":"Hello, router"}]}'""");
        await output.FlushAsync();
    }
}
