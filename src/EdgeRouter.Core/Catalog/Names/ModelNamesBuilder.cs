namespace EdgeRouter.Core.Catalog.Names;

/// <summary>Collects the names of models.</summary>
/// <param name="spelled">Receives the models by normalised name.</param>
/// <param name="undated">Receives the models by normalised name without date.</param>
internal sealed class ModelNamesBuilder(Dictionary<string, NameGroup> spelled, Dictionary<string, NameGroup> undated)
{
    private readonly Dictionary<string, NamedModel> byId = new(StringComparer.OrdinalIgnoreCase);

    public void Add(Model model)
    {
        var named = new NamedModel(model, null);
        byId.Add(model.Id, named);
        AddName(model.Id, named, isOwn: true);
        foreach (var endpoint in model.Endpoints) AddName(endpoint.UpstreamModel, named, isOwn: false);
    }

    public void Add(UnservedModel model)
    {
        var named = new NamedModel(null, model);
        byId.Add(model.Id, named);
        AddName(model.Id, named, isOwn: true);
    }

    public void AddAlias(string alias, string id)
    {
        if (byId.TryGetValue(id, out var named)) AddName(alias, named, isOwn: true);
    }

    private void AddName(string name, NamedModel model, bool isOwn)
    {
        if (name.Length is 0 or > ModelSpelling.MaxLength) return;
        var key = ModelSpelling.Normalise(name);
        AddKey(key, model, isOwn);
        var slug = ModelSpelling.Slug(key);
        if (slug.Length is > 0 && slug.Length < key.Length) AddKey(slug.ToString(), model, isOwn);
    }

    private void AddKey(string key, NamedModel model, bool isOwn)
    {
        Add(spelled, key, model, isOwn);
        var rest = ModelSpelling.RemoveDate(key, out var date);
        model.Note(date);
        Add(undated, rest.Length == key.Length ? key : rest.ToString(), model, isOwn);
    }

    private static void Add(Dictionary<string, NameGroup> groups, string key, NamedModel model, bool isOwn)
    {
        if (!groups.TryGetValue(key, out var group)) groups.Add(key, group = new NameGroup());
        group.Add(model, isOwn);
    }
}
