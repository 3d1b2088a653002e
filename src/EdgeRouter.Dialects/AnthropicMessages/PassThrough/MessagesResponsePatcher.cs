using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.PassThrough;

/// <summary>
/// The fast path for whole answers: writes what <see cref="CanonicalResponseTranscoder"/> writes, but copies the content from the provider's bytes, with
/// what the content model has no place for (blocks of server tools, citations of documents). Not thread-safe.
/// </summary>
internal sealed class MessagesResponsePatcher(AnswerHeader header) : IResponseTranscoder
{
    private ReadOnlyMemory<byte> body;
    private ChatResponse? response;

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        this.body = body;
        response = AnthropicResponseReader.Read(body);
        progress.Observe(response);
    }

    /// <inheritdoc/>
    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        if (response is null) throw new InvalidOperationException("Nothing was read.");
        using var document = JsonDocument.Parse(body);
        var message = document.RootElement;
        var choice = response.Choices[0];
        MessagesBlockLayout.OpenMessage(header, output);
        var hasBlocks = false;
        foreach (var block in message.GetProperty("content"u8).EnumerateArray()) Write(block, ref hasBlocks, output);
        var content = choice.Message.Content;
        var reason = MessagesStopReasons.Of(choice.FinishReason, choice.NativeFinishReason, content.Has<ToolCallPart>(), content.Has<RefusalPart>());
        MessagesBlockLayout.CloseContent(reason, choice.StopSequence, output);
        MessagesUsageWriter.Write(usage, response.ServiceTier, output);
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}"u8);
    }

    private void Write(JsonElement block, ref bool hasBlocks, IBufferWriter<byte> output)
    {
        var type = block.GetProperty("type"u8);
        if (type.ValueEquals("text"u8))
        {
            var text = Raw(block, "text"u8);
            var isCited = block.TryGetProperty("citations"u8, out var citations) && citations.ValueKind == JsonValueKind.Array
                && citations.GetArrayLength() > 0;
            if (text.IsEmpty && !isCited) return;
            Next(ref hasBlocks, output);
            MessagesBlockLayout.OpenText(JsonText.Raw(text), isCited, output);
            if (isCited) WriteCitations(citations, output);
        }
        else if (type.ValueEquals("thinking"u8))
        {
            var text = header.ExcludeReasoning ? default : Raw(block, "thinking"u8);
            var signature = Raw(block, "signature"u8);
            if (text.IsEmpty && signature.IsEmpty) return;
            Next(ref hasBlocks, output);
            MessagesBlockLayout.WriteThinking(JsonText.Raw(text), JsonText.Raw(signature), output);
        }
        else if (type.ValueEquals("redacted_thinking"u8))
        {
            Next(ref hasBlocks, output);
            MessagesBlockLayout.WriteRedacted(JsonText.Raw(Raw(block, "data"u8)), output);
        }
        else if (type.ValueEquals("tool_use"u8))
        {
            Next(ref hasBlocks, output);
            MessagesBlockLayout.WriteToolUse(JsonText.Raw(Raw(block, "id"u8)), JsonText.Raw(Raw(block, "name"u8)),
                AnthropicJson.Object(block, "input"u8) ?? "", output);
        }
        else
        {
            Next(ref hasBlocks, output);
            JsonBytes.Write(block, output);
        }
    }

    private static void WriteCitations(JsonElement citations, IBufferWriter<byte> output)
    {
        var isFirst = true;
        foreach (var citation in citations.EnumerateArray())
        {
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            JsonBytes.Write(citation, output);
        }
        output.Write("]}"u8);
    }

    private static void Next(ref bool hasBlocks, IBufferWriter<byte> output)
    {
        if (hasBlocks) output.Write(","u8);
        hasBlocks = true;
    }

    /// <summary>The content of a string, without its quotes; empty: there is none.</summary>
    private static ReadOnlySpan<byte> Raw(JsonElement block, ReadOnlySpan<byte> name) =>
        block.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? JsonMarshal.GetRawUtf8Value(value)[1..^1] : default;
}
