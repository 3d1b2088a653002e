using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>
/// Finds how long a provider asks to wait. In order of precedence: <c>retry-after-ms</c>, <c>Retry-After</c>, Gemini's RetryInfo in the body of a 429
/// or 503, the reset times of exhausted rate-limit windows. Never from the words of a message, which may quote the caller. Thread-safe.
/// </summary>
public static class RetryAfterReader
{
    /// <summary>Longest wait; longer ones are reduced to it.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    // Senders of these headers: OpenAI, Groq, Mistral, Fireworks (-requests, -tokens), Anthropic, GitHub, OpenRouter, Together (plain).
    private static readonly (string Remaining, string Reset)[] Windows =
    [
        ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
        ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
        ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
        ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
        ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ];

    /// <summary>Reads the wait; null: not given.</summary>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="status">HTTP status. A body is read only with 429 and 503, and only Gemini's documented <c>RetryInfo</c>.</param>
    /// <param name="body">The error body, or its start.</param>
    /// <param name="now">The current time, for dates.</param>
    public static TimeSpan? Read(HttpResponseHeaders headers, int status, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        FromRetryAfterMs(headers) ?? FromRetryAfter(headers, now) ?? (status is 429 or 503 ? FromRetryInfo(body) : null) ?? FromWindows(headers, now);

    private static TimeSpan? FromRetryAfterMs(HttpResponseHeaders headers) =>
        Header(headers, "retry-after-ms") is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms)
            ? Bound(ms / 1000) : null;

    private static TimeSpan? FromRetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Header(headers, "Retry-After") is not { } text) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)) return Bound(seconds);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) return Bound(date - now);
        return ProviderDuration.ReadStart(text) is { } duration ? Bound(duration) : null;
    }

    // {"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}
    private static TimeSpan? FromRetryInfo(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\"retryDelay\""u8) < 0) return null;
        var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
        var details = -1;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == details) details = -1;
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                if (details < 0 && reader.ValueTextEquals("details"u8)) details = reader.CurrentDepth;
                else if (details >= 0 && reader.CurrentDepth == details + 2 && reader.ValueTextEquals("retryDelay"u8))
                    return reader.Read() && reader.TokenType == JsonTokenType.String && ProviderDuration.ReadStart(reader.GetString()) is { } wait
                        ? Bound(wait) : null;
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // an error body that is not JSON, or where text is half of a surrogate pair, gives no hint
        }
        return null;
    }

    private static TimeSpan? FromWindows(HttpResponseHeaders headers, DateTimeOffset now)
    {
        TimeSpan? longest = null;
        foreach (var (remaining, reset) in Windows)
        {
            // A rate-limit window that is not exhausted did not cause the refusal.
            if (Header(headers, remaining) is { } left && left != "0") continue;
            if (Header(headers, reset) is not { } text || ReadReset(text, now) is not { } wait) continue;
            if (longest is null || wait > longest) longest = wait;
        }
        return longest;
    }

    private static TimeSpan? ReadReset(string text, DateTimeOffset now)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number switch
            {
                >= 1e11 => Bound(number / 1000 - now.ToUnixTimeMilliseconds() / 1000.0), // epoch in milliseconds (OpenRouter)
                >= 1e8 => Bound(number - now.ToUnixTimeMilliseconds() / 1000.0), // epoch in seconds (GitHub)
                _ => Bound(number),
            };
        }
        if (ProviderDuration.ReadStart(text) is { } duration) return Bound(duration);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? Bound(date - now) : null;
    }

    private static string? Header(HttpResponseHeaders headers, string name)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values)) return null;
        foreach (var value in values) return value.Trim();
        return null;
    }

    private static TimeSpan Bound(TimeSpan wait) => Bound(wait.TotalSeconds);

    private static TimeSpan Bound(double seconds) => double.IsNaN(seconds) ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MaxWait.TotalSeconds));
}
