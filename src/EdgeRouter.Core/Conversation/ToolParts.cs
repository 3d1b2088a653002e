namespace EdgeRouter.Core.Conversation;

/// <summary>A call of a function by the model.</summary>
/// <param name="Id">Call id; unique in the conversation.</param>
/// <param name="Name">Function name. Empty only in a <see cref="PartStarted"/> of a provider that sends it later.</param>
/// <param name="Arguments">The arguments as the model wrote them: usually a JSON object, possibly malformed, never parsed by the router.</param>
public sealed record ToolCallPart(string Id, string Name, string Arguments) : ContentPart
{
    /// <summary>A signature over the call that the provider wants back with it (Gemini's thoughtSignature).</summary>
    public string? Signature { get; init; }
}

/// <summary>What a tool answered.</summary>
/// <param name="CallId">The id of the <see cref="ToolCallPart"/> that it answers.</param>
/// <param name="Content">The answer, in order: texts and media.</param>
public sealed record ToolResultPart(string CallId, IReadOnlyList<ContentPart> Content) : ContentPart
{
    /// <summary>Whether the tool failed and the content says why.</summary>
    public bool IsError { get; init; }
}
