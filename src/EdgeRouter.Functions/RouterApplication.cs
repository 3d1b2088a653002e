using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.AzureAdapters.Identity;
using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;
using EdgeRouter.Gateway;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceBusClient = Azure.Messaging.ServiceBus.ServiceBusClient;

namespace EdgeRouter.Functions;

/// <summary>Composes the router for Azure Functions. Contains no logic.</summary>
internal static class RouterApplication
{
    /// <summary>
    /// Builds the worker. An instance has 30 seconds to start, so no request is sent yet, except for catalog files that are URLs and their copies.
    /// </summary>
    /// <param name="args">Command line.</param>
    /// <param name="createTables">Makes the store that <c>EdgeRouter__Storage</c> names.</param>
    /// <param name="createBus">Makes the client that <c>EdgeRouter__UsageQueue</c> names; null: <see cref="ServiceBusConnection"/> does.</param>
    /// <param name="configure">Changes the builder first; for tests.</param>
    /// <exception cref="SettingsException">Lists every fault of the settings and of the catalog that they name.</exception>
    /// <exception cref="StorageUnavailableException">The folder for the journal cannot be written.</exception>
    public static async Task<IHost> BuildAsync(string[] args, TableStoreFactory createTables, ServiceBusFactory? createBus = null,
        Action<FunctionsApplicationBuilder>? configure = null)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        // Around the HTTP integration, so before it.
        builder.UseMiddleware<RecordWait>();
        HttpIntegration.Add(builder);
        builder.Use(RecordWait.HandToRequest);
        var faults = new List<string>();
        var settings = FunctionsHostSettings.Read(builder.Configuration, faults);
        var clients = AzureClients.Create(settings, createTables, createBus ?? ServiceBusConnection.Create, faults);
        await AddGatewayAsync(builder, settings.Router, clients.Tables, faults);
        if (faults.Count > 0 || settings.Router is not { } router || settings.UsageQueueName is not { } queueName || clients.Tables is not { } tables
            || clients.Bus is not { } bus)
            throw new SettingsException([.. faults, .. FindCatalogFaults(builder.Services)]);
        if (router.Azure.FrontDoorId is not null) builder.UseMiddleware<FrontDoorCheck>();
        // The Functions host allows bodies of 100 MB before that.
        builder.Services.Configure<KestrelServerOptions>(kestrel => ServerLimits.Apply(kestrel.Limits, router.Limits));
        builder.Services.AddSingleton(tables);
        builder.Services.AddSingleton(new KeyRing(KeyRing.CallersOf(router.Keys).Select(router.Budgets.Bound)));
        AddUsage(builder.Services, router, bus, queueName);
        if (clients.Exports is { } exports) AddExports(builder.Services, exports);
        builder.Services.AddSingleton(GatewayPipeline.Build);
        var app = builder.Build();
        var log = app.Services.GetRequiredService<ILogger<FunctionsHostSettings>>();
        foreach (var schedule in settings.MissingSchedules) FunctionsLog.NoSchedule(log, schedule);
        if (clients.Exports is null) FunctionsLog.NoExport(log);
        try
        {
            // Builds it now, not at the first request.
            app.Services.GetRequiredService<RequestDelegate>();
            return app;
        }
        catch (CatalogException fault)
        {
            app.Dispose();
            throw new SettingsException([.. TextOf(fault)]);
        }
    }

    private static async Task AddGatewayAsync(FunctionsApplicationBuilder builder, RouterSettings? settings, ITableStore? tables, List<string> faults)
    {
        if (settings is null || tables is null) return;
        try
        {
            var files = await CatalogFileSet.OpenAsync(settings, new BlobTokens(settings.Azure.ClientId).TokenForAsync, tables, TimeProvider.System);
            builder.Services.AddEdgeRouter(settings, scriptedByDefault: false, name => builder.Configuration[name], files,
                new ModelServiceTokens(settings.Azure.ClientId));
        }
        catch (CatalogException fault)
        {
            faults.AddRange(TextOf(fault));
        }
    }

    /// <summary>Faults inside the catalog files, to be reported with those of the settings, with which no app can be built.</summary>
    private static IEnumerable<string> FindCatalogFaults(IServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetService<ICatalog>();
            return [];
        }
        catch (CatalogException fault)
        {
            return TextOf(fault);
        }
    }

    private static IEnumerable<string> TextOf(CatalogException fault) => fault.Errors.Select(static error => error.ToString());

    private static void AddExports(IServiceCollection services, ExportContainer exports)
    {
        services.AddSingleton<IExportFiles>(exports);
        services.AddSingleton<IExportFaults, ExportFaultLog>();
        services.AddSingleton(provider => new MoneyExport(provider.GetRequiredService<ITableStore>(), provider.GetRequiredService<IExportFiles>(),
            provider.GetRequiredService<KeyRing>().Limits, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IExportFaults>()));
    }

    private static void AddUsage(IServiceCollection services, RouterSettings settings, ServiceBusClient bus, string queueName)
    {
        services.AddSingleton<UsageWriter>();
        services.AddSingleton<UsageTotals>();
        services.AddSingleton<IUnreadableDays, UnreadableDayLog>();
        services.AddSingleton<RollupSweep>();
        services.AddSingleton(provider => new RecordRetention(provider.GetRequiredService<ITableStore>(), provider.GetRequiredService<TimeProvider>(),
            settings.RetentionDays));
        services.AddSingleton<PastHealth>();
        services.AddSingleton(provider => new GenerationStore(provider.GetRequiredService<ITableStore>(), time: provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => bus);
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<ServiceBusUsageQueue>>();
            var options = new ServiceBusUsageQueueOptions
            {
                JournalFolder = settings.Azure.UsageJournal ?? Path.Combine(Path.GetTempPath(), "edgerouter-usage"),
                WriteUnsent = provider.GetRequiredService<UsageWriter>().WriteAsync,
                OnUnwritable = (messageId, cause) => FunctionsLog.NotHandedOver(log, messageId, cause),
                OnAway = cause => FunctionsLog.BusUnreachable(log, cause),
                OnBack = () => FunctionsLog.BusReachable(log),
                OnJournalFound = records => FunctionsLog.JournalFound(log, records),
                OnJournalRefused = reason => FunctionsLog.JournalRefused(log, reason),
                OnJournalUnsafe = warning => FunctionsLog.JournalUnsafe(log, warning),
            };
            // The container's own, which it disposes after the queue.
            var client = provider.GetRequiredService<ServiceBusClient>();
            return ServiceBusUsageQueue.Start(client, queueName, options, provider.GetRequiredService<TimeProvider>(), ThreadSafeRandom.Instance);
        });
        services.AddSingleton<IUsageQueue>(provider => provider.GetRequiredService<ServiceBusUsageQueue>());
    }
}
