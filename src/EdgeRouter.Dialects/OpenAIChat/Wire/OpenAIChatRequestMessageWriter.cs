using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using Members = EdgeRouter.Dialects.OpenAIChat.Caller.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Wire;

/// <summary>Writes messages for a provider. A turn of one plain text is written as a string, which every provider takes.</summary>
internal readonly struct OpenAIChatRequestMessageWriter(Utf8JsonWriter json, WireTarget target, ICollection<string> dropped)
{
    /// <summary>
    /// Stands in for the reasoning before a tool call that the client did not hand back, as clients of OpenAI's API never do, or that another model
    /// made. The providers that take reasoning back answer 400 without it, and take an empty text for none; a blank is what they are known to accept.
    /// </summary>
    private const string LostReasoning = " ";

    /// <summary>Writes the member <c>messages</c>.</summary>
    public void Write(IReadOnlyList<ChatMessage> messages)
    {
        json.WriteStartArray(Members.Messages.Utf8Name);
        foreach (var message in messages) WriteMessage(message);
        json.WriteEndArray();
    }

    /// <summary>Writes a cache marker's value.</summary>
    public static void WriteCacheControl(Utf8JsonWriter json, CacheControl marker)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "ephemeral"u8);
        if (marker.Ttl is not null) json.WriteString("ttl"u8, marker.Ttl);
        json.WriteEndObject();
    }

    private void WriteMessage(ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role switch
        {
            ChatRole.System => "system"u8,
            ChatRole.Developer => "developer"u8,
            ChatRole.Assistant => "assistant"u8,
            ChatRole.Tool => "tool"u8,
            _ => "user"u8,
        });
        if (message.Name is not null) json.WriteString("name"u8, message.Name);
        if (message.ToolCallId is not null) json.WriteString("tool_call_id"u8, message.ToolCallId);
        WriteContent(message);
        if (message.Refusal is not null) json.WriteString("refusal"u8, message.Refusal);
        WriteReasoning(message);
        WriteToolCalls(message.ToolCalls);
        foreach (var (name, value) in message.Extensions)
        {
            if (message.Role == ChatRole.Assistant && name.Equals("model", StringComparison.Ordinal)) continue;
            json.WritePropertyName(name);
            OpenAIChatRequestWriter.WriteRaw(json, value);
        }
        json.WriteEndObject();
    }

    private void WriteContent(ChatMessage message)
    {
        json.WritePropertyName("content"u8);
        if (message.Content.Count == 0)
        {
            // Only an assistant's content may be null; but some providers want the key there.
            if (message.Role == ChatRole.Assistant) json.WriteNullValue();
            else json.WriteStringValue(""u8);
        }
        else if (message.Content is [TextPart { CacheControl: null, Extensions.Count: 0 } text]) json.WriteStringValue(text.Text);
        else
        {
            json.WriteStartArray();
            foreach (var part in message.Content) new OpenAIChatRequestPartWriter(json, target, dropped).Write(part);
            json.WriteEndArray();
        }
    }

    private void WriteReasoning(ChatMessage message)
    {
        var detailsName = target.OptInNameOf(OpenAIChatRequestTarget.ReasoningDetails);
        if (target.OptInNameOf(OpenAIChatRequestTarget.ReasoningText) is { } textName)
        {
            var text = message.Reasoning ?? TextOf(message.ReasoningDetails);
            if (string.IsNullOrEmpty(text) && detailsName is null && message.ToolCalls.Count > 0) text = LostReasoning;
            if (text is not null) json.WriteString(textName, text);
        }
        if (message.ReasoningDetails.Count == 0 || detailsName is null) return;
        json.WriteStartArray(detailsName);
        foreach (var detail in message.ReasoningDetails) WriteReasoningDetail(detail);
        json.WriteEndArray();
    }

    /// <summary>What the structured form says in plain text; null: nothing. Some clients hand back only that form.</summary>
    private static string? TextOf(IReadOnlyList<ReasoningDetail> details)
    {
        string? text = null;
        foreach (var detail in details)
            if (detail.Kind == ReasoningDetailKind.Text) text += detail.Text;
        return text;
    }

    private void WriteReasoningDetail(ReasoningDetail detail)
    {
        if (detail.Json is { } verbatim)
        {
            OpenAIChatRequestWriter.WriteRaw(json, verbatim);
            return;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, detail.Kind switch
        {
            ReasoningDetailKind.Summary => "reasoning.summary"u8,
            ReasoningDetailKind.Encrypted => "reasoning.encrypted"u8,
            _ => "reasoning.text"u8,
        });
        if (detail.Text is not null) json.WriteString(detail.Kind == ReasoningDetailKind.Summary ? "summary"u8 : "text"u8, detail.Text);
        if (detail.Data is not null) json.WriteString("data"u8, detail.Data);
        if (detail.Signature is not null) json.WriteString("signature"u8, detail.Signature);
        if (detail.Id is not null) json.WriteString("id"u8, detail.Id);
        if (detail.Format is not null) json.WriteString("format"u8, detail.Format);
        if (detail.Index is { } index) json.WriteNumber("index"u8, index);
        json.WriteEndObject();
    }

    private void WriteToolCalls(IReadOnlyList<ToolCall> calls)
    {
        if (calls.Count == 0) return;
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments);
            OpenAIChatRequestExtensions.WriteInner(json, call.Extensions, "function.");
            json.WriteEndObject();
            OpenAIChatRequestExtensions.WriteOuter(json, call.Extensions, "function.");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
