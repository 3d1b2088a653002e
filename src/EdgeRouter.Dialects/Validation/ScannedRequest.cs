using EdgeRouter.Core.Routing;

namespace EdgeRouter.Dialects.Validation;

/// <summary>What one pass over a body found: the routing facts, and where things are in the body. Read-only once scanned.</summary>
internal abstract class ScannedRequest : RequestFacts
{
    /// <summary>The body. Empty once forgotten.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>The top-level members, in the order of the body.</summary>
    public ScannedMember[] Members { get; set; } = [];

    /// <summary>Where, below the top level, the provider's bytes differ from the caller's; ascending.</summary>
    public List<RequestEdit> Edits { get; } = [];

    /// <inheritdoc />
    public override void ForgetLayout()
    {
        Body = default;
        Members = [];
        Edits.Clear();
        Edits.TrimExcess();
    }

    /// <summary>Finds a member that is given and not null.</summary>
    public bool TryGet(RequestMember member, out ScannedMember found)
    {
        foreach (var candidate in Members)
        {
            found = candidate;
            if (ReferenceEquals(candidate.Member, member)) return !candidate.IsNull;
        }
        found = default;
        return false;
    }

    /// <summary>Whether a member is given and not null.</summary>
    public bool Has(string name)
    {
        foreach (var candidate in Members)
            if (candidate.Name.Equals(name, StringComparison.Ordinal)) return !candidate.IsNull;
        return false;
    }
}

/// <summary>A top-level member in the body.</summary>
/// <param name="Member">Which.</param>
/// <param name="Name">Its key.</param>
/// <param name="Start">First byte of the value.</param>
/// <param name="End">First byte after it.</param>
internal readonly record struct ScannedMember(RequestMember Member, string Name, int Start, int End)
{
    /// <summary>Whether the value is null, which is the same as not given.</summary>
    public bool IsNull { get; init; }

    /// <summary>Whether it has an effect, because it differs from the provider's default; otherwise it is not sent.</summary>
    public bool HasEffect { get; init; }

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> body) => body[Start..End];
}
