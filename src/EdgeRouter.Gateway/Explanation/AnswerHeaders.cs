using System.Globalization;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Explanation;

/// <summary>The headers with the provider that answered, the number of attempts, the dropped parameters, and the time that the router itself took.</summary>
internal static class AnswerHeaders
{
    public const string Provider = "X-EdgeRouter-Provider";
    public const string AttemptCount = "X-EdgeRouter-Attempts";
    public const string DroppedParameters = "X-EdgeRouter-Dropped-Parameters";
    public const string OverheadMicroseconds = "X-EdgeRouter-Overhead-Microseconds";

    /// <summary>Sets them, unless the headers were already sent (a stream that was silent at first).</summary>
    public static void Set(HttpContext context, GatewayRequest request, TimeProvider time)
    {
        if (context.Response.HasStarted) return;
        var headers = context.Response.Headers;
        var delivery = request.Delivery;
        headers[Provider] = delivery.Served.Endpoint.Tag;
        headers[AttemptCount] = request.Attempts.Count.ToString(CultureInfo.InvariantCulture);
        headers[OverheadMicroseconds] = ((long)(time.GetElapsedTime(request.ArrivedTimestamp) - request.UploadTime - delivery.UpstreamWait).TotalMicroseconds)
            .ToString(CultureInfo.InvariantCulture);
        if (delivery.Served.Dropped.Count > 0) headers[DroppedParameters] = Ascii(string.Join(", ", delivery.Served.Dropped));
    }

    /// <summary>Sets those of an error: the number of attempts, and the time that the router itself took.</summary>
    public static void SetForError(HttpContext context, GatewayRequest request, TimeProvider time)
    {
        var headers = context.Response.Headers;
        var attempts = request.Attempts.Snapshot();
        headers[AttemptCount] = attempts.Length.ToString(CultureInfo.InvariantCulture);
        var overhead = time.GetElapsedTime(request.ArrivedTimestamp) - request.UploadTime - Waited(attempts, time);
        headers[OverheadMicroseconds] = ((long)overhead.TotalMicroseconds)
            .ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>From the first request to a provider to the end of the last.</summary>
    private static TimeSpan Waited(Attempt[] attempts, TimeProvider time)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var attempt in attempts)
        {
            if (attempt is not { Sent: { } sent, Ended: { } ended }) continue;
            first = Math.Min(first, sent);
            last = Math.Max(last, ended);
        }
        return last > first ? time.GetElapsedTime(first, last) : TimeSpan.Zero;
    }

    /// <summary>Names of unknown parameters are the caller's text: characters that a header may not contain are replaced.</summary>
    private static string Ascii(string names) => string.Create(Math.Min(names.Length, 1024), names, static (span, names) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = names[i] is >= ' ' and <= '~' ? names[i] : '?';
    });
}
