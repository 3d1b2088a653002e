using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>
/// Choices and their deltas (or messages, in a whole answer). The members of a delta have no order; they are taken as reasoning, text and parts,
/// refusal, images, tool calls, further members. Further members of a delta become extensions; further members of the choice around it (filter
/// verdicts, token ids) have no place in the canonical events and are passed over.
/// </summary>
internal sealed partial class OpenAIChatEventParser
{
    private readonly List<(JsonRange Name, JsonRange Value)> deltaExtensions = [];

    /// <summary>Members of a choice, gathered before any piece is made: they may come in any order, and the index last.</summary>
    private struct ChoiceMembers
    {
        public int Index;
        public JsonRange Content, ContentParts, Refusal, Reasoning, ReasoningContent, ReasoningDetails, ToolCalls, FunctionCall, Images;
        public JsonRange Logprobs, FinishReason, NativeFinishReason;
    }

    private void ReadChoices(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        if (reader.TokenType != JsonTokenType.StartArray) throw new UpstreamFormatException("choices: expected an array.");
        for (var position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("choices: expected objects.");
            ReadChoice(ref reader, data, position);
        }
    }

    private void ReadChoice(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, int position)
    {
        var members = new ChoiceMembers { Index = position };
        deltaExtensions.Clear();
        JsonRange message = default;
        var hasDelta = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                hasDelta |= reader.TokenType == JsonTokenType.StartObject;
                ReadDelta(ref reader, 0, ref members);
            }
            else if (reader.ValueTextEquals("message"u8)) message = NextValue(ref reader);
            else if (reader.ValueTextEquals("index"u8)) members.Index = NextIndex(ref reader) ?? position;
            else if (reader.ValueTextEquals("finish_reason"u8)) members.FinishReason = NextText(ref reader);
            else if (reader.ValueTextEquals("native_finish_reason"u8)) members.NativeFinishReason = NextText(ref reader);
            else if (reader.ValueTextEquals("logprobs"u8)) members.Logprobs = NextOf(ref reader, JsonTokenType.StartObject);
            else if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader); // Moonshot
            else if (reader.ValueTextEquals("error"u8)) ReadError(ref reader, data);
            else SkipNext(ref reader);
        }
        if (message.IsPresent && !hasDelta)
        {
            var inner = new Utf8JsonReader(message.In(data));
            inner.Read();
            ReadDelta(ref inner, message.Start, ref members);
        }
        Emit(members, data);
    }

    private void ReadDelta(ref Utf8JsonReader reader, int offset, ref ChoiceMembers members)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (reader.TokenType != JsonTokenType.Null) throw new UpstreamFormatException("choices[].delta: expected an object.");
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8)) ReadContent(ref reader, offset, ref members);
            else if (reader.ValueTextEquals("role"u8)) SkipNext(ref reader);
            else if (reader.ValueTextEquals("reasoning_content"u8)) members.ReasoningContent = Next(ref reader, offset);
            else if (reader.ValueTextEquals("reasoning"u8)) members.Reasoning = Next(ref reader, offset);
            else if (reader.ValueTextEquals("tool_calls"u8)) members.ToolCalls = NextOf(ref reader, JsonTokenType.StartArray, offset);
            else if (reader.ValueTextEquals("refusal"u8)) members.Refusal = Next(ref reader, offset);
            else if (reader.ValueTextEquals("reasoning_details"u8)) members.ReasoningDetails = NextOf(ref reader, JsonTokenType.StartArray, offset);
            else if (reader.ValueTextEquals("images"u8)) members.Images = NextOf(ref reader, JsonTokenType.StartArray, offset);
            else if (reader.ValueTextEquals("function_call"u8)) members.FunctionCall = NextOf(ref reader, JsonTokenType.StartObject, offset);
            else if (reader.ValueTextEquals("token_id"u8) || reader.ValueTextEquals("token_ids"u8)) SkipNext(ref reader);
            else
            {
                var name = JsonRange.OfString(ref reader, offset);
                reader.Read();
                deltaExtensions.Add((name, JsonRange.OfValue(ref reader, offset)));
            }
        }
    }

    private static void ReadContent(ref Utf8JsonReader reader, int offset, ref ChoiceMembers members)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.String: members.Content = JsonRange.OfString(ref reader, offset); break;
            case JsonTokenType.StartArray: members.ContentParts = JsonRange.OfValue(ref reader, offset); break;
            case JsonTokenType.Null: break;
            default: throw new UpstreamFormatException("choices[].delta.content: expected text, parts or null.");
        }
    }

    private void Emit(in ChoiceMembers members, ReadOnlySpan<byte> data)
    {
        var choice = members.Index;
        var state = StateOf(choice);
        if (!state.Started) Add(OpenAIChatPieceKind.ChoiceStarted).Choice = choice;
        state.Started = true;
        EmitReasoning(members, data);
        EmitText(choice, members.Content, members.Logprobs);
        if (members.ContentParts.IsPresent) EmitParts(choice, members.ContentParts, data);
        if (members.Refusal.HasContent) AddText(OpenAIChatPieceKind.Refusal, choice, members.Refusal);
        if (members.Images.IsPresent) EmitImages(choice, members.Images, data);
        if (members.ToolCalls.IsPresent) EmitToolCalls(choice, state, members.ToolCalls, data);
        if (members.FunctionCall.IsPresent) EmitFunctionCall(choice, state, members.FunctionCall, data);
        foreach (var (name, value) in deltaExtensions)
        {
            if (IsNothing(value.In(data))) continue;
            ref var piece = ref Add(OpenAIChatPieceKind.Extension);
            (piece.Choice, piece.Name, piece.Json) = (choice, name, value);
        }
        EmitFinish(members, state, data);
    }

    private void EmitText(int choice, JsonRange content, JsonRange logprobs)
    {
        // A whole answer tells empty content from none; on a stream an empty delta says nothing.
        if (!content.HasContent && !logprobs.IsPresent && !(isWhole && content.IsPresent)) return;
        ref var piece = ref Add(OpenAIChatPieceKind.Text);
        (piece.Choice, piece.Text, piece.Json) = (choice, content, logprobs);
    }

    private void EmitReasoning(in ChoiceMembers members, ReadOnlySpan<byte> data)
    {
        // Providers that send both spellings (vLLM, DeepInfra) send the same text twice.
        var plain = members.Reasoning.HasContent ? members.Reasoning : members.ReasoningContent;
        if (!plain.HasContent) plain = default;
        if (members.ReasoningDetails.IsPresent)
        {
            var reader = new Utf8JsonReader(members.ReasoningDetails.In(data));
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var isObject = reader.TokenType == JsonTokenType.StartObject;
                var detail = JsonRange.OfValue(ref reader, members.ReasoningDetails.Start);
                if (!isObject) continue;
                ref var piece = ref Add(OpenAIChatPieceKind.Reasoning);
                (piece.Choice, piece.Text, piece.Json) = (members.Index, plain, detail);
                plain = default;
            }
        }
        if (plain.IsPresent) AddText(OpenAIChatPieceKind.Reasoning, members.Index, plain);
    }

    private void EmitFinish(in ChoiceMembers members, OpenAIChatChoiceState state, ReadOnlySpan<byte> data)
    {
        if (!members.FinishReason.HasContent || state.Finished) return;
        state.Finished = true;
        var reason = OpenAIChatFinishReasons.Read(members.FinishReason.In(data));
        // Agents end their loop on stop; a provider that says stop after calling tools means the calls (hints row 15).
        if (reason == FinishReason.Stop && state.CalledTool) reason = FinishReason.ToolCalls;
        var native = members.NativeFinishReason.HasContent ? members.NativeFinishReason : members.FinishReason;
        AddText(OpenAIChatPieceKind.ChoiceFinished, members.Index, WordOrNone(native)).Reason = reason;
    }

    private OpenAIChatChoiceState StateOf(int choice)
    {
        if (choice is < 0 or >= MaxChoices) throw new UpstreamFormatException($"choices[].index: expected 0 to {MaxChoices - 1}.");
        while (choices.Count <= choice) choices.Add(null);
        return choices[choice] ??= new OpenAIChatChoiceState();
    }

    private ref OpenAIChatPiece AddText(OpenAIChatPieceKind kind, int choice, JsonRange text)
    {
        ref var piece = ref Add(kind);
        (piece.Choice, piece.Text) = (choice, text);
        return ref piece;
    }

    /// <summary>An id for a call whose provider gave none: the same for the same answer, different for different ones.</summary>
    private string MakeCallId(int choice, int position, ReadOnlySpan<byte> call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, choice);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], position);
        hash.AppendData(numbers);
        hash.AppendData(upstreamId);
        hash.AppendData(call);
        return "call_" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12));
    }

    private static int? NextIndex(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index)) return index;
        if (reader.TokenType == JsonTokenType.Null) return null;
        throw new UpstreamFormatException("index: expected an integer.");
    }

    private static JsonRange Next(ref Utf8JsonReader reader, int offset)
    {
        reader.Read();
        return JsonRange.OfStringOrNone(ref reader, offset);
    }

    private static JsonRange NextOf(ref Utf8JsonReader reader, JsonTokenType type, int offset = 0)
    {
        reader.Read();
        var isType = reader.TokenType == type;
        var value = JsonRange.OfValue(ref reader, offset);
        return isType ? value : default;
    }
}
