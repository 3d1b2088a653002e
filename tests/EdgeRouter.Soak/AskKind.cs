namespace EdgeRouter.Soak;

/// <summary>What a caller asks for and does, and what the provider does with it.</summary>
internal enum AskKind
{
    /// <summary>A whole answer.</summary>
    Whole,

    /// <summary>A stream, read to its end.</summary>
    Stream,

    /// <summary>A stream; the caller leaves after a few events.</summary>
    LeaveStream,

    /// <summary>A whole answer that takes a while; the caller leaves before.</summary>
    LeaveWhole,

    /// <summary>A large stream of which the caller reads nothing.</summary>
    StallReading,

    /// <summary>The first provider resets its connection before it answers.</summary>
    ResetBefore,

    /// <summary>The first provider resets its connection in the middle of a stream.</summary>
    ResetMidway,

    /// <summary>The first provider falls silent in the middle of a stream.</summary>
    StallMidway,

    /// <summary>The first provider answers 500.</summary>
    Error500,

    /// <summary>Both providers answer 429.</summary>
    Error429,

    /// <summary>The first provider answers what is not in the wire format.</summary>
    Malformed,

    /// <summary>The request is not JSON.</summary>
    NotJson,

    /// <summary>No model has that name.</summary>
    UnknownModel,
}
