using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using Messages = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestMessageSchema;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Reading;

/// <summary>Reads the reasoning that an assistant's message returns, in all its spellings.</summary>
internal static class OpenAIChatRequestReasoningReader
{
    /// <summary>Adds the blocks of <c>reasoning_details</c>, with the plain text beside them; or where there are no blocks, the plain text.</summary>
    public static void Add(JsonElement? details, string? plain, List<ContentPart> parts)
    {
        var readable = plain;
        if (details is { } given)
        {
            foreach (var block in given.EnumerateArray())
            {
                parts.Add(ReadBlock(block, readable));
                readable = null;
            }
        }
        if (readable is not null) parts.Add(new ReasoningPart(ReasoningKind.Plain) { Text = readable });
    }

    /// <summary>Reads a block among the texts and media, in Anthropic's spelling; null: it is something else.</summary>
    public static ReasoningPart? ReadContent(string type, JsonElement part) => type switch
    {
        "thinking" => new ReasoningPart(ReasoningKind.Text)
        {
            Text = TextOf(part, "thinking"u8),
            Signature = TextOf(part, "signature"u8),
            Format = ReasoningFormats.Anthropic,
            IsContent = true,
            Json = part.Clone(),
        },
        "redacted_thinking" => new ReasoningPart(ReasoningKind.Encrypted)
        {
            Data = TextOf(part, "data"u8),
            Format = ReasoningFormats.Anthropic,
            IsContent = true,
            Json = part.Clone(),
        },
        _ => null,
    };

    private static ReasoningPart ReadBlock(JsonElement block, string? readable)
    {
        var kind = block.Text(Messages.BlockType.Name) switch
        {
            "reasoning.text" => ReasoningKind.Text,
            "reasoning.summary" => ReasoningKind.Summary,
            "reasoning.encrypted" => ReasoningKind.Encrypted,
            _ => ReasoningKind.Other,
        };
        return new ReasoningPart(kind)
        {
            Text = kind switch
            {
                ReasoningKind.Text => block.Text(Messages.BlockText.Name),
                ReasoningKind.Summary => block.Text(Messages.BlockSummary.Name),
                _ => null,
            },
            Readable = readable,
            Signature = kind == ReasoningKind.Text ? block.Text(Messages.BlockSignature.Name) : null,
            Data = kind == ReasoningKind.Encrypted ? block.Text(Messages.BlockData.Name) : null,
            Id = block.Text(Messages.BlockId.Name),
            Format = block.Text(Messages.BlockFormat.Name),
            Index = block.Member(Messages.BlockIndex.Name)?.GetInt32(),
            Json = kind == ReasoningKind.Other ? block.Clone() : null,
        };
    }

    private static string? TextOf(JsonElement part, ReadOnlySpan<byte> name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
