using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Media;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// Asks a provider how many tokens a request has. That costs nothing, so that no money is set aside; it teaches nothing about the endpoint's health.
/// Thread-safe.
/// </summary>
internal sealed class ProviderTokenCount(ProviderWires wires, UpstreamClient client, MediaInliner media, RouterSettings settings, TimeProvider time)
{
    /// <summary>The tokens; null: the provider has no counting route, or it did not tell them in time.</summary>
    /// <param name="request">The request.</param>
    /// <param name="endpoint">Where it would go.</param>
    /// <param name="account">The caller's account.</param>
    /// <param name="callerGone">The caller disconnected.</param>
    /// <exception cref="RouterException">400: the request cannot be expressed in the wire's format.</exception>
    public async Task<long?> AskAsync(CallerRequest request, Endpoint endpoint, string account, CancellationToken callerGone)
    {
        if (wires.Get(endpoint.Provider.Wire) is not ITokenCountWire wire) return null;
        using var deadline = new CancellationTokenSource(settings.Limits.FirstToken, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, callerGone);
        try
        {
            return await AskAsync(request, wire, endpoint, media.ForRequest(account, callerGone), either.Token);
        }
        catch (OperationCanceledException) when (!callerGone.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<long?> AskAsync(CallerRequest request, ITokenCountWire wire, Endpoint endpoint, IMediaInliner inliner,
        CancellationToken cancellationToken)
    {
        var exchange = request.CreateExchange(wire, endpoint);
        using var question = new PooledBuffer();
        using (var body = new PooledBuffer())
        {
            await exchange.WriteRequestAsync(body, new List<string>(), inliner, cancellationToken);
            wire.WriteCountRequest(body.Written, endpoint.UpstreamModel, question);
        }
        var path = wire.GetCountPath(endpoint.UpstreamModel);
        var call = new UpstreamCall(path, exchange.Transport, question.Written, Stream: false) { Headers = exchange.Headers };
        var sent = await client.SendAsync(endpoint, call, cancellationToken);
        if (!sent.TryGet(out var answer, out _)) return null;
        await using var connection = answer;
        if (!(await answer.ReadBodyAsync(cancellationToken)).TryGet(out var told, out _)) return null;
        using (told) return wire.ReadCount(told.Memory);
    }
}
