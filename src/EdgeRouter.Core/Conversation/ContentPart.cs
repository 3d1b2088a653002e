using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>A piece of a turn.</summary>
public abstract record ContentPart
{
    /// <summary>Prompt-caching marker behind this part.</summary>
    public CacheControl? CacheControl { get; init; }

    /// <summary>
    /// Members without a property, as raw JSON by their path in the OpenAI Chat format below this object (<c>video_url.processing</c>,
    /// <c>function.x</c>). Only providers of that format get them.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = ChatRequest.EmptyExtensions;
}

/// <summary>Text.</summary>
public sealed record TextPart(string Text) : ContentPart
{
    /// <summary>No text: the head of a streamed part.</summary>
    public static readonly TextPart Empty = new("");
}

/// <summary>The model declines, in its own words.</summary>
public sealed record RefusalPart(string Text) : ContentPart
{
    /// <summary>No text: the head of a streamed part.</summary>
    public static readonly RefusalPart Empty = new("");

    /// <summary>Whether a caller of the OpenAI Chat format put it among the texts and media.</summary>
    public bool IsContent { get; init; }
}

/// <summary>A source that the model used.</summary>
/// <param name="Url">The web page.</param>
/// <param name="Title">Its title, if reported.</param>
/// <param name="Content">The passage used, if reported.</param>
/// <param name="Start">First character of the answer's text that it supports; null: not reported.</param>
/// <param name="End">First character after that text; null: not reported.</param>
public sealed record CitationPart(string Url, string? Title = null, string? Content = null, int? Start = null, int? End = null) : ContentPart
{
    /// <summary>The annotation as an OpenAI Chat provider or caller wrote it; null: it comes from another wire.</summary>
    public JsonElement? Json { get; init; }
}
