using System.Text.Json;

namespace EdgeRouter.ClientTests.Providers;

/// <summary>A request to a small model, whatever wire it came on.</summary>
internal sealed record Prompt
{
    /// <summary>The provider's model name.</summary>
    public required string Model { get; init; }

    public required Behaviour Behaviour { get; init; }

    public bool Stream { get; init; }

    /// <summary>Texts of the last turn of the user.</summary>
    public required string UserText { get; init; }

    /// <summary>Pictures of the last turn of the user.</summary>
    public IReadOnlyList<Picture> Pictures { get; init; } = [];

    public IReadOnlyList<Tool> Tools { get; init; } = [];

    /// <summary>Whether tools must be, may be, or must not be called.</summary>
    public ToolUse ToolUse { get; init; } = ToolUse.Free;

    /// <summary>The only tool to call; null: any.</summary>
    public string? NamedTool { get; init; }

    public bool ParallelCalls { get; init; } = true;

    /// <summary>What tools answered, when that is the last turn.</summary>
    public IReadOnlyList<string> ToolResults { get; init; } = [];

    /// <summary>JSON Schema of the answer; null: free text.</summary>
    public JsonElement? Schema { get; init; }

    public bool Thinks { get; init; }

    public int? MaxTokens { get; init; }

    /// <summary>Characters of the whole request: what it costs to read.</summary>
    public int Characters { get; init; }
}

internal enum ToolUse
{
    Free,
    Required,
    Forbidden,
}

/// <summary>A tool on offer.</summary>
internal sealed record Tool(string Name, JsonElement? Parameters);

/// <summary>A picture: its bytes, or where they are.</summary>
internal sealed record Picture(string? MediaType, byte[]? Bytes, Uri? Url)
{
    public static Picture FromBase64(string mediaType, string data, string field)
    {
        try
        {
            return new Picture(mediaType, Convert.FromBase64String(data), null);
        }
        catch (FormatException)
        {
            throw RejectedRequest.Invalid(field, "base64");
        }
    }
}
