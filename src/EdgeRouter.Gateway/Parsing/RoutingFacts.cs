using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Parsing;

/// <summary>What routing needs to know: what the body says, and what only its surroundings say. Stateless.</summary>
internal static class RoutingFacts
{
    /// <summary>Reads them.</summary>
    /// <exception cref="RouterException">400 naming the field.</exception>
    public static RequestFacts Read(HttpContext context, ICallerApi dialect, ReadOnlyMemory<byte> body, Caller caller)
    {
        var facts = dialect.Scan(body);
        facts.Account = caller.KeyHash;
        facts.SessionId ??= SessionHeader(context);
        return facts;
    }

    private static string? SessionHeader(HttpContext context)
    {
        const int Longest = 256;
        if (!context.Request.Headers.TryGetValue("x-session-id", out var values)) return null;
        var value = values.ToString();
        if (value.Length == 0) return null;
        return value.Length <= Longest ? value : throw new RouterException(RouterError.InvalidField("x-session-id", $"expected at most {Longest} characters"));
    }
}
