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
        if (!request.Api.Reads(context.Request.ContentType))
            throw new RouterException(RouterError.InvalidField("Content-Type", $"expected {request.Api.RequestMediaType}"));
        var started = time.GetTimestamp();
        using var body = await RequestBody.ReadAsync(context.Request, load, settings.Limits, time);
        request.UploadTime = time.GetElapsedTime(started);
        var content = RequestReader.Read(context, request.Api, body.Memory, request.Caller);
        content.Signatures = signatures;
        request.Parsed(content, body);
        await next(context);
    }
}
