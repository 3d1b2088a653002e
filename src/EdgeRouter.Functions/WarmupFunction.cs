using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Runs when an instance is added, before it gets requests: opens the connections that the first request would otherwise wait for. One instance per
/// invocation.
/// </summary>
/// <param name="catalog">The providers.</param>
/// <param name="upstreams">Holds the connections to them.</param>
/// <param name="queue">Holds the connection to Service Bus.</param>
/// <param name="log">Log.</param>
public sealed class WarmupFunction(ICatalog catalog, UpstreamClient upstreams, ServiceBusUsageQueue queue, ILogger<WarmupFunction> log)
{
    /// <summary>Opens them all at once. A connection that cannot be opened is logged; requests try again.</summary>
    /// <param name="warmupContext">Not used; the attribute needs a parameter.</param>
    /// <param name="cancellationToken">The instance stops.</param>
    [Function("warmup")]
    public Task RunAsync([WarmupTrigger] object warmupContext, CancellationToken cancellationToken) => Task.WhenAll(
    [
        OpenQueueAsync(cancellationToken),
        .. catalog.Current.Providers.Where(static provider => provider.BaseUrl is not null).Select(provider => OpenAsync(provider, cancellationToken)),
    ]);

    private async Task OpenAsync(Provider provider, CancellationToken cancellationToken)
    {
        if (!await upstreams.TryOpenAsync(provider, cancellationToken)) FunctionsLog.NotWarm(log, provider.Slug, null);
    }

    private async Task OpenQueueAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queue.OpenAsync(cancellationToken);
        }
        catch (Exception error)
        {
            FunctionsLog.NotWarm(log, "Service Bus", error);
        }
    }
}
