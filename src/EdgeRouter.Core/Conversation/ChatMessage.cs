using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>Who speaks.</summary>
public enum ChatRole
{
    /// <summary>Instructions.</summary>
    System,

    /// <summary>Instructions of the application's developer (OpenAI's successor of system).</summary>
    Developer,

    /// <summary>The end user.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>Results of tools; the content is <see cref="ToolResultPart"/>s.</summary>
    Tool,
}

/// <summary>One turn: an ordered list of parts.</summary>
public sealed record ChatMessage
{
    /// <summary>Who speaks.</summary>
    public required ChatRole Role { get; init; }

    /// <summary>
    /// Its parts, in order; may be empty. A reader keeps the order of its wire. A wire that has a member for each kind instead of an order (OpenAI
    /// Chat) is read as: reasoning, text and media, refusal, generated images, tool calls, citations.
    /// </summary>
    public IReadOnlyList<ContentPart> Content { get; init; } = [];

    /// <summary>Participant name.</summary>
    public string? Name { get; init; }

    /// <summary>Members of the message without a part or property, as raw JSON by their name in the OpenAI Chat format (<c>audio</c>).</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = ChatRequest.EmptyExtensions;
}
