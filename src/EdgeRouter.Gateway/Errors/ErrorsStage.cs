using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Errors;

/// <summary>
/// Outermost stage: turns whatever escapes into an error of the caller's API. Before bytes were sent: an error body with its status. After: an in-band
/// error event without the stream's terminator; where the answer is no stream, or its streams carry no errors, the connection is aborted, so that a broken
/// answer never looks complete.
/// </summary>
internal sealed class ErrorsStage(RequestDelegate next, ErrorWriter writer, RouterMetadata metadata, ILogger<ErrorsStage> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.GetEndpoint() is null) await writer.WriteAsync(context, NoSuchRoute(context));
            else if (!context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
                await writer.WriteAsync(context, WrongMethod(context));
        }
        catch (OperationCanceledException fault) when (fault is CallerDisconnectedException || context.RequestAborted.IsCancellationRequested)
        {
            // The caller disconnected: an error would not be read.
            GatewayLog.CallerGone(log, context.Request.Method);
            if (context.Features.Get<RecordAcceptance>() is { } acceptance) acceptance.CallerDisconnected = true;
        }
        catch (Exception exception)
        {
            var error = ErrorMapper.ToRouterError(exception);
            if (error.Status >= 500 && exception is not RouterException) GatewayLog.Unhandled(log, exception);
            if (context.Response.HasStarted) await BreakAsync(context, error);
            else await writer.WriteAsync(context, error);
        }
    }

    private async Task BreakAsync(HttpContext context, RouterError error)
    {
        if (context.Features.Get<GatewayRequest>() is not { IsParsed: true, Facts.Stream: true, Api.StreamsCarryErrors: true } request)
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
        new(404, ErrorTypes.NotFound, $"No route for {context.Request.Method} at this path; routes are under /api/v1 and /v1, and Gemini's under /v1beta.");

    private static RouterError WrongMethod(HttpContext context) =>
        new(405, ErrorTypes.InvalidRequest, $"The method {context.Request.Method} is not allowed here; allowed: {context.Response.Headers.Allow}.");
}
