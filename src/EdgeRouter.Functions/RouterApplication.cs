using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.AzureAdapters.Identity;
using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core;
using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;
using EdgeRouter.Gateway;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
    /// <exception cref="Gateway.Configuration.SettingsException">Lists every fault of the settings and of the catalog that they name.</exception>
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
        var parts = await FunctionsHostSettings.CreateAsync(builder.Configuration, createTables, createBus ?? ServiceBusConnection.Create,
            async (settings, tables) => builder.Services.AddEdgeRouter(settings, scriptedByDefault: false, name => builder.Configuration[name],
                await CatalogFileSet.OpenAsync(settings, new BlobTokens(settings.Azure.ClientId).TokenForAsync, tables, TimeProvider.System),
                new ModelServiceTokens(settings.Azure.ClientId)));
        if (parts.Settings.Azure.FrontDoorId is not null) builder.UseMiddleware<FrontDoorCheck>();
        // The Functions host allows bodies of 100 MB before that.
        builder.Services.Configure<KestrelServerOptions>(kestrel => ServerLimits.Apply(kestrel.Limits, parts.Settings.Limits));
        builder.Services.AddSingleton(parts.Tables);
        builder.Services.AddSingleton(parts.Keys);
        AddUsage(builder.Services, parts);
        AddExports(builder.Services, parts);
        builder.Services.AddSingleton(GatewayPipeline.Build);
        var app = builder.Build();
        var log = app.Services.GetRequiredService<ILogger<FunctionsHostSettings>>();
        foreach (var schedule in parts.MissingSchedules) FunctionsLog.NoSchedule(log, schedule);
        if (parts.Exports is null) FunctionsLog.NoExport(log);
        // Builds it now, not at the first request.
        app.Services.GetRequiredService<RequestDelegate>();
        return app;
    }

    private static void AddExports(IServiceCollection services, FunctionsHostSettings parts)
    {
        if (parts.Exports is not { } files) return;
        services.AddSingleton<IExportFiles>(files);
        services.AddSingleton<IExportFaults, ExportFaultLog>();
        services.AddSingleton(provider => new MoneyExport(provider.GetRequiredService<ITableStore>(), provider.GetRequiredService<IExportFiles>(),
            parts.Keys.Limits, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IExportFaults>()));
    }

    private static void AddUsage(IServiceCollection services, FunctionsHostSettings parts)
    {
        services.AddSingleton<UsageWriter>();
        services.AddSingleton<UsageTotals>();
        services.AddSingleton<IUnreadableDays, UnreadableDayLog>();
        services.AddSingleton<RollupSweep>();
        services.AddSingleton(provider => new RecordRetention(provider.GetRequiredService<ITableStore>(), provider.GetRequiredService<TimeProvider>(),
            parts.Settings.RetentionDays));
        services.AddSingleton<PastHealth>();
        services.AddSingleton(provider => new GenerationStore(provider.GetRequiredService<ITableStore>(), time: provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => parts.Bus);
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<ServiceBusUsageQueue>>();
            var options = new ServiceBusUsageQueueOptions
            {
                JournalFolder = parts.JournalFolder,
                WriteUnsent = provider.GetRequiredService<UsageWriter>().WriteAsync,
                OnUnwritable = (messageId, cause) => FunctionsLog.NotHandedOver(log, messageId, cause),
                OnAway = cause => FunctionsLog.BusUnreachable(log, cause),
                OnBack = () => FunctionsLog.BusReachable(log),
                OnJournalFound = records => FunctionsLog.JournalFound(log, records),
                OnJournalRefused = reason => FunctionsLog.JournalRefused(log, reason),
                OnJournalUnsafe = warning => FunctionsLog.JournalUnsafe(log, warning),
            };
            // The container's own, which it disposes after the queue.
            var client = provider.GetRequiredService<Azure.Messaging.ServiceBus.ServiceBusClient>();
            return ServiceBusUsageQueue.Start(client, parts.UsageQueueName, options, provider.GetRequiredService<TimeProvider>(), ThreadSafeRandom.Instance);
        });
        services.AddSingleton<IUsageQueue>(provider => provider.GetRequiredService<ServiceBusUsageQueue>());
    }
}
