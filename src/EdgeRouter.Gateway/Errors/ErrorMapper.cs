using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Errors;

/// <summary>The only place where exceptions become errors for callers. Messages of unexpected exceptions are not sent.</summary>
internal static class ErrorMapper
{
    public static RouterError ToRouterError(Exception exception) => exception switch
    {
        RouterException router => router.Error,
        BadHttpRequestException { StatusCode: 413 } => new RouterError(413, ErrorTypes.PayloadTooLarge, "The body is larger than the server accepts."),
        BadHttpRequestException bad => new RouterError(bad.StatusCode, ErrorTypes.InvalidRequest, "The HTTP request is malformed."),
        StorageUnavailableException =>
            new RouterError(503, ErrorTypes.ProviderOverloaded, "The router's store cannot be reached.") { RetryAfter = TimeSpan.FromSeconds(5) },
        _ => new RouterError(500, ErrorTypes.Server, "Internal error."),
    };
}
