using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Parsing;

/// <summary>Reads a request in its caller API, and adds the facts from its headers and its caller. Stateless.</summary>
internal static class RequestReader
{
    private const int MaxSessionIdLength = 256;

    /// <summary>Reads it.</summary>
    /// <exception cref="RouterException">400 naming the member.</exception>
    public static CallerRequest Read(HttpContext context, ICallerApi api, ReadOnlyMemory<byte> body, Caller caller) =>
        Complete(context, api, api.Read(new RequestHead(context), body), caller);

    /// <summary>Adds the facts to a request that the API has read by another of its routes.</summary>
    /// <exception cref="RouterException">400 naming the member.</exception>
    public static CallerRequest Complete(HttpContext context, ICallerApi api, CallerRequest request, Caller caller)
    {
        if (context.Request.Headers.TryGetValue(RouterOptions.Header, out var options)) RouterOptions.Apply(options.ToString(), request.Facts);
        // Only such a stream has a place for what was sent to a provider.
        request.Facts.EchoesUpstreamBody &= api.StreamsCarryErrors;
        request.Facts.Operation = api.Operation;
        request.Facts.Account = caller.Id;
        request.Facts.SessionId ??= SessionHeader(context);
        return request;
    }

    private static string? SessionHeader(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue("x-session-id", out var values)) return null;
        var value = values.ToString();
        if (value.Length == 0) return null;
        return value.Length <= MaxSessionIdLength
            ? value : throw new RouterException(RouterError.InvalidField("x-session-id", $"expected at most {MaxSessionIdLength} characters"));
    }
}
