using System.Globalization;
using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Errors;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// Platforms in front of the router end a request that sends nothing for some minutes, and the caller then learns nothing at all. Shortly before, a caller
/// who waits for an answer that is not streamed gets 504 with the id of the generation; the record states what became of it. The answer is not kept.
/// Thread-safe.
/// </summary>
internal sealed class PlatformLimit(RouterSettings settings, ErrorWriter errors, TimeProvider time)
{
    /// <summary>Whether the platform bounds the request: it has a limit, and the answer is not streamed.</summary>
    public bool Applies(GatewayRequest request) => settings.Limits.Platform > TimeSpan.Zero && !request.Facts.Stream;

    /// <summary>
    /// Waits for the end of <paramref name="attempts"/>. When the limit comes first the caller gets an error
    /// (<see cref="GatewayRequest.ErrorSentEarly"/>), and the attempts end, or are read on.
    /// </summary>
    /// <param name="context">The caller's context.</param>
    /// <param name="request">The request.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="waiting">Cancelled here when the caller does not wait any more.</param>
    /// <param name="attempts">What is waited for.</param>
    public async Task<Attempt> WaitAsync(HttpContext context, GatewayRequest request, RequestClock clock, CancellationTokenSource waiting,
        Task<Attempt> attempts)
    {
        var left = settings.Limits.Platform!.Value - time.GetElapsedTime(request.ArrivedTimestamp);
        try
        {
            return await attempts.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        }
        catch (TimeoutException) when (!attempts.IsFaulted)
        {
            // They may have ended at this very moment.
            if (attempts.IsCompleted) return await attempts;
        }
        if (context.RequestAborted.IsCancellationRequested) return await attempts;
        request.ErrorSentEarly = Error(request);
        clock.Expire();
        await waiting.CancelAsync();
        try
        {
            await SendAsync(context, request.ErrorSentEarly);
        }
        catch
        {
            // The attempts must not outlive the request.
            await Attempt.ReleaseAsync(attempts);
            throw;
        }
        return await attempts;
    }

    private async Task SendAsync(HttpContext context, RouterError error)
    {
        try
        {
            // The connection is in use for as long as the answer is read on: no other request may wait for that.
            if (HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            await errors.WriteAsync(context, error);
            await context.Response.CompleteAsync();
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The caller left at this moment. The record has the error that they would have got.
        }
    }

    private RouterError Error(GatewayRequest request) => new(504, ErrorTypes.Timeout, string.Create(CultureInfo.InvariantCulture,
        $"The answer is not complete after {settings.Limits.Platform!.Value.TotalSeconds:0.###} seconds, and this host sends nothing later than that. ")
        + "Set \"stream\": true: a stream may take longer. The answer is not kept; what it used and cost will be in the record of "
        + $"{request.GenerationId} (GET /api/v1/generation?id={request.GenerationId}).");
}
