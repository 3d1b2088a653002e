using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>Reasons for edits of a chat body (<see cref="RequestEdit.Reason"/>) that do not apply everywhere, or that insert text.</summary>
internal static class OpenAIChatEdits
{
    /// <summary>A cache marker: left out where it is refused.</summary>
    public const byte CacheControl = 1;

    /// <summary>The other spelling of a cache marker: only the canonical path translates it.</summary>
    public const byte CacheBreakpoint = 2;

    /// <summary>An assistant's reasoning text: left out, unless the provider takes it; only the canonical path renames it.</summary>
    public const byte Reasoning = 3;

    /// <summary>An assistant's structured reasoning: as <see cref="Reasoning"/>.</summary>
    public const byte ReasoningDetails = 4;

    /// <summary>A list of one plain text: replaced by the text.</summary>
    public const byte SingleText = 5;

    /// <summary>A list of no parts: replaced by null.</summary>
    public const byte EmptyContent = 6;

    /// <summary>An assistant turn without content: a null one is added, since some providers require the key.</summary>
    public const byte MissingContent = 7;

    /// <summary>A tool call without its type: added.</summary>
    public const byte MissingToolCallType = 8;

    /// <summary>The legacy name of a video part's type: replaced.</summary>
    public const byte LegacyVideoType = 9;

    /// <summary>Puts the text of <paramref name="reason"/> in place of a range.</summary>
    public static RequestEdit Put(byte reason, int start, int end) => new(RequestEditKind.Put, reason, start, end);

    /// <summary>The text that is inserted for a reason.</summary>
    public static ReadOnlySpan<byte> TextFor(byte reason) => reason switch
    {
        EmptyContent => "null"u8,
        MissingContent => ",\"content\":null"u8,
        MissingToolCallType => ",\"type\":\"function\""u8,
        LegacyVideoType => "\"video_url\""u8,
        _ => [],
    };
}
