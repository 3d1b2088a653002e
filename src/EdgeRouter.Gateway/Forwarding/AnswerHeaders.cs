using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>The headers that say who answered, after how many attempts, what was dropped, and what the router itself took.</summary>
internal static class AnswerHeaders
{
    public const string Provider = "X-EdgeRouter-Provider";
    public const string Attempts = "X-EdgeRouter-Attempts";
    public const string DroppedParameters = "X-EdgeRouter-Dropped-Parameters";
    public const string OverheadMicroseconds = "X-EdgeRouter-Overhead-Microseconds";

    /// <summary>Sets them, unless the headers are out already (a stream that was silent at first).</summary>
    public static void Set(HttpContext context, GatewayRequest request, TimeProvider time)
    {
        if (context.Response.HasStarted) return;
        var headers = context.Response.Headers;
        headers[Provider] = request.Served!.Endpoint.Tag;
        headers[Attempts] = request.Attempts.Count.ToString(CultureInfo.InvariantCulture);
        headers[OverheadMicroseconds] = ((long)(time.GetElapsedTime(request.ArrivedTimestamp) - request.UpstreamWait).TotalMicroseconds)
            .ToString(CultureInfo.InvariantCulture);
        if (request.DroppedParameters.Count > 0) headers[DroppedParameters] = Ascii(string.Join(", ", request.DroppedParameters));
    }

    /// <summary>Sets those that an error has too: how many attempts were made, and what the router itself took.</summary>
    public static void SetForError(HttpContext context, GatewayRequest request, TimeProvider time)
    {
        var headers = context.Response.Headers;
        var attempts = request.Attempts.Snapshot();
        headers[Attempts] = attempts.Length.ToString(CultureInfo.InvariantCulture);
        headers[OverheadMicroseconds] = ((long)(time.GetElapsedTime(request.ArrivedTimestamp) - Waited(attempts, time)).TotalMicroseconds)
            .ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>From the first request to a provider to the end of the last.</summary>
    private static TimeSpan Waited(AttemptEntry[] attempts, TimeProvider time)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var attempt in attempts)
        {
            if (attempt is not { SentTimestamp: { } sent, Ended: { } ended }) continue;
            first = Math.Min(first, sent);
            last = Math.Max(last, ended);
        }
        return last > first ? time.GetElapsedTime(first, last) : TimeSpan.Zero;
    }

    /// <summary>Names of unknown parameters are the caller's text: what a header may not hold is replaced.</summary>
    private static string Ascii(string names) => string.Create(Math.Min(names.Length, 1024), names, static (span, names) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = names[i] is >= ' ' and <= '~' ? names[i] : '?';
    });
}
