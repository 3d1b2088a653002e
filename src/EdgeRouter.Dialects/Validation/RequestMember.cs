using System.Text;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Dialects.Validation;

/// <summary>Who receives a member.</summary>
internal enum MemberAudience
{
    /// <summary>Read by the router, never sent on.</summary>
    Router,

    /// <summary>Checked by the router and sent on.</summary>
    Provider,

    /// <summary>Read by the router, and sent on in the router's own words.</summary>
    Both,
}

/// <summary>Notes what routing must know of a member's value, whose shape was checked.</summary>
internal delegate void MemberNote(ScannedRequest found, ReadOnlySpan<byte> value);

/// <summary>Whether a value, whose shape was checked and noted, differs from the provider's default.</summary>
internal delegate bool MemberRule(ScannedRequest found, ReadOnlySpan<byte> value);

/// <summary>
/// A top-level member of a request, declared once: its name, type and range, who receives it, which parameter of an endpoint it uses and what routing
/// reads of it. A caller API adds how it is read into the canonical request and written to a provider. Immutable and thread-safe.
/// </summary>
/// <param name="Name">Its key.</param>
/// <param name="Audience">Who receives it.</param>
/// <param name="Shape">What its value must look like.</param>
internal record RequestMember(string Name, MemberAudience Audience, RequestShape Shape)
{
    /// <summary>Its key in UTF-8.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Another spelling of its key; null: there is none. Both together are the member twice.</summary>
    public string? OtherName
    {
        get;
        init
        {
            field = value;
            Utf8OtherName = value is null ? null : Encoding.UTF8.GetBytes(value);
        }
    }

    /// <summary><see cref="OtherName"/> in UTF-8.</summary>
    public byte[]? Utf8OtherName { get; private init; }

    /// <summary>
    /// The parameter that it uses when it has an effect. A provider's member without a bit of its own counts as unknown, so that strict providers
    /// can refuse it.
    /// </summary>
    public RequestParameters Parameter { get; init; } = RequestParameterNames.ByName.GetValueOrDefault(
        Name, Audience == MemberAudience.Provider ? RequestParameters.Unknown : RequestParameters.None);

    /// <summary>What routing reads of it; null: nothing.</summary>
    public MemberNote? Note { get; init; }

    /// <summary>Whether a value has an effect; null: any value that is not null has.</summary>
    public MemberRule? HasEffect { get; init; }

    /// <summary>The member that wins over it when both are given; null: none.</summary>
    public string? YieldsTo { get; init; }

    /// <summary>The member without which it has no effect; null: none.</summary>
    public RequestMember? Needs { get; init; }

    /// <summary>Whether it is declared; false: it stands for all members that no table has.</summary>
    public bool IsKnown => Name.Length > 0;
}
