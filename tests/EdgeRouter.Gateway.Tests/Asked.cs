using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Tests;

/// <summary>A request of which only the facts matter.</summary>
internal sealed class Asked(RequestFacts facts) : CallerRequest(facts, bodyBytes: 100)
{
    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint) => throw new NotSupportedException();

    /// <summary>The feature of such a request, as Parsing leaves it.</summary>
    public static GatewayRequest For(RequestFacts facts)
    {
        var request = new GatewayRequest(new OpenAIChatCallerApi(), "gen-1", default, 0);
        request.Parsed(new Asked(facts), null!);
        return request;
    }
}
