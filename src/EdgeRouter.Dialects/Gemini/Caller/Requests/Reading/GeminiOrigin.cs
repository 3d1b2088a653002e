namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>Where something of the content model stands in the caller's body.</summary>
/// <param name="Outer">Index of the content, or of the tool; <see cref="System"/>: it is <c>systemInstruction</c>.</param>
/// <param name="Inner">Index of the part, or of the function declaration; null: the whole, a text.</param>
internal readonly record struct GeminiOrigin(int Outer, int? Inner)
{
    /// <summary>The index of <c>systemInstruction</c>.</summary>
    public const int System = -1;
}

/// <summary>Where everything stands in the caller's body. Filled by the reader.</summary>
internal sealed class GeminiOrigins
{
    /// <summary>For each message where its parts stand.</summary>
    public List<List<GeminiOrigin>> Messages { get; } = [];

    /// <summary>For each tool where it stands.</summary>
    public List<GeminiOrigin> Tools { get; } = [];
}
