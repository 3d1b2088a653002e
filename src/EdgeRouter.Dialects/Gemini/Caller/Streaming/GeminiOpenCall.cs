using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Caller.Streaming;

/// <summary>A call whose arguments are not complete. Not thread-safe.</summary>
/// <param name="head">What is known of the call from its beginning.</param>
/// <param name="hold">Told of every character that is kept.</param>
internal sealed class GeminiOpenCall(ToolCallPart head, Action<int> hold)
{
    private JoinedText arguments;

    /// <summary>Its id.</summary>
    public string Id => head.Id;

    /// <summary>Name of the function.</summary>
    public string Name { get; private set; } = head.Name;

    /// <summary>A signature over it; null: none.</summary>
    public string? Signature { get; private set; } = head.Signature;

    /// <summary>Its arguments so far.</summary>
    public string Arguments => head.Arguments + arguments;

    /// <summary>Their characters.</summary>
    public int Length { get; private set; } = head.Arguments.Length;

    /// <summary>Whether they are complete.</summary>
    public bool IsOver { get; set; }

    /// <summary>Takes a further piece.</summary>
    public void Add(ToolCallDelta delta)
    {
        Name = delta.Name is { Length: > 0 } name ? name : Name;
        Signature = delta.Signature ?? Signature;
        if (delta.Arguments is not { Length: > 0 } piece) return;
        hold(piece.Length);
        Length += piece.Length;
        arguments.Add(piece);
    }
}
