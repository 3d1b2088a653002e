namespace EdgeRouter.Core.Catalog.Names;

/// <summary>What a name stands for that is neither an id nor an alias. At most one of the three is set; none: nothing.</summary>
public readonly record struct NameMatch
{
    /// <summary>The one model that it can mean.</summary>
    public Model? Model { get; init; }

    /// <summary>The model that it means and that nobody serves.</summary>
    public UnservedModel? Unserved { get; init; }

    /// <summary>Ids of the served models that it can mean, in ordinal order; null: it does not mean several.</summary>
    public IReadOnlyList<string>? Candidates { get; init; }
}
