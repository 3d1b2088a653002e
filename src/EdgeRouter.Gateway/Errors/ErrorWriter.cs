using System.Globalization;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Errors;

/// <summary>Writes an error as a whole answer of the caller's API, before anything else was sent. Thread-safe.</summary>
internal sealed class ErrorWriter(CallerApis apis, RouterMetadata metadata, TimeProvider time)
{
    /// <summary>Writes and sends it.</summary>
    public async Task WriteAsync(HttpContext context, RouterError error)
    {
        var request = context.Features.Get<GatewayRequest>();
        if (request is not null) AnswerHeaders.SetForError(context, request, time);
        context.Response.StatusCode = error.Status;
        var api = request?.Api ?? context.Features.Get<ICallerApi>() ?? apis.Default;
        context.Response.ContentType = api.ErrorMediaType;
        if (error.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(context.Request.Method)) return;
        var output = context.Response.BodyWriter;
        api.WriteError(error, request is { WantsMetadata: true } ? metadata.Of(request, error) : null, output);
        // With a length the caller has the whole error before the request ends, which may wait for its record.
        if (output.CanGetUnflushedBytes) context.Response.ContentLength = output.UnflushedBytes;
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
