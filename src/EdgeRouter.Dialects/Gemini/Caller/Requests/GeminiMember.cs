using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests;

/// <summary>A top-level member of a Gemini request. Scanner, reader and splicer work from it.</summary>
internal sealed record GeminiMember : RequestMember
{
    /// <summary>Declares a member of this API.</summary>
    public GeminiMember(GeminiName name, MemberAudience audience, RequestShape shape) : base(name.Camel, audience, shape)
    {
        OtherName = name.Other;
        IsCopied = audience == MemberAudience.Provider;
    }

    /// <summary>Takes a member that other caller APIs have too.</summary>
    public GeminiMember(RequestMember shared) : base(shared) => IsCopied = Audience == MemberAudience.Provider;

    /// <summary>Whether the splicer copies its bytes; the others it writes in the router's own words, or leaves out.</summary>
    public bool IsCopied { get; init; }

    /// <summary>Whether the content model has no place for it: only a provider that speaks this format gets it.</summary>
    public bool IsUncarried { get; init; }
}
