using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Reports;

/// <summary>
/// Reads a <c>usage</c> object and makes its classes disjoint. The wire counts parts inside a whole (cached inside prompt, reasoning inside
/// completion), so parts are taken out of their whole; a part that exceeds the rest of its whole is reduced to it, and the whole is kept. What the provider
/// does not report stays null; an explicit zero is a zero.
/// </summary>
internal ref struct OpenAIChatUsageReader
{
    private long? prompt, completion, total;
    private long? cachedInDetails, cachedAtTop, cacheHit, cacheWrite, inputAudio, inputImage, inputVideo;
    private long? reasoning, outputAudio, outputImage, accepted, rejected, searches;

    /// <summary>Reads the reader's current value. Null: it reports nothing.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader, CachedTokenCounting counting)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        var counts = default(OpenAIChatUsageReader);
        counts.ReadTop(ref reader);
        var usage = counts.ToUsage(counting);
        return usage == default(TokenUsage) ? null : usage;
    }

    private void ReadTop(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) prompt = Count(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) completion = Count(ref reader);
            else if (reader.ValueTextEquals("total_tokens"u8)) total = Count(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8)) ReadPromptDetails(ref reader);
            else if (reader.ValueTextEquals("completion_tokens_details"u8)) ReadCompletionDetails(ref reader);
            else if (reader.ValueTextEquals("cached_tokens"u8)) cachedAtTop = Count(ref reader);
            else if (reader.ValueTextEquals("prompt_cache_hit_tokens"u8)) cacheHit = Count(ref reader);
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8)) cachedAtTop ??= Count(ref reader);
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8)) cacheWrite ??= Count(ref reader);
            else if (reader.ValueTextEquals("reasoning_tokens"u8)) reasoning ??= Count(ref reader);
            else if (reader.ValueTextEquals("num_search_queries"u8)) searches ??= Count(ref reader);
            else if (reader.ValueTextEquals("server_tool_use"u8) || reader.ValueTextEquals("server_tool_use_details"u8)) ReadServerTools(ref reader);
            else SkipValue(ref reader);
        }
    }

    private void ReadPromptDetails(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8)) cachedInDetails = Count(ref reader);
            else if (reader.ValueTextEquals("cache_write_tokens"u8)) cacheWrite = Count(ref reader) ?? cacheWrite;
            else if (reader.ValueTextEquals("audio_tokens"u8)) inputAudio = Count(ref reader);
            else if (reader.ValueTextEquals("image_tokens"u8)) inputImage = Count(ref reader);
            else if (reader.ValueTextEquals("video_tokens"u8)) inputVideo = Count(ref reader);
            else SkipValue(ref reader);
        }
    }

    private void ReadCompletionDetails(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("reasoning_tokens"u8)) reasoning = Count(ref reader) ?? reasoning;
            else if (reader.ValueTextEquals("audio_tokens"u8)) outputAudio = Count(ref reader);
            else if (reader.ValueTextEquals("image_tokens"u8)) outputImage = Count(ref reader);
            else if (reader.ValueTextEquals("accepted_prediction_tokens"u8)) accepted = Count(ref reader);
            else if (reader.ValueTextEquals("rejected_prediction_tokens"u8)) rejected = Count(ref reader);
            else SkipValue(ref reader);
        }
    }

    private void ReadServerTools(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("web_search_requests"u8)) searches = Count(ref reader);
            else SkipValue(ref reader);
        }
    }

    private readonly TokenUsage ToUsage(CachedTokenCounting counting)
    {
        var cached = counting switch
        {
            CachedTokenCounting.NotReported => null,
            CachedTokenCounting.InsidePromptTopLevel => cachedAtTop ?? cachedInDetails ?? cacheHit,
            CachedTokenCounting.PromptCacheHitTokens => cacheHit ?? cachedInDetails ?? cachedAtTop,
            _ => cachedInDetails ?? cachedAtTop ?? cacheHit,
        };
        var write = cacheWrite;
        var input = prompt ?? (total - completion is >= 0 and var difference ? difference : null);
        var freshInput = input;
        if (counting != CachedTokenCounting.BesideInput)
        {
            cached = TakeOut(cached, ref freshInput);
            write = TakeOut(write, ref freshInput);
        }
        var audioIn = TakeOut(inputAudio, ref freshInput);
        var imageIn = TakeOut(inputImage, ref freshInput);
        var videoIn = TakeOut(inputVideo, ref freshInput);

        // Some providers (xAI) count reasoning beside completion_tokens. Their own total shows it.
        var plainOutput = completion;
        var isBeside = reasoning > 0 && total is not null && total == input + completion + reasoning;
        var thought = isBeside ? reasoning : TakeOut(reasoning, ref plainOutput);
        var audioOut = TakeOut(outputAudio, ref plainOutput);
        var imageOut = TakeOut(outputImage, ref plainOutput);
        return new TokenUsage
        {
            Input = freshInput,
            CacheRead = cached,
            CacheWrite5m = write,
            InputAudio = audioIn,
            InputImage = imageIn,
            InputVideo = videoIn,
            Output = plainOutput,
            Reasoning = thought,
            OutputAudio = audioOut,
            OutputImage = imageOut,
            AcceptedPrediction = accepted,
            RejectedPrediction = rejected,
            WebSearches = ReportedCount.ToInt(searches),
        };
    }

    /// <summary>Subtracts a part from the rest of its whole. Without a whole the part is kept.</summary>
    private static long? TakeOut(long? part, ref long? rest)
    {
        if (part is null || rest is null) return part;
        var taken = Math.Min(part.Value, rest.Value);
        rest -= taken;
        return taken;
    }

    private static bool Enter(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        reader.Skip();
        return false;
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>A count as reported; null: not a number.</summary>
    private static long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return ReportedCount.Read(reader);
        reader.Skip();
        return null;
    }
}
