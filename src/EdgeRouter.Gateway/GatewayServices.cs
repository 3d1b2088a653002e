using EdgeRouter.Core;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Identity;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Core.Routing.Orderings;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Accounting;
using EdgeRouter.Gateway.Arrival;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Budgets;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Gateway.Errors;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Gateway.Selection;
using EdgeRouter.Gateway.Streaming;
using EdgeRouter.Gateway.TokenCounting;
using EdgeRouter.Upstreams.Auth;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Media;
using EdgeRouter.Upstreams.Providers;
using EdgeRouter.Upstreams.Scripted;
using EdgeRouter.Upstreams.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeRouter.Gateway;

/// <summary>
/// The gateway's services. A host adds them together with its <see cref="ITableStore"/>, <see cref="IUsageQueue"/> and <see cref="KeyRing"/>.
/// </summary>
public static class GatewayServices
{
    private static readonly string[] ExposedHeaders =
        [ArrivalStage.GenerationIdHeader, "Retry-After", AnswerHeaders.Provider, AnswerHeaders.AttemptCount, AnswerHeaders.DroppedParameters,
            AnswerHeaders.OverheadMicroseconds, TokenCountRoutes.SourceHeader];

    /// <summary>
    /// Adds everything that <see cref="GatewayPipeline.Build"/> needs. Wires, caller APIs, authentication schemes and orderings may be added before or after.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="scriptedByDefault">Whether the scripted provider serves when no setting decides it.</param>
    /// <param name="environmentVariable">Looks up the providers' customary variables.</param>
    /// <param name="files">The operator's catalog files. The container disposes them.</param>
    /// <param name="tokens">Issues the tokens of the host's identity, for providers that want them.</param>
    public static IServiceCollection AddEdgeRouter(this IServiceCollection services, RouterSettings settings, bool scriptedByDefault,
        Func<string, string?> environmentVariable, CatalogFileSet files, ITokenSource tokens) => services
            .AddRouterCore(settings)
            .AddCallerApis()
            .AddProviderWires()
            .AddUpstreamAuthSchemes(settings.Upstreams, tokens)
            .AddCatalog(settings, scriptedByDefault, environmentVariable, files)
            .AddEndpointOrderings()
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

    /// <summary>Models and endpoints. <see cref="GatewayPipeline.Build"/> loads them, so that their faults are reported at start.</summary>
    private static IServiceCollection AddCatalog(this IServiceCollection services, RouterSettings settings, bool scriptedByDefault,
        Func<string, string?> environmentVariable, CatalogFileSet files)
    {
        // By a factory: the container disposes it.
        services.AddSingleton(_ => files);
        services.AddSingleton(provider => new ReloadableCatalog(new ConfiguredCatalog(settings, provider.GetRequiredService<CatalogFileSet>(),
            provider.GetRequiredService<ProviderWires>(), provider.GetRequiredService<UpstreamAuthSchemes>(), scriptedByDefault, environmentVariable)));
        services.AddSingleton<ICatalog>(provider => provider.GetRequiredService<ReloadableCatalog>());
        services.AddHostedService<CatalogReloading>();
        return services;
    }

    /// <summary>How endpoints can be ordered: one line each, by the name of <c>provider.sort</c>.</summary>
    internal static IServiceCollection AddEndpointOrderings(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEndpointOrdering, DefaultOrdering>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEndpointOrdering, PriceOrdering>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEndpointOrdering, ThroughputOrdering>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEndpointOrdering, LatencyOrdering>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEndpointOrdering, ExactoOrdering>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEndpointOrdering, ValueOrdering>());
        services.TryAddSingleton<EndpointOrderings>();
        return services;
    }

    /// <summary>How the router authenticates to providers: one line each.</summary>
    internal static IServiceCollection AddUpstreamAuthSchemes(this IServiceCollection services, UpstreamOptions options, ITokenSource tokens)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamAuth, BearerAuth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamAuth, XApiKeyAuth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamAuth, ApiKeyAuth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamAuth, XGoogApiKeyAuth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamAuth>(new SigV4Auth(TimeProvider.System)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamAuth>(new GoogleAuth(options.TokenTimeout, TimeProvider.System)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamAuth>(new EntraAuth(tokens, options.TokenTimeout, TimeProvider.System)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamAuth, NoAuth>());
        services.TryAddSingleton<UpstreamAuthSchemes>();
        return services;
    }

    /// <summary>Health, and the planner with its policy.</summary>
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
                ProvidersElsewhere = new ProviderNames(),
                CarriedByWire = wires.Carried,
                OperationsByWire = wires.PathsFor(provider.GetRequiredService<CallerApis>().All.Select(api => api.Operation)),
            };
        });
        services.AddSingleton<HealthRegistry>();
        services.AddSingleton<PromptAffinity>();
        services.AddSingleton<IStatisticsFaults, StatisticsFaultLog>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<RouteSelection>();
        services.AddSingleton<TokenCounter>();
        services.AddSingleton<ProviderTokenCount>();
        services.AddSingleton<TokenCounts>();
        services.AddHostedService<HealthSharing>();
        return services;
    }

    /// <summary>Holds and leases.</summary>
    private static IServiceCollection AddBudgets(this IServiceCollection services, RouterSettings settings)
    {
        services.AddSingleton(settings.Budgets.Options);
        services.AddSingleton<ILedgerFaults, LedgerFaultLog>();
        services.AddSingleton<BudgetHolds>();
        services.AddSingleton<Spending>();
        services.AddSingleton<CreditAdjustments>();
        services.AddSingleton<BudgetSweep>();
        services.AddSingleton<AttemptCover>();
        services.AddHostedService<LeaseRenewal>();
        return services;
    }

    /// <summary>Pricing, records and the explanation of a route.</summary>
    private static IServiceCollection AddMetering(this IServiceCollection services)
    {
        services.AddSingleton<RouterMetadata>();
        services.AddSingleton<OutputEstimate>();
        services.AddSingleton<DisputedUsage>();
        services.AddSingleton<AnswerPricer>();
        services.AddSingleton<AttemptCharges>();
        services.AddSingleton<GenerationRecorder>();
        services.AddSingleton<AccountingState>();
        services.AddHostedService<AccountingWatch>();
        return services;
    }

    /// <summary>Connections to providers.</summary>
    private static IServiceCollection AddProviders(this IServiceCollection services, RouterSettings settings)
    {
        services.AddSingleton(settings.Upstreams);
        services.AddSingleton<UpstreamClient>();
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
        services.AddSingleton<ReadingOn>();
        services.AddHostedService(static provider => provider.GetRequiredService<ReadingOn>());
        services.AddSingleton<PlatformLimit>();
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
        services.AddSingleton<ErrorWriter>();
        if (settings.CorsOrigins.Count == 0) return services;
        return services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders(ExposedHeaders)));
    }
}
