using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>
/// Reads <c>usageMetadata</c> into disjoint classes. The provider counts cached tokens and every modality inside <c>promptTokenCount</c>, tool-use
/// prompts beside it, generated pictures and speech inside <c>candidatesTokenCount</c>, and thoughts beside that.
/// </summary>
internal static class GeminiUsageReader
{
    public static TokenUsage Read(JsonElement usage)
    {
        var (cached, input) = ReadPrompt(usage);
        var toolUse = usage.GetReported("toolUsePromptTokenCount"u8);
        var thoughts = usage.GetReported("thoughtsTokenCount"u8);
        var output = ModalityCounts.Read(usage, "candidatesTokensDetails"u8);
        var remaining = usage.GetReported("candidatesTokenCount"u8) ?? OutputOutOfTotal(usage, toolUse, thoughts);
        return new TokenUsage
        {
            Input = input.Text is null && toolUse is null ? null : (input.Text ?? 0) + (toolUse ?? 0),
            CacheRead = cached,
            InputAudio = input.Audio,
            InputImage = input.Image,
            InputVideo = input.Video,
            OutputImage = Take(ref remaining, output.Image),
            OutputAudio = Take(ref remaining, output.Audio),
            Output = remaining,
            Reasoning = thoughts,
        };
    }

    /// <summary>Divides the prompt: the sum of the classes is always <c>promptTokenCount</c>, even where the provider's details do not add up.</summary>
    private static (long? Cached, (long? Audio, long? Image, long? Video, long? Text) Fresh) ReadPrompt(JsonElement usage)
    {
        var rest = usage.GetReported("promptTokenCount"u8);
        var details = ModalityCounts.Read(usage, "promptTokensDetails"u8);
        var audio = Take(ref rest, details.Audio);
        var image = Take(ref rest, details.Image);
        var video = Take(ref rest, details.Video);
        if (rest is null || usage.GetReported("cachedContentTokenCount"u8) is not { } reported) return (null, (audio, image, video, rest));

        // Cached tokens of a modality are subtracted from it; the rest from the text first.
        var cachedDetails = ModalityCounts.Read(usage, "cacheTokensDetails"u8);
        var left = reported;
        Move(ref audio, ref left, Math.Min(left, cachedDetails.Audio ?? 0));
        Move(ref image, ref left, Math.Min(left, cachedDetails.Image ?? 0));
        Move(ref video, ref left, Math.Min(left, cachedDetails.Video ?? 0));
        Move(ref rest, ref left, left);
        Move(ref image, ref left, left);
        Move(ref video, ref left, left);
        Move(ref audio, ref left, left);
        return (reported - left, (audio, image, video, rest));
    }

    // The provider leaves counts of zero out, so an absent one is known when the total is.
    private static long? OutputOutOfTotal(JsonElement usage, long? toolUse, long? thoughts) =>
        usage.GetReported("totalTokenCount"u8) is { } total && usage.GetReported("promptTokenCount"u8) is { } prompt
            ? Math.Max(0, total - prompt - (toolUse ?? 0) - (thoughts ?? 0))
            : null;

    /// <summary>Takes up to <paramref name="count"/> out of <paramref name="whole"/>; null stays null.</summary>
    private static long? Take(ref long? whole, long? count)
    {
        if (whole is null || count is null) return null;
        var taken = Math.Min(whole.Value, count.Value);
        whole -= taken;
        return taken;
    }

    private static void Move(ref long? from, ref long left, long most)
    {
        var moved = Math.Min(from ?? 0, most);
        from -= moved;
        left -= moved;
    }

    /// <summary>A list of counts by modality. Text and documents have no count of their own.</summary>
    private readonly record struct ModalityCounts(long? Audio, long? Image, long? Video)
    {
        public static ModalityCounts Read(JsonElement usage, ReadOnlySpan<byte> name)
        {
            long? audio = null, image = null, video = null;
            if (!usage.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array) return default;
            foreach (var entry in list.EnumerateArray())
            {
                if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("modality"u8, out var modality)
                    || modality.ValueKind != JsonValueKind.String)
                    continue;
                var count = entry.GetReported("tokenCount"u8);
                if (modality.ValueEquals("AUDIO"u8)) audio = Sum(audio, count);
                else if (modality.ValueEquals("IMAGE"u8)) image = Sum(image, count);
                else if (modality.ValueEquals("VIDEO"u8)) video = Sum(video, count);
            }
            return new ModalityCounts(audio, image, video);
        }

        // Saturates: what exceeds the whole is cut anyway.
        private static long? Sum(long? one, long? other) => one is null ? other : other is null || one > long.MaxValue - other ? one : one + other;
    }
}
