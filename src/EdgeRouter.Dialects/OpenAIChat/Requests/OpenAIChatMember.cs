using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>Reads a member's value, whose shape was checked, into the canonical request.</summary>
internal delegate void MemberReader(ChatRequest request, JsonElement value);

/// <summary>Writes the member for a provider, if the canonical request has a value with an effect.</summary>
internal delegate void MemberWriter(OpenAIChatMember member, ChatRequest request, OpenAIChatProviderBody body);

/// <summary>Writes a member in the router's own words, or nothing.</summary>
internal delegate void MemberRestater(OpenAIChatMember member, in OpenAIChatRestatedValues values, OpenAIChatMemberOutput body);

/// <summary>A top-level member of a chat request. Scanner, reader, writer and splicer all work from it.</summary>
internal sealed record OpenAIChatMember : RequestMember
{
    /// <summary>Declares a member of the chat API.</summary>
    public OpenAIChatMember(string name, MemberAudience audience, RequestShape shape) : base(name, audience, shape) =>
        IsCopied = audience == MemberAudience.Provider;

    /// <summary>Takes a member that other caller APIs have too.</summary>
    public OpenAIChatMember(RequestMember shared) : base(shared) => IsCopied = Audience == MemberAudience.Provider;

    /// <summary>How it becomes canonical; null: it does not, or only together with others.</summary>
    public MemberReader? Read { get; init; }

    /// <summary>How it is written from the content model; null: it is not, or only together with others.</summary>
    public MemberWriter? Write { get; init; }

    /// <summary>
    /// How writer and splicer write it in the router's own words, from what the router read; null: it is copied, written by <see cref="Write"/>, or not
    /// sent.
    /// </summary>
    public MemberRestater? Restate { get; init; }

    /// <summary>Whether it has no property in <see cref="ChatRequest"/> and travels as an extension.</summary>
    public bool IsExtension { get; init; }

    /// <summary>Whether the splicer copies its bytes.</summary>
    public bool IsCopied { get; init; }

    /// <summary>The name under which it is sent; null: its own.</summary>
    public string? SentAs { get; init; }

    /// <summary>Whether its value may be one string in place of a list, which is what is sent.</summary>
    public bool MayBeLone { get; init; }

    /// <summary>The parameter that a value uses at an endpoint, where that depends on the value; null: <see cref="RequestMember.Parameter"/>.</summary>
    public Func<OpenAIChatScan, RequestParameters>? ParameterOf { get; init; }
}
