using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Requests;

/// <summary>Writes an arranged conversation: <c>system</c> and <c>messages</c>.</summary>
internal sealed class ConverseMessageWriter
{
    private readonly Utf8JsonWriter writer;
    private readonly AnthropicRequestScope scope;
    private int documents;

    private ConverseMessageWriter(Utf8JsonWriter writer, AnthropicRequestScope scope)
    {
        this.writer = writer;
        this.scope = scope;
    }

    /// <exception cref="RouterException">400: a file has no form on this wire.</exception>
    public static void Write(Utf8JsonWriter writer, AnthropicConversation conversation, AnthropicRequestScope scope) =>
        new ConverseMessageWriter(writer, scope).Write(conversation);

    /// <summary>A cache point, which stands behind what is cached.</summary>
    public static void WriteCachePoint(Utf8JsonWriter writer, CacheControl? marker)
    {
        if (marker is null) return;
        writer.WriteStartObject();
        writer.WriteStartObject("cachePoint"u8);
        writer.WriteString("type"u8, "default"u8);
        if (marker.Ttl is not null) writer.WriteString("ttl"u8, marker.Ttl);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void Write(AnthropicConversation conversation)
    {
        if (conversation.System.Count > 0)
        {
            writer.WritePropertyName("system"u8);
            WriteBlocks(conversation.System);
        }
        writer.WriteStartArray("messages"u8);
        foreach (var turn in conversation.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, turn.Assistant ? "assistant"u8 : "user"u8);
            writer.WritePropertyName("content"u8);
            WriteBlocks(turn.Blocks);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteBlocks(List<AnthropicBlock> blocks)
    {
        writer.WriteStartArray();
        foreach (var block in blocks)
        {
            writer.WriteStartObject();
            WriteBlock(block);
            writer.WriteEndObject();
            WriteCachePoint(writer, block.CacheControl);
        }
        writer.WriteEndArray();
    }

    private void WriteBlock(AnthropicBlock block)
    {
        switch (block)
        {
            case TextBlock text:
                writer.WriteString("text"u8, text.Text);
                break;
            case MediaBlock { Type: "image" } image:
                WriteImage(image);
                break;
            case MediaBlock file:
                WriteDocument(file);
                break;
            case ToolUseBlock call:
                writer.WriteStartObject("toolUse"u8);
                writer.WriteString("toolUseId"u8, call.Id);
                writer.WriteString("name"u8, call.Name);
                AnthropicRequestJson.WriteRaw(writer, "input"u8, call.Input);
                writer.WriteEndObject();
                break;
            case ToolResultBlock result:
                WriteResult(result);
                break;
            case ThinkingBlock thinking:
                writer.WriteStartObject("reasoningContent"u8);
                writer.WriteStartObject("reasoningText"u8);
                writer.WriteString("text"u8, thinking.Text);
                writer.WriteString("signature"u8, thinking.Signature);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case RedactedThinkingBlock redacted:
                writer.WriteStartObject("reasoningContent"u8);
                writer.WriteString("redactedContent"u8, redacted.Data);
                writer.WriteEndObject();
                break;
        }
    }

    private void WriteResult(ToolResultBlock result)
    {
        writer.WriteStartObject("toolResult"u8);
        writer.WriteString("toolUseId"u8, result.ToolUseId);
        writer.WritePropertyName("content"u8);
        WriteBlocks(result.Content);
        if (result.IsError) writer.WriteString("status"u8, "error"u8);
        writer.WriteEndObject();
    }

    private void WriteImage(MediaBlock image)
    {
        if (image.MediaType is null) throw scope.Refuse(RequestPlace.Messages, "expected images as data: URLs: this provider fetches none");
        writer.WriteStartObject("image"u8);
        writer.WriteString("format"u8, image.MediaType.AsSpan(image.MediaType.IndexOf('/', StringComparison.Ordinal) + 1));
        writer.WriteStartObject("source"u8);
        writer.WriteString("bytes"u8, image.Data.Span);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteDocument(MediaBlock file)
    {
        if (file.MediaType is null) throw scope.Refuse(RequestPlace.Messages, "expected files as data: URLs: this provider fetches none, and keeps none by id");
        writer.WriteStartObject("document"u8);
        writer.WriteString("format"u8, file.Source == "text" ? "txt"u8 : "pdf"u8);
        writer.WriteString("name"u8, ConverseDocumentName.Of(file.Title, ++documents));
        writer.WriteStartObject("source"u8);
        if (file.Source == "text") writer.WriteBase64String("bytes"u8, Encoding.UTF8.GetBytes(file.Data.ToString()));
        else writer.WriteString("bytes"u8, file.Data.Span);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
