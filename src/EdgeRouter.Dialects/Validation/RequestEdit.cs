namespace EdgeRouter.Dialects.Validation;

/// <summary>How a <see cref="RequestEdit"/> changes the caller's bytes.</summary>
internal enum RequestEditKind : byte
{
    /// <summary>A whole member is left out.</summary>
    Cut,

    /// <summary>A range is replaced by a part of it.</summary>
    Keep,

    /// <summary>A range, perhaps an empty one, is replaced by text that the API knows.</summary>
    Put,
}

/// <summary>Where, below the top level, the bytes for a provider differ from the caller's.</summary>
/// <param name="Kind">How.</param>
/// <param name="Reason">Why; <see cref="Always"/>, or a value of the API's own. It decides whether the edit applies at an endpoint.</param>
/// <param name="Start">First byte edited. A member starts at its name.</param>
/// <param name="End">First byte after it. A member ends where the next one, or the closing brace, starts.</param>
/// <param name="KeepStart">First byte of the part that is kept.</param>
/// <param name="KeepEnd">First byte after it.</param>
internal readonly record struct RequestEdit(RequestEditKind Kind, byte Reason, int Start, int End, int KeepStart = 0, int KeepEnd = 0)
{
    /// <summary>The reason that applies everywhere: what is edited means nothing to a provider, or is only for the router.</summary>
    public const byte Always = 0;

    /// <summary>Leaves a member out.</summary>
    public static RequestEdit Cut(byte reason, int start, int end) => new(RequestEditKind.Cut, reason, start, end);
}

/// <summary>What an API knows of its edits at one endpoint.</summary>
internal interface IRequestEditRules
{
    /// <summary>Whether edits for that reason apply.</summary>
    bool Applies(byte reason);

    /// <summary>The text of a <see cref="RequestEditKind.Put"/> for that reason.</summary>
    ReadOnlySpan<byte> TextFor(byte reason);
}
