using System.Text.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Writes an arranged conversation: <c>system</c> and <c>messages</c>.</summary>
internal static class AnthropicMessageWriter
{
    public static void Write(Utf8JsonWriter writer, AnthropicConversation conversation)
    {
        if (conversation.System.Count > 0)
        {
            writer.WritePropertyName("system"u8);
            WriteBlocks(writer, conversation.System);
        }
        writer.WriteStartArray("messages"u8);
        foreach (var turn in conversation.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, turn.Assistant ? "assistant"u8 : "user"u8);
            writer.WritePropertyName("content"u8);
            WriteBlocks(writer, turn.Blocks);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteBlocks(Utf8JsonWriter writer, List<AnthropicBlock> blocks)
    {
        writer.WriteStartArray();
        foreach (var block in blocks)
        {
            writer.WriteStartObject();
            WriteMembers(writer, block);
            AnthropicCaching.Write(writer, block.CacheControl);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter writer, AnthropicBlock block)
    {
        switch (block)
        {
            case TextBlock text:
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("text"u8, text.Text);
                break;
            case MediaBlock media:
                WriteMedia(writer, media);
                break;
            case ToolUseBlock call:
                writer.WriteString("type"u8, "tool_use"u8);
                writer.WriteString("id"u8, call.Id);
                writer.WriteString("name"u8, call.Name);
                AnthropicRequestJson.WriteRaw(writer, "input"u8, call.Input);
                break;
            case ToolResultBlock result:
                writer.WriteString("type"u8, "tool_result"u8);
                writer.WriteString("tool_use_id"u8, result.ToolUseId);
                if (result.IsError) writer.WriteBoolean("is_error"u8, true);
                if (result.Content.Count == 0) break;
                writer.WritePropertyName("content"u8);
                WriteBlocks(writer, result.Content);
                break;
            case ThinkingBlock thinking:
                writer.WriteString("type"u8, "thinking"u8);
                writer.WriteString("thinking"u8, thinking.Text);
                writer.WriteString("signature"u8, thinking.Signature);
                break;
            case RedactedThinkingBlock redacted:
                writer.WriteString("type"u8, "redacted_thinking"u8);
                writer.WriteString("data"u8, redacted.Data);
                break;
        }
    }

    private static void WriteMedia(Utf8JsonWriter writer, MediaBlock media)
    {
        writer.WriteString("type"u8, media.Type);
        writer.WriteStartObject("source"u8);
        writer.WriteString("type"u8, media.Source);
        if (media.MediaType is not null) writer.WriteString("media_type"u8, media.MediaType);
        var member = media.Source switch { "url" => "url", "file" => "file_id", _ => "data" };
        writer.WriteString(member, media.Data.Span);
        writer.WriteEndObject();
        if (media.Title is { Length: > 0 }) writer.WriteString("title"u8, media.Title);
    }
}
