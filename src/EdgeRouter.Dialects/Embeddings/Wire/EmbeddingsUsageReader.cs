using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Embeddings.Wire;

/// <summary>
/// Reads the <c>usage</c> of embeddings: all tokens are input. Some providers tell the total alone. Parts by kind of media are inside the whole, and a part
/// that exceeds the rest of it is cut to it.
/// </summary>
internal static class EmbeddingsUsageReader
{
    /// <summary>Reads the reader's current value. Null: it reports nothing.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        long? prompt = null, total = null, image = null, audio = null, video = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) prompt = Count(ref reader);
            else if (reader.ValueTextEquals("total_tokens"u8)) total = Count(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject) reader.Skip();
                else
                {
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        if (reader.ValueTextEquals("image_tokens"u8)) image = Count(ref reader);
                        else if (reader.ValueTextEquals("audio_tokens"u8)) audio = Count(ref reader);
                        else if (reader.ValueTextEquals("video_tokens"u8)) video = Count(ref reader);
                        else Count(ref reader);
                    }
                }
            }
            else Count(ref reader);
        }
        if ((prompt ?? total) is not { } left) return null;
        return new TokenUsage
        {
            InputImage = Take(image, ref left),
            InputAudio = Take(audio, ref left),
            InputVideo = Take(video, ref left),
            Input = left,
        };
    }

    private static long? Take(long? part, ref long left)
    {
        if (part is not { } told) return null;
        var taken = Math.Min(told, left);
        left -= taken;
        return taken;
    }

    /// <summary>The next value, if it is a number.</summary>
    private static long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return ReportedCount.Read(reader);
        reader.Skip();
        return null;
    }
}
