using EdgeRouter.Dialects.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeRouter.Gateway.Requests;

/// <summary>What a caller API may read of a request beside its body.</summary>
internal sealed class RequestHead(HttpContext context) : IRequestHead
{
    public string? Header(string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    public string? RouteValue(string name) => context.GetRouteValue(name)?.ToString();

    public string? Query(string name) => context.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;
}
