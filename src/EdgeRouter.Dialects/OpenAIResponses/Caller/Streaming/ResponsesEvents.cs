using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;

/// <summary>Writes the events of one stream, numbered. Their names are their types. Not thread-safe, but for <see cref="Untold"/>.</summary>
internal sealed class ResponsesEvents
{
    /// <summary>Of a whole answer, which has no events.</summary>
    public static readonly ResponsesEvents Untold = new();

    private long sequence;

    /// <summary>Receives the events; null: they are not told.</summary>
    public IBufferWriter<byte>? Output { get; set; }

    /// <summary>Opens an event that carries the response, up to that.</summary>
    public void OpenResponse(ReadOnlySpan<byte> type, IBufferWriter<byte> output)
    {
        Open(type, output);
        output.Write(",\"response\":"u8);
    }

    /// <summary>Ends an event.</summary>
    public static void Close(IBufferWriter<byte> output) => output.Write("}\n\n"u8);

    /// <summary>An item begins.</summary>
    public void BeginItem(ResponsesItem item) => WriteItem("response.output_item.added"u8, item);

    /// <summary>An item is whole.</summary>
    public void EndItem(ResponsesItem item) => WriteItem("response.output_item.done"u8, item);

    /// <summary>A text begins.</summary>
    public void BeginText(ResponsesItem item, ResponsesText text)
    {
        if (Output is not { } output) return;
        OpenText(text.Kind == ResponsesTextKind.Summary ? "response.reasoning_summary_part.added"u8 : "response.content_part.added"u8, item, text, output);
        output.Write(",\"part\":"u8);
        text.Write(output);
        Close(output);
    }

    /// <summary>A piece of a text.</summary>
    /// <param name="item">Its item.</param>
    /// <param name="text">The text.</param>
    /// <param name="piece">The piece, as the content of a JSON string.</param>
    /// <param name="logprobs">Its tokens with their log probabilities; null: none.</param>
    public void Add(ResponsesItem item, ResponsesText text, ReadOnlySpan<byte> piece, JsonElement? logprobs)
    {
        if (Output is not { } output) return;
        OpenText(text.Kind switch
        {
            ResponsesTextKind.Output => "response.output_text.delta"u8,
            ResponsesTextKind.Refusal => "response.refusal.delta"u8,
            ResponsesTextKind.Reasoning => "response.reasoning_text.delta"u8,
            _ => "response.reasoning_summary_text.delta"u8,
        }, item, text, output);
        WriteText(",\"delta\":\""u8, piece, output);
        if (text.Kind == ResponsesTextKind.Output)
        {
            output.Write(",\"logprobs\":"u8);
            ResponsesText.WriteLogprobs(logprobs, output);
        }
        Close(output);
    }

    /// <summary>A citation of a text.</summary>
    public void Add(ResponsesItem item, ResponsesText text, ResponsesAnnotation citation)
    {
        if (Output is not { } output) return;
        OpenText("response.output_text.annotation.added"u8, item, text, output);
        output.Write(",\"annotation_index\":"u8);
        JsonBytes.Write(text.CitationCount, output);
        output.Write(",\"annotation\":"u8);
        citation.Write(output);
        Close(output);
    }

    /// <summary>A text is whole.</summary>
    public void EndText(ResponsesItem item, ResponsesText text)
    {
        if (Output is not { } output) return;
        OpenText(text.Kind switch
        {
            ResponsesTextKind.Output => "response.output_text.done"u8,
            ResponsesTextKind.Refusal => "response.refusal.done"u8,
            ResponsesTextKind.Reasoning => "response.reasoning_text.done"u8,
            _ => "response.reasoning_summary_text.done"u8,
        }, item, text, output);
        WriteText(text.Kind == ResponsesTextKind.Refusal ? ",\"refusal\":\""u8 : ",\"text\":\""u8, text.Text, output);
        if (text.Kind == ResponsesTextKind.Output)
        {
            output.Write(",\"logprobs\":"u8);
            text.WriteLogprobs(output);
        }
        Close(output);
        OpenText(text.Kind == ResponsesTextKind.Summary ? "response.reasoning_summary_part.done"u8 : "response.content_part.done"u8, item, text, output);
        output.Write(",\"part\":"u8);
        text.Write(output);
        Close(output);
    }

