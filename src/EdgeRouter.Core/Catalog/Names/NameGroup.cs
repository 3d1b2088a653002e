namespace EdgeRouter.Core.Catalog.Names;

/// <summary>The models that share a name: those that have it themselves, and those that a provider calls so. Immutable once the index is built.</summary>
internal sealed class NameGroup
{
    private readonly List<NamedModel> own = [];
    private readonly List<NamedModel> atProviders = [];

    internal void Add(NamedModel model, bool isOwn)
    {
        var list = isOwn ? own : atProviders;
        if (!list.Contains(model)) list.Add(model);
    }

    /// <summary>
    /// What the name means: a served model's own name wins over a provider's name of another, and both win over a model that nobody serves.
    /// </summary>
    public NameMatch Choose()
    {
        if (Served(own) is { } mine) return mine;
        if (Served(atProviders) is { } theirs) return theirs;
        return new NameMatch { Unserved = own.Concat(atProviders).MinBy(model => model.Id, StringComparer.Ordinal)?.Unserved };
    }

    /// <summary>
    /// The same among those that a date of theirs agrees with. Without such a date: nothing if dates are known, else as if there was no date.
    /// </summary>
    public NameMatch Choose(NameDate date)
    {
        var agreeing = new NameGroup();
        foreach (var model in own)
            if (model.HasDate(date)) agreeing.Add(model, isOwn: true);
        foreach (var model in atProviders)
            if (model.HasDate(date)) agreeing.Add(model, isOwn: false);
        if (agreeing.own.Count + agreeing.atProviders.Count > 0) return agreeing.Choose();
        return own.Concat(atProviders).Any(model => model.Dates.Count > 0) ? default : Choose();
    }

    /// <summary>The newest.</summary>
    public NameMatch ChooseNewest()
    {
        var newest = own.Where(model => model.Served is not null).OrderByDescending(model => model.Released)
            .ThenByDescending(model => model.Id, StringComparer.Ordinal).FirstOrDefault();
        return newest is null ? Choose() : new NameMatch { Model = newest.Served };
    }

    /// <summary>Ids of the served models that have the name themselves, or else of those that a provider calls so, in ordinal order.</summary>
    public IReadOnlyList<string> Served()
    {
        var served = (own.Exists(model => model.Served is not null) ? own : atProviders).Where(model => model.Served is not null)
            .Select(model => model.Id).Order(StringComparer.Ordinal).Take(NearMisses.MaxFound).ToArray();
        return served.Length == 0 ? [] : served;
    }

    private static NameMatch? Served(List<NamedModel> models)
    {
        NamedModel? only = null;
        var count = 0;
        foreach (var model in models)
        {
            if (model.Served is null) continue;
            only = model;
            count++;
        }
        return count switch
        {
            0 => null,
            1 => new NameMatch { Model = only!.Served },
            _ => new NameMatch { Candidates = [.. models.Where(model => model.Served is not null).Select(model => model.Id).Order(StringComparer.Ordinal)] },
        };
    }
}
