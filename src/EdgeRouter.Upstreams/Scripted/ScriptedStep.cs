using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>One step of a script: an event is sent, time passes, or the answer breaks.</summary>
/// <param name="Event">The event to send; null: none.</param>
/// <param name="Pause">How long nothing is sent.</param>
/// <param name="Fault">How the answer breaks; it is then over.</param>
internal readonly record struct ScriptedStep(StreamEvent? Event, TimeSpan Pause = default, ScriptedFault Fault = ScriptedFault.None);

/// <summary>How an answer breaks after it began.</summary>
internal enum ScriptedFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The body ends too early.</summary>
    Truncated,

    /// <summary>The body continues with bytes that are not in the wire format.</summary>
    Malformed,

    /// <summary>The body reports that the answer failed.</summary>
    Error,

    /// <summary>The connection is reset.</summary>
    Reset,
}
