using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;
using static EdgeRouter.Dialects.OpenAIChat.Wire.Events.OpenAIChatEventJson;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>
/// Reads choices and their deltas (or messages, in a whole answer). The members of a delta have no order; they are taken as reasoning, text and parts,
/// refusal, images, tool calls, further members. Further members of a delta become extensions; further members of the choice around it (filter
/// verdicts, token ids) have no place in the canonical events and are skipped. Remembers the state of each choice from event to event. Not thread-safe.
/// </summary>
internal sealed class OpenAIChatChoiceReader(OpenAIChatPieces pieces, OpenAIChatEventReports reports)
{
    private const int MaxChoices = 128;

    private OpenAIChatChoiceState?[] states = [];
    private List<(JsonRange Name, JsonRange Value)>? deltaExtensions;

    /// <summary>Whether a choice has begun.</summary>
    public bool HasChoices => states.Length > 0;

    /// <summary>Reads the value of <c>choices</c>.</summary>
    /// <exception cref="UpstreamFormatException">It is malformed.</exception>
    public void ReadChoices(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
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
        var members = new Members { Index = position };
        deltaExtensions?.Clear();
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
            else if (reader.ValueTextEquals("usage"u8)) reports.ReadUsage(ref reader); // Moonshot
            else if (reader.ValueTextEquals("error"u8)) reports.ReadError(ref reader, data);
            else SkipNext(ref reader);
        }
        if (message.IsPresent && !hasDelta)
        {
            var inner = new Utf8JsonReader(message.In(data));
            inner.Read();
            ReadDelta(ref inner, message.Start, ref members);
        }
        AddPieces(members, data);
    }

    private void ReadDelta(ref Utf8JsonReader reader, int offset, ref Members members)
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
            else if (reader.ValueTextEquals("reasoning_content"u8)) members.ReasoningContent = NextText(ref reader, offset);
            else if (reader.ValueTextEquals("reasoning"u8)) members.Reasoning = NextText(ref reader, offset);
            else if (reader.ValueTextEquals("tool_calls"u8)) members.ToolCalls = NextOf(ref reader, JsonTokenType.StartArray, offset);
            else if (reader.ValueTextEquals("refusal"u8)) members.Refusal = NextText(ref reader, offset);
            else if (reader.ValueTextEquals("reasoning_details"u8)) members.ReasoningDetails = NextOf(ref reader, JsonTokenType.StartArray, offset);
            else if (reader.ValueTextEquals("images"u8)) members.Images = NextOf(ref reader, JsonTokenType.StartArray, offset);
            else if (reader.ValueTextEquals("function_call"u8)) members.FunctionCall = NextOf(ref reader, JsonTokenType.StartObject, offset);
            else if (reader.ValueTextEquals("token_id"u8) || reader.ValueTextEquals("token_ids"u8)) SkipNext(ref reader);
            else
            {
                var name = JsonRange.OfString(ref reader, offset);
                reader.Read();
                (deltaExtensions ??= []).Add((name, JsonRange.OfValue(ref reader, offset)));
            }
        }
    }

    private static void ReadContent(ref Utf8JsonReader reader, int offset, ref Members members)
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

    private void AddPieces(in Members members, ReadOnlySpan<byte> data)
    {
        var choice = members.Index;
        var state = StateOf(choice);
        if (!state.Started) pieces.Add(OpenAIChatPieceKind.ChoiceStarted).Choice = choice;
        state.Started = true;
        // Providers that send both spellings (vLLM, DeepInfra) send the same text twice.
        var reasoning = members.Reasoning.HasContent ? members.Reasoning : members.ReasoningContent;
        OpenAIChatContentReader.ReadReasoning(pieces, choice, reasoning, members.ReasoningDetails, data);
        OpenAIChatContentReader.ReadText(pieces, choice, members.Content, members.Logprobs);
        if (members.ContentParts.IsPresent) OpenAIChatContentReader.ReadParts(pieces, choice, members.ContentParts, data);
        if (members.Refusal.HasContent) pieces.AddText(OpenAIChatPieceKind.Refusal, choice, members.Refusal);
        if (members.Images.IsPresent) OpenAIChatContentReader.ReadImages(pieces, choice, members.Images, data);
        if (members.ToolCalls.IsPresent) OpenAIChatToolCallReader.ReadCalls(pieces, choice, state, members.ToolCalls, data);
        if (members.FunctionCall.IsPresent) OpenAIChatToolCallReader.ReadFunctionCall(pieces, choice, state, members.FunctionCall, data);
        if (deltaExtensions is not null) AddExtensions(choice, deltaExtensions, data);
        AddFinish(members, state, data);
    }

    private void AddExtensions(int choice, List<(JsonRange Name, JsonRange Value)> extensions, ReadOnlySpan<byte> data)
    {
        foreach (var (name, value) in extensions)
        {
            if (IsNothing(value.In(data))) continue;
            ref var piece = ref pieces.Add(OpenAIChatPieceKind.Extension);
            (piece.Choice, piece.Name, piece.Json) = (choice, name, value);
        }
    }

    private void AddFinish(in Members members, OpenAIChatChoiceState state, ReadOnlySpan<byte> data)
    {
        if (!members.FinishReason.HasContent || state.Finished) return;
        state.Finished = true;
        var reason = OpenAIChatFinishReasons.Read(members.FinishReason.In(data));
        // Agents end their loop on stop; a provider that sends stop after tool calls means the calls.
        if (reason == FinishReason.Stop && state.CalledTool) reason = FinishReason.ToolCalls;
        var native = members.NativeFinishReason.HasContent ? members.NativeFinishReason : members.FinishReason;
        pieces.AddText(OpenAIChatPieceKind.ChoiceFinished, members.Index, WordOrNone(native)).Reason = reason;
    }

    private OpenAIChatChoiceState StateOf(int choice)
    {
        if (choice is < 0 or >= MaxChoices) throw new UpstreamFormatException($"choices[].index: expected 0 to {MaxChoices - 1}.");
        if (choice >= states.Length) Array.Resize(ref states, Math.Max(choice + 1, Math.Min(states.Length * 2, MaxChoices)));
        return states[choice] ??= new OpenAIChatChoiceState();
    }

    /// <summary>Members of a choice, gathered before any piece is made: they may come in any order, and the index last.</summary>
    private struct Members
    {
        public int Index;
        public JsonRange Content, ContentParts, Refusal, Reasoning, ReasoningContent, ReasoningDetails, ToolCalls, FunctionCall, Images;
        public JsonRange Logprobs, FinishReason, NativeFinishReason;
    }
}
