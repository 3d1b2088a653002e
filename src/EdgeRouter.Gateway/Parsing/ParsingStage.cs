using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Parsing;

/// <summary>
/// Reads the body and finds the request's facts in one validating pass. Fails with 400 naming the member or position, 408 when the body
/// does not arrive in time, 413 when it is too large.
/// </summary>
internal sealed class ParsingStage(RequestDelegate next, InstanceLoad load, SignatureMemory signatures, RouterSettings settings, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = GatewayRequest.Of(context);
        if (!IsJson(context.Request.ContentType))
            throw new RouterException(new RouterError(400, ErrorTypes.InvalidRequest, "Content-Type: expected application/json") { Field = "Content-Type" });
        var started = time.GetTimestamp();
        using var body = await RequestBody.ReadAsync(context.Request, load, settings.Limits, time);
        request.UploadTime = time.GetElapsedTime(started);
        var content = RequestReader.Read(context, request.Api, body.Memory, request.Caller);
        content.Signatures = signatures;
        request.Parsed(content, body);
        await next(context);
    }

    /// <summary>A missing type counts as JSON: several clients send none.</summary>
    private static bool IsJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return true;
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        if (end >= 0) type = type[..end];
        type = type.Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }
}
