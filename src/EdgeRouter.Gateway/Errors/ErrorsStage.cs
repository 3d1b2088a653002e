using System.Globalization;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Errors;

/// <summary>
/// Outermost stage: turns whatever escapes into an error of the caller's API. Before bytes were sent: an error body with its status. After: an in-band
/// error event without the stream's terminator, or for an answer that is no stream the connection is aborted, so that a broken answer never looks
/// complete.
/// </summary>
internal sealed class ErrorsStage(RequestDelegate next, CallerApis apis, RouterMetadata metadata, TimeProvider time, ILogger<ErrorsStage> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.GetEndpoint() is null) await WriteAsync(context, NoSuchRoute(context));
            else if (!context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
                await WriteAsync(context, WrongMethod(context));
        }
        catch (OperationCanceledException fault) when (fault is CallerLeftException || context.RequestAborted.IsCancellationRequested)
        {
            // The caller disconnected: nobody reads an error.
            GatewayLog.CallerGone(log, context.Request.Method);
        }
        catch (Exception exception)
        {
            var error = ErrorMapper.ToRouterError(exception);
            if (error.Status >= 500 && exception is not RouterException) GatewayLog.Unhandled(log, exception);
            if (context.Response.HasStarted) await BreakAsync(context, error);
            else await WriteAsync(context, error);
        }
    }

    private async Task WriteAsync(HttpContext context, RouterError error)
    {
        var request = context.Features.Get<GatewayRequest>();
        if (request is not null) AnswerHeaders.SetForError(context, request, time);
        if (request is { WantsMetadata: true }) error = error with { RouterMetadata = metadata.Of(request, error) };
        context.Response.StatusCode = error.Status;
        context.Response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(context.Request.Method)) return;
        var output = context.Response.BodyWriter;
        (request?.Api ?? apis.Default).WriteError(error, output);
        // With a length the caller has the whole error before the request ends, which may wait for its record.
        if (output.CanGetUnflushedBytes) context.Response.ContentLength = output.UnflushedBytes;
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task BreakAsync(HttpContext context, RouterError error)
    {
        if (context.Features.Get<GatewayRequest>() is not { IsParsed: true, Facts.Stream: true } request)
        {
            context.Abort();
            return;
        }
        var header = new AnswerHeader(request.GenerationId, request.ArrivedAt.ToUnixTimeSeconds(), request.Facts.Model ?? "", "", ExcludeReasoning: true);
        request.Api.WriteStreamError(error, header, UsageReport.Unknown with { RouterMetadata = metadata.Of(request, error) }, context.Response.BodyWriter);
        // No abort here: a reset of the connection overtakes the event, and the caller would never learn what went wrong.
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static RouterError NoSuchRoute(HttpContext context) =>
        new(404, ErrorTypes.NotFound, $"No route for {context.Request.Method} at this path; routes are under /api/v1 and /v1.");

    private static RouterError WrongMethod(HttpContext context) =>
        new(405, ErrorTypes.InvalidRequest, $"The method {context.Request.Method} is not allowed here; allowed: {context.Response.Headers.Allow}.");
}
