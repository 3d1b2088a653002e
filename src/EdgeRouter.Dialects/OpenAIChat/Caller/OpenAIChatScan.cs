using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>
/// What one pass over an OpenAI chat body found: the routing facts, and where things stand in the body, for the splicer. Read-only once scanned.
/// </summary>
internal sealed class OpenAIChatScan : RequestFacts
{
    /// <summary>The top-level members, in the order of the body, without those that a later one of the same name replaces.</summary>
    public ScannedMember[] Members { get; set; } = [];

    /// <summary>Where, below the top level, the provider's bytes differ from the caller's; ascending.</summary>
    public List<RequestEdit> Edits { get; } = [];

    /// <summary>The three spellings of reasoning wishes, folded; null: none given.</summary>
    public ReasoningOptions? Reasoning { get; set; }

    /// <summary>Whether <c>response_format</c> holds a JSON Schema.</summary>
    public bool HasSchema { get; set; }

    /// <inheritdoc />
    public override void ForgetLayout()
    {
        Members = [];
        Edits.Clear();
        Edits.TrimExcess();
    }

    /// <summary>Finds a member that is given and not null.</summary>
    public bool TryGet(OpenAIChatRequestMember member, out ScannedMember found)
    {
        foreach (var candidate in Members)
        {
            found = candidate;
            if (ReferenceEquals(candidate.Member, member)) return !candidate.IsNull;
        }
        found = default;
        return false;
    }
}

/// <summary>A top-level member in the body.</summary>
/// <param name="Member">Which; <see cref="OpenAIChatRequestMembers.Unknown"/> for those that the table does not have.</param>
/// <param name="Name">Its key.</param>
/// <param name="Start">First byte of the value.</param>
/// <param name="End">First byte behind it.</param>
/// <param name="Facts">What the value adds to the routing facts.</param>
internal readonly record struct ScannedMember(OpenAIChatRequestMember Member, string Name, int Start, int End, ValueFacts Facts)
{
    /// <summary>Whether the value is null, which is the same as not given.</summary>
    public bool IsNull { get; init; }

    /// <summary>Whether it says more than the provider's default; otherwise it is not sent.</summary>
    public bool SaysSomething { get; init; }

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> body) => body[Start..End];
}
