using System.Globalization;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>Durations as providers write them: <c>34s</c>, <c>6m0s</c>, <c>1h2m3.5s</c>, <c>20ms</c>, <c>2 seconds</c>, <c>1 minute</c>.</summary>
internal static class ProviderDuration
{
    /// <summary>Reads the duration at the start of a text; null: there is none. Every number needs its unit.</summary>
    public static TimeSpan? ReadStart(ReadOnlySpan<char> text)
    {
        var seconds = 0.0;
        var found = false;
        while (ReadPart(ref text) is { } part)
        {
            seconds += part;
            found = true;
        }
        return found ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(365).TotalSeconds)) : null;
    }

    private static double? ReadPart(ref ReadOnlySpan<char> text)
    {
        var rest = text.TrimStart(' ');
        var digits = 0;
        while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.')) digits++;
        if (digits == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        rest = rest[digits..].TrimStart(' ');
        var letters = 0;
        while (letters < rest.Length && char.IsAsciiLetter(rest[letters])) letters++;
        double? unit = rest[..letters] switch
        {
            "ms" or "milliseconds" => 0.001,
            "s" or "sec" or "secs" or "second" or "seconds" => 1,
            "m" or "min" or "mins" or "minute" or "minutes" => 60,
            "h" or "hour" or "hours" => 3600,
            "d" or "day" or "days" => 86400,
            _ => null,
        };
        if (unit is null) return null;
        text = rest[letters..];
        return number * unit;
    }
}
