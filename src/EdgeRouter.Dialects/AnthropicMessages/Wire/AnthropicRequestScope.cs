using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>One request on its way out: what is asked, of whom, and what has been lost so far.</summary>
internal sealed class AnthropicRequestScope(ChatRequest request, WireTarget target, ICollection<string> dropped)
{
    public ChatRequest Request => request;

    public WireTarget Target => target;

    /// <summary>Names a loss, once.</summary>
    public void Drop(string name)
    {
        if (!dropped.Contains(name)) dropped.Add(name);
    }

    /// <summary>Whether the endpoint takes the parameter; when it does not, the loss is named.</summary>
    public bool Takes(RequestParameters parameter, string name)
    {
        if (target.Accepts(parameter)) return true;
        Drop(name);
        return false;
    }

    /// <summary>The caching marker, unless the endpoint refuses markers.</summary>
    public CacheControl? Marker(CacheControl? marker) =>
        marker is not null && Takes(RequestParameters.CacheControl, "cache_control") ? marker : null;
}
