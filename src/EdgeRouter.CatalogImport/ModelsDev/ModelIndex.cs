namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>
/// Finds the model that a provider's row means. The openrouter rows come first: their ids are the canonical ones; other rows join them or become new
/// models.
/// </summary>
internal sealed class ModelIndex(Joins joins)
{
    private readonly Dictionary<string, string> idByKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> idByBaseModel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> sameModel = joins.SameModel.ToDictionary(pair => ModelName.Key(pair.Key), pair => pair.Value,
        StringComparer.Ordinal);

    public void Add(string id, string? baseModel)
    {
        idByKey.TryAdd(ModelName.Key(id[(id.IndexOf('/') + 1)..]), id);
        if (baseModel is not null) idByBaseModel.TryAdd(baseModel, id);
    }

    /// <summary>
    /// Id of the meant model; null when its author is not known. In order: the exact name, the list of known spellings, models.dev's own
    /// <c>base_model</c>, the name without its tails, a new id.
    /// </summary>
    public string? Find(ModelName name, string? baseModel, string? providersAuthor)
    {
        var key = ModelName.Key(name.Slug);
        if (sameModel.TryGetValue(key, out var same) || idByKey.TryGetValue(key, out same)) return same;
        if (baseModel is not null && FindBase(baseModel) is { } based) return based;
        foreach (var form in name.Forms())
        {
            key = ModelName.Key(form);
            if (sameModel.TryGetValue(key, out same) || idByKey.TryGetValue(key, out same)) return same;
        }
        var author = AuthorOf(name, baseModel, providersAuthor);
        return author is null ? null : $"{author}/{name.NewSlug()}";
    }

    private string? FindBase(string baseModel)
    {
        if (idByBaseModel.TryGetValue(baseModel, out var id)) return id;
        foreach (var form in ModelName.Parse(baseModel).Forms())
        {
            var key = ModelName.Key(form);
            if (sameModel.TryGetValue(key, out id) || idByKey.TryGetValue(key, out id)) return id;
        }
        return null;
    }

    private string? AuthorOf(ModelName name, string? baseModel, string? providersAuthor)
    {
        if (baseModel is not null && joins.Authors.TryGetValue(baseModel[..baseModel.IndexOf('/')], out var author)) return author;
        if (name.Author is not null && joins.Authors.TryGetValue(name.Author, out author)) return author;
        var prefix = joins.NamePrefixes.Keys.Where(start => name.Slug.StartsWith(start, StringComparison.Ordinal)).MaxBy(start => start.Length);
        return prefix is not null ? joins.NamePrefixes[prefix] : name.Author is null ? providersAuthor : null;
    }
}
