using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>A content block as it is sent.</summary>
internal abstract class AnthropicBlock
{
    public CacheControl? CacheControl { get; set; }

    /// <summary>Whether it may have a caching marker.</summary>
    public virtual bool Cacheable => true;
}

internal sealed class TextBlock(string text) : AnthropicBlock
{
    public string Text { get; set; } = text;
}

/// <summary>An image or document with its source.</summary>
/// <param name="type"><c>image</c> or <c>document</c>.</param>
/// <param name="source"><c>base64</c>, <c>url</c>, <c>text</c> or <c>file</c>.</param>
/// <param name="mediaType">Of base64 and text sources.</param>
/// <param name="data">The data, URL, text or file id.</param>
internal sealed class MediaBlock(string type, string source, string? mediaType, ReadOnlyMemory<char> data) : AnthropicBlock
{
    public string Type => type;

    public string Source => source;

    public string? MediaType => mediaType;

    public ReadOnlyMemory<char> Data => data;

    public string? Title { get; init; }
}

internal sealed class ToolUseBlock(string id, string name, JsonElement input) : AnthropicBlock
{
    public string Id => id;

    public string Name => name;

    public JsonElement Input => input;
}

internal sealed class ToolResultBlock(string toolUseId, List<AnthropicBlock> content) : AnthropicBlock
{
    public string ToolUseId => toolUseId;

    public List<AnthropicBlock> Content => content;

    public bool IsError { get; init; }
}

internal sealed class ThinkingBlock(string text, string signature) : AnthropicBlock
{
    public string Text => text;

    public string Signature => signature;

    public override bool Cacheable => false;
}

internal sealed class RedactedThinkingBlock(string data) : AnthropicBlock
{
    public string Data => data;

    public override bool Cacheable => false;
}
