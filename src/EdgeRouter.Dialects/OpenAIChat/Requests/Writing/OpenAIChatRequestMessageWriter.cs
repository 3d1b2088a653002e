using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;
using Messages = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestMessageSchema;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>
/// Writes messages for a provider. The wire has a member for each kind of thing and no order between them, so that the parts of a turn are gathered
/// by kind. A turn of one plain text is written as a string, which every provider takes; each result of a tool is a message.
/// </summary>
internal readonly struct OpenAIChatRequestMessageWriter(Utf8JsonWriter json, WireTarget target, ICollection<string> dropped)
{
    /// <summary>Writes the member <c>messages</c>.</summary>
    public void Write(IReadOnlyList<ChatMessage> messages)
    {
        json.WriteStartArray(Members.Messages.Utf8Name);
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Tool) WriteResults(message);
            else WriteMessage(message);
        }
        json.WriteEndArray();
    }

    /// <summary>Writes a cache marker's value.</summary>
    public static void WriteCacheControl(Utf8JsonWriter json, CacheControl marker)
    {
        json.WriteStartObject();
        json.WriteString(OpenAIChatRequestSchema.CacheType.Utf8Name, "ephemeral"u8);
        if (marker.Ttl is not null) json.WriteString(OpenAIChatRequestSchema.CacheTtl.Utf8Name, marker.Ttl);
        json.WriteEndObject();
    }

    private void WriteResults(ChatMessage message)
    {
        foreach (var result in message.Content.Of<ToolResultPart>())
        {
            if (result.IsError) target.Drop(RequestPlace.OfAnyPart(RequestField.IsError), dropped);
            Begin("tool"u8, message.Name);
            json.WriteString(Messages.ToolCallId.Utf8Name, result.CallId);
            WriteContent(result.Content, mayBeNull: false);
            End(message);
        }
    }

    private void WriteMessage(ChatMessage message)
    {
        Begin(message.Role switch
        {
            ChatRole.System => "system"u8,
            ChatRole.Developer => "developer"u8,
            ChatRole.Assistant => "assistant"u8,
            _ => "user"u8,
        }, message.Name);
        WriteContent(message.Content, mayBeNull: message.Role == ChatRole.Assistant);
        if (message.Role == ChatRole.Assistant) WriteAnswer(message.Content);
        End(message);
    }

    private void WriteAnswer(IReadOnlyList<ContentPart> content)
    {
        if (JoinRefusals(content) is { } refusal) json.WriteString(Messages.Refusal.Utf8Name, refusal);
        new OpenAIChatRequestReasoningWriter(json, target).Write(content);
        WriteToolCalls(content);
        WriteImages(content);
        WriteCitations(content);
    }

    private void Begin(ReadOnlySpan<byte> role, string? name)
    {
        json.WriteStartObject();
        json.WriteString(Messages.Role.Utf8Name, role);
        if (name is not null) json.WriteString(Messages.Name.Utf8Name, name);
    }

    private void End(ChatMessage message)
    {
        foreach (var (name, value) in message.Extensions)
        {
            if (message.Role == ChatRole.Assistant && name.Equals(Messages.Model.Name, StringComparison.Ordinal)) continue;
            json.WritePropertyName(name);
            OpenAIChatRequestWriter.WriteRaw(json, value);
        }
        json.WriteEndObject();
    }

    private void WriteContent(IReadOnlyList<ContentPart> content, bool mayBeNull)
    {
        json.WritePropertyName(Messages.Content.Utf8Name);
        var count = 0;
        ContentPart? last = null;
        for (var i = 0; i < content.Count; i++)
        {
            if (!IsContent(content[i])) continue;
            count++;
            last = content[i];
        }
        // Only an assistant's content may be null; but some providers require the key there.
        if (count == 0 && mayBeNull) json.WriteNullValue();
        else if (count == 0) json.WriteStringValue(""u8);
        else if (count == 1 && last is TextPart { CacheControl: null, Extensions.Count: 0 } text) json.WriteStringValue(text.Text);
        else
        {
            json.WriteStartArray();
            var writer = new OpenAIChatRequestPartWriter(json, target, dropped);
            for (var i = 0; i < content.Count; i++)
                if (IsContent(content[i])) writer.Write(content[i]);
            json.WriteEndArray();
        }
    }

    /// <summary>Whether the part belongs in <c>content</c>; the others have members of their own.</summary>
    private static bool IsContent(ContentPart part) =>
        part is TextPart or AudioPart or VideoPart or FilePart or ImagePart { IsGenerated: false } or RefusalPart { IsContent: true }
            or ReasoningPart { IsContent: true };

    private static string? JoinRefusals(IReadOnlyList<ContentPart> content)
    {
        var text = default(JoinedText);
        foreach (var refusal in content.Of<RefusalPart>())
            if (!refusal.IsContent) text.Add(refusal.Text);
        return text.Value;
    }

    private void WriteToolCalls(IReadOnlyList<ContentPart> content)
    {
        var any = false;
        foreach (var call in content.Of<ToolCallPart>())
        {
            if (!any) json.WriteStartArray(Messages.ToolCalls.Utf8Name);
            any = true;
            json.WriteStartObject();
            json.WriteString(Messages.CallId.Utf8Name, call.Id);
            json.WriteString(Messages.CallType.Utf8Name, "function"u8);
            json.WriteStartObject(Messages.Function.Utf8Name);
            json.WriteString(Messages.FunctionName.Utf8Name, call.Name);
            json.WriteString(Messages.Arguments.Utf8Name, call.Arguments);
            OpenAIChatRequestExtensions.WriteInner(json, call.Extensions, Messages.Function);
            json.WriteEndObject();
            OpenAIChatRequestExtensions.WriteOuter(json, call.Extensions, Messages.Function);
            json.WriteEndObject();
        }
        if (any) json.WriteEndArray();
    }

    private void WriteImages(IReadOnlyList<ContentPart> content)
    {
        var any = false;
        foreach (var image in content.Of<ImagePart>())
        {
            if (!image.IsGenerated) continue;
            if (!any) json.WriteStartArray(Messages.Images.Utf8Name);
            any = true;
            if (image.Json is { } given) OpenAIChatRequestWriter.WriteRaw(json, given);
            else new OpenAIChatRequestPartWriter(json, target, dropped).Write(image);
        }
        if (any) json.WriteEndArray();
    }

    private void WriteCitations(IReadOnlyList<ContentPart> content)
    {
        var any = false;
        foreach (var citation in content.Of<CitationPart>())
        {
            // Those of other wires were shown to the caller; a model has no use for them.
            if (citation.Json is not { } given) continue;
            if (!any) json.WriteStartArray(Messages.Annotations.Utf8Name);
            any = true;
            OpenAIChatRequestWriter.WriteRaw(json, given);
        }
        if (any) json.WriteEndArray();
    }
}
