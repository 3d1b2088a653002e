using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests;

/// <summary>A top-level member of a Responses request.</summary>
internal sealed record ResponsesMember : RequestMember
{
    /// <summary>Declares a member of this API.</summary>
    public ResponsesMember(string name, MemberAudience audience, RequestShape shape) : base(name, audience, shape)
    {
    }

    /// <summary>Takes a member that other caller APIs have too.</summary>
    public ResponsesMember(RequestMember shared) : base(shared)
    {
    }

    /// <summary>Whether the splicer copies its bytes; the others it writes in the router's own words, or leaves out.</summary>
    public bool IsCopied { get; init; }

    /// <summary>Whether the content model has no place for it, so that it is named as dropped where it has an effect.</summary>
    public bool IsUncarried { get; init; }
}
