using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Authentication;

/// <summary>
/// Finds the caller from <c>Authorization: Bearer</c>, <c>x-api-key</c>, <c>api-key</c> or <c>x-goog-api-key</c>. Fails with 401 when the key is
/// missing or unknown, 403 when the key is of the wrong kind. Endpoints marked <see cref="OpenToAll"/> pass without a key.
/// </summary>
internal sealed class AuthenticationStage(RequestDelegate next, KeyRing keys)
{
    private const int MaxKeyLength = 512;
    private static readonly string[] KeyHeaders = ["x-api-key", "api-key", "x-goog-api-key"];

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        // Without an endpoint the answer is 404 or 405, which reveals nothing.
        if (endpoint is null || endpoint.Metadata.GetMetadata<OpenToAll>() is not null) return next(context);
        var caller = Identify(context.Request, endpoint.Metadata.GetMetadata<KeyInQuery>());
        if (endpoint.Metadata.GetMetadata<RequiresKey>() is { } required && required.Kind != caller.Kind) throw new RouterException(Refusal(required.Kind));
        context.Features.Set(caller);
        if (context.Features.Get<GatewayRequest>() is { } request) request.Caller = caller;
        return next(context);
    }

    private Caller Identify(HttpRequest request, KeyInQuery? place)
    {
        var inQuery = place?.TakeFrom(request);
        var key = ReadKey(request);
        if (key.Length == 0) key = inQuery;
        if (key.Length == 0) throw new RouterException(new RouterError(401, ErrorTypes.Authentication, "No API key given: send Authorization: Bearer <key>."));
        if (key.Length > MaxKeyLength) throw Unknown();
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(key.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetBytes(key, buffer);
        SHA256.HashData(buffer.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return keys.Find(hash) ?? throw Unknown();
    }

    private static RouterException Unknown() => new(new RouterError(401, ErrorTypes.Authentication, "The API key is not known to this router."));

    private static ReadOnlySpan<char> ReadKey(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        var authorization = request.Headers.Authorization.ToString().AsSpan().Trim();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        foreach (var header in KeyHeaders)
            if (request.Headers.TryGetValue(header, out var value) && value.Count > 0) return value.ToString().AsSpan().Trim();
        return [];
    }

    private static RouterError Refusal(KeyKind needed) => new(403, ErrorTypes.PermissionDenied, needed == KeyKind.Management
        ? "This operation needs a management key."
        : "A management key cannot call models; use an inference key.");
}

/// <summary>Endpoint metadata: no key needed.</summary>
internal sealed class OpenToAll
{
    public static readonly OpenToAll Instance = new();
}

/// <summary>Endpoint metadata: only keys of this kind. Without it any key is accepted.</summary>
internal sealed record RequiresKey(KeyKind Kind);
