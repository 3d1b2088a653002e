using System.Text.Json;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;
using static EdgeRouter.Dialects.OpenAIChat.Wire.Events.OpenAIChatEventJson;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>Reads the content of a delta: text, reasoning, content parts, images. Stateless.</summary>
internal static class OpenAIChatContentReader
{
    /// <summary>Adds a text, with its log probabilities if there are any.</summary>
    public static void ReadText(OpenAIChatPieces pieces, int choice, JsonRange content, JsonRange logprobs)
    {
        // In a whole answer empty content differs from none; on a stream an empty delta means nothing.
        if (!content.HasContent && !logprobs.IsPresent && !(pieces.IsWhole && content.IsPresent)) return;
        pieces.AddText(OpenAIChatPieceKind.Text, choice, content).Json = logprobs;
    }

    /// <summary>Adds reasoning: a piece for each block, the plain text with the first; or the plain text alone.</summary>
    public static void ReadReasoning(OpenAIChatPieces pieces, int choice, JsonRange plain, JsonRange details, ReadOnlySpan<byte> data)
    {
        if (!plain.HasContent) plain = default;
        if (details.IsPresent)
        {
            var reader = new Utf8JsonReader(details.In(data));
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var isObject = reader.TokenType == JsonTokenType.StartObject;
                var detail = JsonRange.OfValue(ref reader, details.Start);
                if (!isObject) continue;
                pieces.AddText(OpenAIChatPieceKind.Reasoning, choice, plain).Json = detail;
                plain = default;
            }
        }
        if (plain.IsPresent) pieces.AddText(OpenAIChatPieceKind.Reasoning, choice, plain);
    }

    /// <summary>Reads content as parts (Mistral): text, thinking, images. Parts of other types have no place in an answer and are skipped.</summary>
    public static void ReadParts(OpenAIChatPieces pieces, int choice, JsonRange parts, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(parts.In(data));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String) ReadText(pieces, choice, JsonRange.OfString(ref reader, parts.Start), default);
            else if (reader.TokenType == JsonTokenType.StartObject) ReadPart(pieces, choice, ref reader, parts.Start, data);
            else reader.Skip();
        }
    }

    /// <summary>Reads a list of images.</summary>
    /// <exception cref="UpstreamFormatException">An entry is not an object.</exception>
    public static void ReadImages(OpenAIChatPieces pieces, int choice, JsonRange images, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(images.In(data));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("choices[].delta.images: expected objects.");
            JsonRange url = default, detail = default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("image_url"u8)) ReadImageUrl(ref reader, images.Start, ref url, ref detail);
                else SkipNext(ref reader);
            }
            AddImage(pieces, choice, url, detail);
        }
    }

    private static void ReadPart(OpenAIChatPieces pieces, int choice, ref Utf8JsonReader reader, int offset, ReadOnlySpan<byte> data)
    {
        JsonRange text = default, refusal = default, thinking = default, url = default, detail = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8)) text = NextText(ref reader, offset);
            else if (reader.ValueTextEquals("refusal"u8)) refusal = NextText(ref reader, offset);
            else if (reader.ValueTextEquals("thinking"u8)) thinking = NextOf(ref reader, JsonTokenType.StartArray, offset);
            else if (reader.ValueTextEquals("image_url"u8)) ReadImageUrl(ref reader, offset, ref url, ref detail);
            else SkipNext(ref reader);
        }
        if (thinking.IsPresent) ReadThinking(pieces, choice, thinking, data);
        if (text.HasContent) ReadText(pieces, choice, text, default);
        if (refusal.HasContent) pieces.AddText(OpenAIChatPieceKind.Refusal, choice, refusal);
        AddImage(pieces, choice, url, detail);
    }

    private static void ReadThinking(OpenAIChatPieces pieces, int choice, JsonRange parts, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(parts.In(data));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals("text"u8))
                {
                    SkipNext(ref reader);
                    continue;
                }
                var text = NextText(ref reader, parts.Start);
                if (text.HasContent) pieces.AddText(OpenAIChatPieceKind.Reasoning, choice, text);
            }
        }
    }

    /// <summary>An object with <c>url</c>, or the URL itself.</summary>
    private static void ReadImageUrl(ref Utf8JsonReader reader, int offset, ref JsonRange url, ref JsonRange detail)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            url = JsonRange.OfStringOrNone(ref reader, offset);
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("url"u8)) url = NextText(ref reader, offset);
            else if (reader.ValueTextEquals("detail"u8)) detail = NextText(ref reader, offset);
            else SkipNext(ref reader);
        }
    }

    private static void AddImage(OpenAIChatPieces pieces, int choice, JsonRange url, JsonRange detail)
    {
        if (url.HasContent) pieces.AddText(OpenAIChatPieceKind.Image, choice, url).Id = detail;
    }
}
