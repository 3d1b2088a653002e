using EdgeRouter.Core;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Arrival;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Budgets;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Gateway.Selection;
using EdgeRouter.Gateway.Streaming;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Media;
using EdgeRouter.Upstreams.Providers;
using EdgeRouter.Upstreams.Scripted;
using EdgeRouter.Upstreams.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway;

/// <summary>
/// The gateway's parts. A host adds them, and beside them its <see cref="ITableStore"/>, <see cref="IUsageQueue"/> and <see cref="KeyRing"/>.
/// </summary>
public static class GatewayServices
{
    private static readonly string[] ExposedHeaders =
        [ArrivalStage.GenerationIdHeader, "Retry-After", AnswerHeaders.Provider, AnswerHeaders.AttemptCount, AnswerHeaders.DroppedParameters,
            AnswerHeaders.OverheadMicroseconds];

    /// <summary>Adds everything that <see cref="GatewayPipeline.Build"/> needs.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="scriptedByDefault">Whether the scripted provider serves when the settings do not say.</param>
    /// <param name="environmentVariable">Looks up the providers' customary variables.</param>
    /// <param name="catalogTokens">Gives tokens for catalog files that are URLs; null: they are asked for without.</param>
    /// <exception cref="CatalogException">The catalog cannot be loaded; lists every fault.</exception>
    public static IServiceCollection AddEdgeRouter(this IServiceCollection services, RouterSettings settings, bool scriptedByDefault,
        Func<string, string?> environmentVariable, CatalogTokens? catalogTokens = null) => services
            .AddRouterCore(settings)
            .AddCallerApis()
            .AddProviderWires()
            .AddCatalog(settings, scriptedByDefault, environmentVariable, catalogTokens)
            .AddRoutePlanning(settings)
            .AddBudgets(settings)
            .AddMetering()
            .AddProviders(settings)
            .AddForwarding(settings)
            .AddHttpPipeline(settings);

    /// <summary>Settings, time and randomness.</summary>
    private static IServiceCollection AddRouterCore(this IServiceCollection services, RouterSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Random>(ThreadSafeRandom.Instance);
        services.AddSingleton(settings);
        services.AddSingleton<AuditLog>();
        services.AddSingleton<InstanceLoad>();
        return services;
    }

    /// <summary>Models and endpoints, loaded at once so that their faults are reported at start.</summary>
    private static IServiceCollection AddCatalog(this IServiceCollection services, RouterSettings settings, bool scriptedByDefault,
        Func<string, string?> environmentVariable, CatalogTokens? catalogTokens)
    {
        var wires = new ProviderWires(services.Where(service => service.ServiceType == typeof(IProviderWire))
            .Select(service => (IProviderWire)service.ImplementationInstance!));
        var files = CatalogFileSet.Of(settings, catalogTokens);
        services.AddSingleton(CatalogFactory.Create(settings, files, wires, scriptedByDefault, environmentVariable));
        // By a factory: the container disposes it.
        services.AddSingleton(_ => files);
        services.AddSingleton<ICatalog>(provider => provider.GetRequiredService<ReloadableCatalog>());
        services.AddHostedService<CatalogReloading>();
        return services;
    }

    /// <summary>Health, and the planner with its policy and orderings. A further ordering is added as an <see cref="IEndpointOrdering"/>.</summary>
    private static IServiceCollection AddRoutePlanning(this IServiceCollection services, RouterSettings settings)
    {
        services.AddSingleton(provider =>
        {
            var wires = provider.GetRequiredService<ProviderWires>();
            return new RoutingPolicy
            {
                DefaultModel = settings.Routing.DefaultModel,
                CeilingPrice = settings.Routing.CeilingPrice,
                DataRegions = settings.Routing.DataRegions,
                IsProviderElsewhere = new ProviderNames().Contains,
                CarriedByWire = wires.Carried,
                OperationsByWire = wires.PathsFor(provider.GetRequiredService<CallerApis>().All.Select(api => api.Operation)),
            };
        });
        services.AddSingleton(provider => new EndpointOrderings(provider.GetServices<IEndpointOrdering>()));
        services.AddSingleton<HealthRegistry>();
        services.AddSingleton<PromptAffinity>();
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<RoutePlanner>>();
            return new RoutePlanner(provider.GetRequiredService<EndpointOrderings>(), provider.GetRequiredService<RoutingPolicy>(),
                provider.GetRequiredService<HealthRegistry>(), provider.GetRequiredService<PromptAffinity>(), fault => GatewayLog.HealthIgnored(log, fault));
        });
        services.AddHostedService<HealthSharing>();
        return services;
    }

    /// <summary>Holds and leases.</summary>
    private static IServiceCollection AddBudgets(this IServiceCollection services, RouterSettings settings)
    {
        services.AddSingleton(settings.Budgets.Options);
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<BudgetHolds>>();
            return new BudgetHolds(provider.GetRequiredService<ITableStore>(), settings.Budgets.Options, provider.GetRequiredService<TimeProvider>(),
                fault => GatewayLog.LedgerAway(log, fault), provider.GetRequiredService<UsageTotals>());
        });
        services.AddSingleton<Spending>();
        services.AddSingleton<BudgetSweep>();
        services.AddSingleton<AttemptCover>();
        services.AddHostedService<LeaseRenewal>();
        return services;
    }

    /// <summary>Pricing, records and the explanation of a route.</summary>
    private static IServiceCollection AddMetering(this IServiceCollection services)
    {
        services.AddSingleton<RouterMetadata>();
        services.AddSingleton<AnswerPricer>();
        services.AddSingleton<AttemptCharges>();
        services.AddSingleton<GenerationRecorder>();
        return services;
    }

    /// <summary>Connections to providers.</summary>
    private static IServiceCollection AddProviders(this IServiceCollection services, RouterSettings settings)
    {
        services.AddSingleton(settings.Upstreams.ToOptions());
        services.AddSingleton(provider => new UpstreamClient(provider.GetRequiredService<ProviderWires>().All,
            provider.GetRequiredService<UpstreamOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetServices<InProcessHandler>()));
        services.AddSingleton<MediaFetcher>();
        services.AddSingleton<MediaInliner>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<InProcessHandler, ScriptedHandler>());
        return services;
    }

    /// <summary>Attempts, failover, hedging and streams.</summary>
    private static IServiceCollection AddForwarding(this IServiceCollection services, RouterSettings settings)
    {
        services.AddSingleton<ConfiguredSecrets>();
        services.AddSingleton<FailureReport>();
        services.AddSingleton<SignatureMemory>();
        services.AddSingleton<AttemptSender>();
        services.AddSingleton(settings.Hedging);
        services.AddSingleton<Hedging>();
        services.AddSingleton<Failover>();
        services.AddSingleton<StreamResume>();
        services.AddSingleton<CallerOutput>();
        services.AddSingleton<StreamOpening>();
        services.AddSingleton<StreamKeepAlive>();
        services.AddSingleton<StreamRelay>();
        return services;
    }

    /// <summary>Routing of paths, and CORS.</summary>
    private static IServiceCollection AddHttpPipeline(this IServiceCollection services, RouterSettings settings)
    {
        services.AddRouting();
        if (settings.CorsOrigins.Count == 0) return services;
        return services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders(ExposedHeaders)));
    }
}
