using EdgeRouter.Core.Routing;

namespace EdgeRouter.Dialects.Validation;

/// <summary>What a walk over a value adds to the routing facts.</summary>
internal struct ValueFacts
{
    /// <summary>UTF-8 bytes of text.</summary>
    public long TextBytes;

    /// <summary>Number of media parts.</summary>
    public int MediaCount;

    /// <summary>Number of images among them.</summary>
    public int ImageCount;

    /// <summary>Number of messages.</summary>
    public int MessageCount;

    /// <summary>Modalities of the media parts.</summary>
    public InputModalities Modalities;

    /// <summary>Whether an assistant called tools.</summary>
    public bool HasToolCalls;

    /// <summary>Counts one media part.</summary>
    public void AddMedia(InputModalities modality)
    {
        MediaCount++;
        if (modality == InputModalities.Image) ImageCount++;
        Modalities |= modality;
    }
}

/// <summary>Where, below the top level, the bytes for a provider differ from the caller's.</summary>
internal enum RequestEditKind : byte
{
    /// <summary>A null member: left out.</summary>
    Null,

    /// <summary>An empty list that says nothing: left out.</summary>
    EmptyList,

    /// <summary>A member meant for the router: left out.</summary>
    RouterOnly,

    /// <summary>A cache marker: left out where it is refused.</summary>
    CacheControl,

    /// <summary>The other spelling of a cache marker: only the canonical path translates it.</summary>
    CacheBreakpoint,

    /// <summary>An assistant's reasoning text: left out, unless the provider has a place for it; only the canonical path renames it.</summary>
    Reasoning,

    /// <summary>An assistant's structured reasoning: as <see cref="Reasoning"/>.</summary>
    ReasoningDetails,

    /// <summary>A list of one plain text: replaced by the text.</summary>
    SingleText,

    /// <summary>A list of no parts: replaced by null.</summary>
    EmptyContent,

    /// <summary>An assistant turn without content: a null one is added, since some providers want the key.</summary>
    MissingContent,

    /// <summary>A tool call without its type: added.</summary>
    MissingToolCallType,

    /// <summary>The legacy name of a video part's type: replaced.</summary>
    LegacyVideoType,
}

/// <summary>An edit of the caller's bytes.</summary>
/// <param name="Kind">What and why.</param>
/// <param name="Start">First byte edited. A member starts at its name.</param>
/// <param name="End">First byte behind. A member ends where the next one, or the closing brace, starts.</param>
/// <param name="KeepStart">First byte of the part that replaces the range.</param>
/// <param name="KeepEnd">First byte behind it.</param>
internal readonly record struct RequestEdit(RequestEditKind Kind, int Start, int End, int KeepStart = 0, int KeepEnd = 0)
{
    /// <summary>Whether a whole member is taken out.</summary>
    public bool IsCut => Kind <= RequestEditKind.ReasoningDetails;
}
