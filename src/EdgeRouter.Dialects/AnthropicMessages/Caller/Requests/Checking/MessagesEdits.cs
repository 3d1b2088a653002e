using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;

/// <summary>Reasons for edits of a Messages body (<see cref="RequestEdit.Reason"/>) that do not apply everywhere.</summary>
internal static class MessagesEdits
{
    /// <summary>A cache marker: left out where it is refused.</summary>
    public const byte CacheControl = 1;
}
