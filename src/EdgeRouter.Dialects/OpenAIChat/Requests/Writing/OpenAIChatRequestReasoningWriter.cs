using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>Writes the reasoning of an assistant's message, for the providers that take it back, under their names for it.</summary>
internal readonly struct OpenAIChatRequestReasoningWriter(Utf8JsonWriter json, WireTarget target)
{
    /// <summary>
    /// Replaces lost reasoning before a tool call: clients of OpenAI's API never return it, and that of another model is not sent. The providers that
    /// take reasoning back answer 400 without it, and treat an empty text as none. They accept a blank.
    /// </summary>
    private const string LostReasoning = " ";

    /// <summary>Writes the text, the blocks, both or nothing.</summary>
    public void Write(IReadOnlyList<ContentPart> content)
    {
        var detailsName = target.OptInNameOf(OpenAIChatRequestTarget.ReasoningDetails);
        if (target.OptInNameOf(OpenAIChatRequestTarget.ReasoningText) is { } textName)
        {
            var text = TextOf(content);
            if (string.IsNullOrEmpty(text) && detailsName is null && content.Has<ToolCallPart>()) text = LostReasoning;
            if (text is not null) json.WriteString(textName, text);
        }
        if (detailsName is not null) WriteBlocks(content, detailsName);
    }

    /// <summary>The plain text; where there is none, that of the blocks, since some clients return only these. Null: neither.</summary>
    private static string? TextOf(IReadOnlyList<ContentPart> content)
    {
        string? plain = null, blocks = null;
        foreach (var part in content.Of<ReasoningPart>())
        {
            if (part.IsContent) continue;
            plain = Join(plain, part.Kind == ReasoningKind.Plain ? part.Text : part.Readable);
            if (part.Kind == ReasoningKind.Text) blocks = Join(blocks, part.Text);
        }
        return plain ?? blocks;
    }

    private static string? Join(string? text, string? more) => text is null ? more : text + more;

    private void WriteBlocks(IReadOnlyList<ContentPart> content, string name)
    {
        var any = false;
        foreach (var part in content.Of<ReasoningPart>())
        {
            if (part.IsContent || part.Kind == ReasoningKind.Plain) continue;
            if (!any) json.WriteStartArray(name);
            any = true;
            WriteBlock(part);
        }
        if (any) json.WriteEndArray();
    }

    private void WriteBlock(ReasoningPart block)
    {
        if (block.Json is { } verbatim)
        {
            OpenAIChatRequestWriter.WriteRaw(json, verbatim);
            return;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, block.Kind switch
        {
            ReasoningKind.Summary => "reasoning.summary"u8,
            ReasoningKind.Encrypted => "reasoning.encrypted"u8,
            _ => "reasoning.text"u8,
        });
        if (block.Text is not null) json.WriteString(block.Kind == ReasoningKind.Summary ? "summary"u8 : "text"u8, block.Text);
        if (block.Data is not null) json.WriteString("data"u8, block.Data);
        if (block.Signature is not null) json.WriteString("signature"u8, block.Signature);
        if (block.Id is not null) json.WriteString("id"u8, block.Id);
        if (block.Format is not null) json.WriteString("format"u8, block.Format);
        if (block.Index is { } index) json.WriteNumber("index"u8, index);
        json.WriteEndObject();
    }
}
