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

    /// <summary>A tool's result.</summary>
    Tool,
}

/// <summary>One turn.</summary>
public sealed record ChatMessage
{
    /// <summary>Who speaks.</summary>
    public required ChatRole Role { get; init; }

    /// <summary>What is said, in order. Plain string content is one <see cref="TextPart"/>; null content is empty.</summary>
    public IReadOnlyList<ContentPart> Content { get; init; } = [];

    /// <summary>Participant name.</summary>
    public string? Name { get; init; }

    /// <summary>Calls made by an assistant turn.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>The call that a tool turn answers; set exactly on tool turns.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>An assistant's refusal text.</summary>
    public string? Refusal { get; init; }

    /// <summary>An assistant's plain reasoning text.</summary>
    public string? Reasoning { get; init; }

    /// <summary>An assistant's structured reasoning, in order, as it must be handed back to the model.</summary>
    public IReadOnlyList<ReasoningDetail> ReasoningDetails { get; init; } = [];

    /// <summary>Any further members of the message as raw JSON by name (for example <c>annotations</c>, <c>model</c>, <c>audio</c>, <c>images</c>).</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = ChatRequest.EmptyExtensions;
}

/// <summary>A call of a function by the model.</summary>
/// <param name="Id">Call id; unique in the conversation.</param>
/// <param name="Name">Function name.</param>
/// <param name="Arguments">The arguments as the model wrote them: usually a JSON object, possibly malformed, never parsed by the router.</param>
public sealed record ToolCall(string Id, string Name, string Arguments)
{
    /// <summary>A signature over the call that the provider wants back with it (Gemini's thoughtSignature).</summary>
    public string? Signature { get; init; }

    /// <summary>
    /// Members without a property, as raw JSON by their path in the OpenAI Chat dialect below this object (<c>extra_content</c>, <c>function.x</c>).
    /// Only upstreams of that dialect get them.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = ChatRequest.EmptyExtensions;
}

/// <summary>A piece of content.</summary>
public abstract record ContentPart
{
    /// <summary>Prompt-caching marker behind this part.</summary>
    public CacheControl? CacheControl { get; init; }

    /// <summary>
    /// Members without a property, as raw JSON by their path in the OpenAI Chat dialect below this object (<c>video_url.processing</c>). Only
    /// upstreams of that dialect get them.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = ChatRequest.EmptyExtensions;
}

/// <summary>Text.</summary>
public sealed record TextPart(string Text) : ContentPart;

/// <summary>An image.</summary>
/// <param name="Url">An http(s) URL, or a <c>data:</c> URL with base64 data.</param>
/// <param name="Detail">auto, low, high, original or null.</param>
public sealed record ImagePart(string Url, string? Detail = null) : ContentPart;

/// <summary>Audio.</summary>
/// <param name="Data">Base64.</param>
/// <param name="Format">wav, mp3, aiff, aac, ogg, flac, m4a, pcm16 or pcm24.</param>
public sealed record AudioPart(string Data, string Format) : ContentPart;

/// <summary>A video.</summary>
/// <param name="Url">An http(s) or <c>data:</c> URL.</param>
public sealed record VideoPart(string Url) : ContentPart;

/// <summary>A file, mostly PDF. At least one of <paramref name="Data"/> and <paramref name="FileId"/> is set.</summary>
/// <param name="FileName">Name, if given.</param>
/// <param name="Data">An http(s) URL, or a <c>data:</c> URL with base64 data.</param>
/// <param name="FileId">Id of a file at the provider.</param>
public sealed record FilePart(string? FileName, string? Data, string? FileId) : ContentPart;

/// <summary>A part of a type that the router does not know, kept for upstreams of the same dialect.</summary>
/// <param name="Type">Its <c>type</c>.</param>
/// <param name="Json">The whole part.</param>
public sealed record UnknownPart(string Type, JsonElement Json) : ContentPart;

/// <summary>Kind of <see cref="ReasoningDetail"/>.</summary>
public enum ReasoningDetailKind
{
    /// <summary>Plain reasoning (<c>reasoning.text</c>): <see cref="ReasoningDetail.Text"/> and perhaps <see cref="ReasoningDetail.Signature"/>.</summary>
    Text,

    /// <summary>A summary (<c>reasoning.summary</c>): <see cref="ReasoningDetail.Text"/>.</summary>
    Summary,

    /// <summary>Opaque reasoning (<c>reasoning.encrypted</c>): <see cref="ReasoningDetail.Data"/>.</summary>
    Encrypted,

    /// <summary>Any other type; kept verbatim in <see cref="ReasoningDetail.Json"/>.</summary>
    Other,
}

/// <summary>
/// One block of structured reasoning. In a stream it is a delta: texts of the same index are joined by the receiver.
/// </summary>
public sealed record ReasoningDetail
{
    /// <summary>Kind.</summary>
    public required ReasoningDetailKind Kind { get; init; }

    /// <summary>Text of a text or summary block.</summary>
    public string? Text { get; init; }

    /// <summary>Provider's signature over the block.</summary>
    public string? Signature { get; init; }

    /// <summary>Opaque data of an encrypted block.</summary>
    public string? Data { get; init; }

    /// <summary>Block id.</summary>
    public string? Id { get; init; }

    /// <summary>Who wrote it, for example <c>anthropic-claude-v1</c> or <c>google-gemini-v1</c>. A provider only gets its own back.</summary>
    public string? Format { get; init; }

    /// <summary>Position among the reasoning blocks of the message.</summary>
    public int? Index { get; init; }

    /// <summary>The whole block, of kind <see cref="ReasoningDetailKind.Other"/>.</summary>
    public JsonElement? Json { get; init; }
}

/// <summary>Values of <see cref="ReasoningDetail.Format"/>.</summary>
public static class ReasoningFormats
{
    /// <summary>Anthropic thinking blocks.</summary>
    public const string Anthropic = "anthropic-claude-v1";

    /// <summary>Gemini thoughts and thought signatures.</summary>
    public const string Gemini = "google-gemini-v1";

    /// <summary>OpenAI Responses reasoning items.</summary>
    public const string OpenAIResponses = "openai-responses-v1";

    /// <summary>Not known.</summary>
    public const string Unknown = "unknown";
}
