using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Json;

/// <summary>
/// A count of tokens as a provider reports it: any number, however absurd, cut to <see cref="TokenUsage.MaxReported"/> and its negative, so that it can be
/// kept and judged. What is no number counts as not reported. Stateless; never throws.
/// </summary>
internal static class ReportedCount
{
    /// <summary>The number that the reader stands on.</summary>
    public static long Read(in Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole)) return Cut(whole);
        return reader.TryGetDouble(out var number) ? Cut(number) : TokenUsage.MaxReported;
    }

    /// <summary>The number; null: it is none.</summary>
    public static long? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number) return null;
        if (value.TryGetInt64(out var whole)) return Cut(whole);
        return value.TryGetDouble(out var number) ? Cut(number) : TokenUsage.MaxReported;
    }

    /// <summary>A count in fewer bits.</summary>
    public static int? ToInt(long? count) => count is { } known ? (int)Math.Clamp(known, int.MinValue, int.MaxValue) : null;

    private static long Cut(long count) => Math.Clamp(count, -TokenUsage.MaxReported, TokenUsage.MaxReported);

    private static long Cut(double count) =>
        double.IsNaN(count) ? 0 : (long)Math.Clamp(count, -(double)TokenUsage.MaxReported, TokenUsage.MaxReported);
}
