using EdgeRouter.Core;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects;
using EdgeRouter.Dialects.AnthropicMessages;
using EdgeRouter.Dialects.Gemini;
using EdgeRouter.Dialects.OpenAIChat;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Budgets;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Forwarding.Resuming;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Selection;
using EdgeRouter.Gateway.Streaming;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Media;
using EdgeRouter.Upstreams.Providers;
using EdgeRouter.Upstreams.Scripted;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway;

/// <summary>
/// The gateway's parts. A host adds them, and beside them its <see cref="ITableStore"/>, <see cref="IUsageQueue"/> and <see cref="KeyRing"/>.
/// </summary>
public static class GatewayServices
{
    /// <summary>Adds everything that <see cref="GatewayPipeline.Build"/> needs.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="scriptedByDefault">Whether the scripted provider serves when the settings do not say.</param>
    /// <param name="environmentVariable">Looks up the providers' customary variables.</param>
    /// <exception cref="CatalogException">The catalog cannot be loaded; lists every fault.</exception>
    public static IServiceCollection AddEdgeRouter(this IServiceCollection services, RouterSettings settings, bool scriptedByDefault,
        Func<string, string?> environmentVariable)
    {
        var openAIChat = new OpenAIChatDialect();
        var dialects = new ProviderWires(openAIChat, new AnthropicMessagesDialect(), new GeminiDialect());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Random>(ThreadSafeRandom.Instance);
        services.AddSingleton(settings);
        services.AddSingleton(openAIChat);
        services.AddSingleton(dialects);
        services.AddSingleton(CatalogFactory.Create(settings, dialects, scriptedByDefault, environmentVariable));
        services.AddSingleton<ICatalog>(provider => provider.GetRequiredService<ReloadableCatalog>());
        services.AddHostedService<CatalogReloading>();
        AddRouting(services, settings, dialects);
        AddBudgets(services, settings);
        AddForwarding(services, settings);
        services.AddSingleton<RouterMetadata>();
        services.AddSingleton<UsageSettler>();
        services.AddSingleton<GenerationRecorder>();
        services.AddRouting();
        if (settings.CorsOrigins.Count > 0)
            services.AddCors(cors =>
                cors.AddDefaultPolicy(policy => policy.WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().AllowAnyMethod()
                .WithExposedHeaders(ExposedHeaders)));
        return services;
    }

    private static readonly string[] ExposedHeaders =
        [ArrivalStage.GenerationIdHeader, "Retry-After", AnswerHeaders.Provider, AnswerHeaders.Attempts, AnswerHeaders.DroppedParameters,
            AnswerHeaders.OverheadMicroseconds];

    private static void AddRouting(IServiceCollection services, RouterSettings settings, ProviderWires dialects)
    {
        var policy = new RoutingPolicy
        {
            DefaultModel = settings.Routing.DefaultModel,
            CeilingPrice = settings.Routing.CeilingPrice,
            DataRegions = settings.Routing.DataRegions,
            IsProviderElsewhere = new ProviderNames().Contains,
            CarriedByDialect = dialects.Carried
        };
        services.AddSingleton<Func<RoutingPolicy>>(() => policy);
        // A new ordering is a file and one AddSingleton<IEndpointOrdering, ...>.
        services.AddSingleton(provider => new EndpointOrderings(provider.GetServices<IEndpointOrdering>()));
        services.AddSingleton<HealthRegistry>();
        services.AddSingleton<PromptAffinity>();
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<RoutePlanner>>();
            return new RoutePlanner(
                provider.GetRequiredService<EndpointOrderings>(), provider.GetRequiredService<Func<RoutingPolicy>>(),
                    provider.GetRequiredService<HealthRegistry>(),
                provider.GetRequiredService<PromptAffinity>(), fault => GatewayLog.HealthIgnored(log, fault));
        });
        services.AddHostedService<HealthSharing>();
    }

    private static void AddBudgets(IServiceCollection services, RouterSettings settings)
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
    }

    private static void AddForwarding(IServiceCollection services, RouterSettings settings)
    {
        var options = new UpstreamOptions
        {
            ConnectTimeout = settings.Upstreams.Connect,
            StreamHeadersTimeout = settings.Upstreams.Headers,
            WholeAnswerTimeout = settings.Upstreams.WholeAnswer,
            MaxResponseBytes = settings.Upstreams.MaxResponseBytes,
            MaxConnectionsPerServer = settings.Upstreams.MaxConnectionsPerServer,
            AllowPlainHttp = settings.Upstreams.AllowPlainHttp,
            AllowPrivateFetch = settings.Upstreams.AllowPrivateFetch,
        };
        services.AddSingleton(provider =>
            new UpstreamClient(provider.GetRequiredService<ProviderWires>().All, options, provider.GetRequiredService<TimeProvider>(),
                provider.GetServices<InProcessHandler>()));
        services.AddSingleton(options);
        services.AddSingleton<MediaFetcher>();
        services.AddSingleton<MediaInliner>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<InProcessHandler, ScriptedHandler>());
        services.AddSingleton<IAttemptRunner, HttpAttemptRunner>();
        services.AddSingleton(settings.Hedging);
        services.AddSingleton<Hedging>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<StreamResume>();
        services.AddSingleton<StreamOpening>();
        services.AddSingleton<StreamKeepAlive>();
        services.AddSingleton<StreamRelay>();
    }
}
