using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>One request that is being written: the request, its target, and what has been dropped so far.</summary>
internal sealed class AnthropicRequestScope(ChatRequest request, WireTarget target, ICollection<string> dropped)
{
    public ChatRequest Request => request;

    public WireTarget Target => target;

    /// <summary>Names of what is not sent.</summary>
    public ICollection<string> Dropped => dropped;

    /// <summary>Notes something that is not sent, once.</summary>
    public void Drop(RequestPlace place) => target.Drop(place, dropped);

    /// <summary>Whether the endpoint takes the parameter; if not, it is noted as dropped.</summary>
    public bool Takes(RequestParameters parameter) => Takes(parameter, parameter);

    /// <summary>Whether the endpoint takes the parameter; if not, <paramref name="place"/> is noted as dropped.</summary>
    public bool Takes(RequestParameters parameter, RequestPlace place)
    {
        if (target.Accepts(parameter)) return true;
        Drop(place);
        return false;
    }

    /// <summary>The service tier to send; null: none.</summary>
    public string? TierToSend() => target.TierFor(request.ServiceTier, dropped);

    /// <summary>A 400 about something that cannot be expressed.</summary>
    public RouterException Refuse(RequestPlace place, string expected) => target.Refuse(request, place, expected);

    /// <summary>The caching marker, unless the endpoint refuses markers.</summary>
    public CacheControl? Marker(CacheControl? marker) =>
        marker is not null && Takes(RequestParameters.CacheControl) ? marker : null;
}
