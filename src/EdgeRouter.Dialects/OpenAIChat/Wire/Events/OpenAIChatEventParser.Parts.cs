using System.Text.Json;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>What stands in arrays inside a delta: content parts, tool calls, images.</summary>
internal sealed partial class OpenAIChatEventParser
{
    /// <summary>Content as parts (Mistral): text, thinking, images. Parts of other types have no place in an answer and are passed over.</summary>
    private void EmitParts(int choice, JsonRange parts, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(parts.In(data));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String) EmitText(choice, JsonRange.OfString(ref reader, parts.Start), default);
            else if (reader.TokenType == JsonTokenType.StartObject) EmitPart(choice, ref reader, parts.Start, data);
            else reader.Skip();
        }
    }

    private void EmitPart(int choice, ref Utf8JsonReader reader, int offset, ReadOnlySpan<byte> data)
    {
        JsonRange text = default, refusal = default, thinking = default, url = default, detail = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8)) text = Next(ref reader, offset);
            else if (reader.ValueTextEquals("refusal"u8)) refusal = Next(ref reader, offset);
            else if (reader.ValueTextEquals("thinking"u8)) thinking = NextOf(ref reader, JsonTokenType.StartArray, offset);
            else if (reader.ValueTextEquals("image_url"u8)) ReadImageUrl(ref reader, offset, ref url, ref detail);
            else SkipNext(ref reader);
        }
        if (thinking.IsPresent) EmitThinking(choice, thinking, data);
        if (text.HasContent) EmitText(choice, text, default);
        if (refusal.HasContent) AddText(OpenAIChatPieceKind.Refusal, choice, refusal);
        if (url.HasContent) AddImage(choice, url, detail);
    }

    private void EmitThinking(int choice, JsonRange parts, ReadOnlySpan<byte> data)
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
                var text = Next(ref reader, parts.Start);
                if (text.HasContent) AddText(OpenAIChatPieceKind.Reasoning, choice, text);
            }
        }
    }

    private void EmitImages(int choice, JsonRange images, ReadOnlySpan<byte> data)
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
            if (url.HasContent) AddImage(choice, url, detail);
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
            if (reader.ValueTextEquals("url"u8)) url = Next(ref reader, offset);
            else if (reader.ValueTextEquals("detail"u8)) detail = Next(ref reader, offset);
            else SkipNext(ref reader);
        }
    }

    private void AddImage(int choice, JsonRange url, JsonRange detail) => AddText(OpenAIChatPieceKind.Image, choice, url).Id = detail;

    private void EmitToolCalls(int choice, OpenAIChatChoiceState state, JsonRange calls, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(calls.In(data));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null) continue;
            if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("choices[].delta.tool_calls: expected objects.");
            var start = (int)reader.TokenStartIndex;
            int? index = null;
            var piece = default(OpenAIChatPiece);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("index"u8)) index = NextIndex(ref reader);
                else if (reader.ValueTextEquals("id"u8)) piece.Id = Next(ref reader, calls.Start);
                else if (reader.ValueTextEquals("function"u8))
                {
                    reader.Read();
                    ReadFunction(ref reader, calls.Start, ref piece);
                }
                else SkipNext(ref reader);
            }
            EmitToolCall(choice, state, index, piece, calls.In(data)[start..(int)reader.BytesConsumed], data);
        }
    }

    /// <summary>The form before tools: one call, without an id.</summary>
    private void EmitFunctionCall(int choice, OpenAIChatChoiceState state, JsonRange call, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(call.In(data));
        reader.Read();
        var piece = default(OpenAIChatPiece);
        ReadFunction(ref reader, call.Start, ref piece);
        EmitToolCall(choice, state, 0, piece, call.In(data), data);
    }

    private static void ReadFunction(ref Utf8JsonReader reader, int offset, ref OpenAIChatPiece piece)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8)) piece.Name = Next(ref reader, offset);
            else if (reader.ValueTextEquals("arguments"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject) piece.Json = JsonRange.OfValue(ref reader, offset);
                else piece.Text = JsonRange.OfStringOrNone(ref reader, offset);
            }
            else SkipNext(ref reader);
        }
    }

    private void EmitToolCall(int choice, OpenAIChatChoiceState state, int? index, OpenAIChatPiece piece, ReadOnlySpan<byte> call, ReadOnlySpan<byte> data)
    {
        var id = piece.Id.HasContent ? piece.Id.In(data) : default;
        var isNew = isWhole;
        piece.Index = isWhole ? state.Begin(index, id) : state.Find(index, id, piece.Name.HasContent, out isNew);
        piece.Kind = OpenAIChatPieceKind.ToolCall;
        piece.Choice = choice;
        if (!isNew || id.IsEmpty) piece.Id = default;
        if (isNew && id.IsEmpty) piece.MadeId = MakeCallId(choice, piece.Index, call);
        if (!piece.Name.HasContent || !state.TryName(piece.Index)) piece.Name = default;
        if (isNew || piece.Name.IsPresent || piece.Text.HasContent || piece.Json.IsPresent) Add(OpenAIChatPieceKind.ToolCall) = piece;
    }
}