    /// <summary>A piece of the arguments of a call.</summary>
    public void AddArguments(ResponsesCallItem call, ReadOnlySpan<byte> piece)
    {
        if (Output is not { } output) return;
        OpenItem("response.function_call_arguments.delta"u8, call, output);
        WriteText(",\"delta\":\""u8, piece, output);
        Close(output);
    }

    /// <summary>The arguments of a call are whole. Those of a custom tool come in one piece, since they were something else before.</summary>
    public void EndArguments(ResponsesCallItem call)
    {
        if (Output is not { } output) return;
        if (call.IsCustom && !call.Arguments.IsEmpty)
        {
            OpenItem("response.custom_tool_call_input.delta"u8, call, output);
            WriteText(",\"delta\":\""u8, call.Arguments, output);
            Close(output);
        }
        OpenItem(call.IsCustom ? "response.custom_tool_call_input.done"u8 : "response.function_call_arguments.done"u8, call, output);
        WriteText(call.IsCustom ? ",\"input\":\""u8 : ",\"arguments\":\""u8, call.Arguments, output);
        if (!call.IsCustom)
        {
            output.Write(",\"name\":"u8);
            ((JsonText)call.Name).WriteValue(output);
        }
        Close(output);
    }

    /// <summary>An image is there.</summary>
    public void EndImage(ResponsesImageItem image)
    {
        if (Output is not { } output) return;
        OpenItem("response.image_generation_call.in_progress"u8, image, output);
        Close(output);
        OpenItem("response.image_generation_call.completed"u8, image, output);
        Close(output);
    }

    /// <summary>An event of an item that is copied, as the provider wrote it but for its numbers.</summary>
    public void Copy(JsonElement copied, int index)
    {
        if (Output is not { } output || OpenAIResponsesJson.Text(copied, "type"u8) is not { } type) return;
        Open(Encoding.UTF8.GetBytes(JsonEncodedText.Encode(type).ToString()), output);
        output.Write(",\"output_index\":"u8);
        JsonBytes.Write(index, output);
        foreach (var member in copied.EnumerateObject())
        {
            if (member.NameEquals("type"u8) || member.NameEquals("sequence_number"u8) || member.NameEquals("output_index"u8)) continue;
            output.Write(","u8);
            ((JsonText)member.Name).WriteValue(output);
            output.Write(":"u8);
            JsonBytes.Write(member.Value, output);
        }
        Close(output);
    }

    /// <summary>An error, which clients throw.</summary>
    public void WriteError(RouterError error, IBufferWriter<byte> output)
    {
        Open("error"u8, output);
        output.Write(",\"code\":"u8);
        ((JsonText)ResponsesStatus.CodeOf(error)).WriteValue(output);
        output.Write(",\"message\":"u8);
        ((JsonText)error.Message).WriteValue(output);
        output.Write(",\"param\":"u8);
        ((JsonText)error.Field).WriteValue(output);
        Close(output);
    }

    /// <summary>What was sent to a provider.</summary>
    public void WriteUpstreamBody(ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        Open("response.debug"u8, output);
        output.Write(",\"debug\":{\"echo_upstream_body\":"u8);
        JsonBytes.WriteMinified(body.Span, output);
        output.Write("}"u8);
        Close(output);
    }

    private void WriteItem(ReadOnlySpan<byte> type, ResponsesItem item)
    {
        if (Output is not { } output) return;
        Open(type, output);
        output.Write(",\"output_index\":"u8);
        JsonBytes.Write(item.Index, output);
        output.Write(",\"item\":"u8);
        item.Write(output);
        Close(output);
    }

    private void Open(ReadOnlySpan<byte> type, IBufferWriter<byte> output)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: {\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"sequence_number\":"u8);
        JsonBytes.Write(sequence++, output);
    }

    private void OpenItem(ReadOnlySpan<byte> type, ResponsesItem item, IBufferWriter<byte> output)
    {
        Open(type, output);
        output.Write(",\"item_id\":"u8);
        ((JsonText)item.Id).WriteValue(output);
        output.Write(",\"output_index\":"u8);
        JsonBytes.Write(item.Index, output);
    }

    private void OpenText(ReadOnlySpan<byte> type, ResponsesItem item, ResponsesText text, IBufferWriter<byte> output)
    {
        OpenItem(type, item, output);
        output.Write(text.Kind == ResponsesTextKind.Summary ? ",\"summary_index\":"u8 : ",\"content_index\":"u8);
        JsonBytes.Write(text.Index, output);
    }

    private static void WriteText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write(name);
        output.Write(text);
        output.Write("\""u8);
    }
}
