namespace EdgeRouter.Core.Catalog.Names;

/// <summary>A model under its names. Immutable once the index is built.</summary>
internal sealed class NamedModel(Model? served, UnservedModel? unserved)
{
    private readonly List<NameDate> dates = [];

    /// <summary>The model; null: nobody serves it.</summary>
    public Model? Served { get; } = served;

    /// <summary>The model that nobody serves; null: somebody does.</summary>
    public UnservedModel? Unserved { get; } = unserved;

    /// <summary><c>author/slug</c>.</summary>
    public string Id => Served?.Id ?? Unserved!.Id;

    /// <summary>The dates that its id and its providers' names of it end in.</summary>
    public IReadOnlyList<NameDate> Dates => dates;

    /// <summary>When it was released, in Unix seconds: what its id says, or else its row.</summary>
    public long Released
    {
        get
        {
            ModelSpelling.RemoveDate(ModelSpelling.Normalise(Id), out var date);
            return date.ToUnixSeconds() ?? Served?.Created ?? 0;
        }
    }

    /// <summary>Whether one of its dates agrees with another.</summary>
    public bool HasDate(NameDate date)
    {
        foreach (var known in dates)
            if (known.Agrees(date)) return true;
        return false;
    }

    internal void Note(NameDate date)
    {
        if (date.IsKnown && !dates.Contains(date)) dates.Add(date);
    }
}
