using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;
using static EdgeRouter.Dialects.OpenAIChat.Wire.Events.OpenAIChatEventJson;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>Reads the tool calls of a delta. <see cref="OpenAIChatChoiceState"/> knows which call a piece belongs to. Stateless.</summary>
internal static class OpenAIChatToolCallReader
{
    /// <summary>Reads a list of calls.</summary>
    /// <exception cref="UpstreamFormatException">An entry is not an object, or no call's.</exception>
    public static void ReadCalls(OpenAIChatPieces pieces, int choice, OpenAIChatChoiceState state, JsonRange calls, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(calls.In(data));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null) continue;
            if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("choices[].delta.tool_calls: expected objects.");
            var start = (int)reader.TokenStartIndex;
            int? index = null;
            var piece = new OpenAIChatPiece { Choice = choice };
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("index"u8)) index = NextIndex(ref reader);
                else if (reader.ValueTextEquals("id"u8)) piece.Id = NextText(ref reader, calls.Start);
                else if (reader.ValueTextEquals("function"u8))
                {
                    reader.Read();
                    ReadFunction(ref reader, calls.Start, ref piece);
                }
                else SkipNext(ref reader);
            }
            Add(pieces, state, index, piece, calls.In(data)[start..(int)reader.BytesConsumed], data);
        }
    }

    /// <summary>Reads the form before tools: one call, without an id.</summary>
    public static void ReadFunctionCall(OpenAIChatPieces pieces, int choice, OpenAIChatChoiceState state, JsonRange call, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(call.In(data));
        reader.Read();
        var piece = new OpenAIChatPiece { Choice = choice };
        ReadFunction(ref reader, call.Start, ref piece);
        Add(pieces, state, 0, piece, call.In(data), data);
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
            if (reader.ValueTextEquals("name"u8)) piece.Name = NextText(ref reader, offset);
            else if (reader.ValueTextEquals("arguments"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject) piece.Json = JsonRange.OfValue(ref reader, offset);
                else piece.Text = JsonRange.OfStringOrNone(ref reader, offset);
            }
            else SkipNext(ref reader);
        }
    }

    private static void Add(OpenAIChatPieces pieces, OpenAIChatChoiceState state, int? index, OpenAIChatPiece piece, ReadOnlySpan<byte> call,
        ReadOnlySpan<byte> data)
    {
        var id = piece.Id.HasContent ? piece.Id.In(data) : default;
        var isNew = pieces.IsWhole;
        piece.Index = pieces.IsWhole ? state.Begin(index, id) : state.Find(index, id, piece.Name.HasContent, out isNew);
        piece.Kind = OpenAIChatPieceKind.ToolCall;
        if (!isNew || id.IsEmpty) piece.Id = default;
        if (isNew && id.IsEmpty) piece.MadeId = MakeId(pieces.AnswerId, piece.Choice, piece.Index, call);
        if (!piece.Name.HasContent || !state.TryName(piece.Index)) piece.Name = default;
        if (isNew || piece.Name.IsPresent || piece.Text.HasContent || piece.Json.IsPresent) pieces.Add(OpenAIChatPieceKind.ToolCall) = piece;
    }

    /// <summary>An id for a call whose provider gave none: the same for the same answer, different for different ones.</summary>
    private static string MakeId(ReadOnlySpan<byte> answerId, int choice, int position, ReadOnlySpan<byte> call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, choice);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], position);
        hash.AppendData(numbers);
        hash.AppendData(answerId);
        hash.AppendData(call);
        return "call_" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12));
    }
}
