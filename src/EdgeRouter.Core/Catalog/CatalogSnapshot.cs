using System.Collections.Frozen;
using EdgeRouter.Core.Catalog.Names;

namespace EdgeRouter.Core.Catalog;

/// <summary>All models, endpoints and providers at one moment. Immutable; readers take it once per request and keep it.</summary>
public sealed class CatalogSnapshot
{
    private readonly FrozenDictionary<string, Model> byId;
    private readonly FrozenDictionary<string, Provider> providersBySlug;
    private readonly Lazy<ModelNames> names;

    /// <summary>Indexes the models (in listing order) and providers. Ids and slugs are unique; the loader checked.</summary>
    public CatalogSnapshot(IReadOnlyList<Model> models, IReadOnlyList<Provider> providers, IReadOnlyDictionary<string, string> aliases)
    {
        Models = models;
        Providers = providers;
        Aliases = aliases.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        byId = models.ToFrozenDictionary(model => model.Id, StringComparer.OrdinalIgnoreCase);
        providersBySlug = providers.ToFrozenDictionary(provider => provider.Slug, StringComparer.OrdinalIgnoreCase);
        foreach (var model in models)
            foreach (var endpoint in model.Endpoints) endpoint.Seal();
        names = new Lazy<ModelNames>(() => new ModelNames(this));
    }

    /// <summary>A catalog with nothing in it.</summary>
    public static CatalogSnapshot Empty { get; } = new([], [], new Dictionary<string, string>());

    /// <summary>Models that have an endpoint, in listing order.</summary>
    public IReadOnlyList<Model> Models { get; }

    /// <summary>Providers that have a credential or need none.</summary>
    public IReadOnlyList<Provider> Providers { get; }

    /// <summary>
    /// Providers of the product's own table that have a credential but do not serve, because this process lacks their wire format or authentication
    /// scheme. One entry per provider, with the reason.
    /// </summary>
    public IReadOnlyList<CatalogError> SkippedProviders { get; init; } = [];

    /// <summary>Models of the catalog files that no provider of this router serves.</summary>
    public IReadOnlyList<UnservedModel> Unserved { get; init; } = [];

    /// <summary>Finds models by what else they are called. Indexed when it is first asked for: most requests have an id.</summary>
    public ModelNames Names => names.Value;

    /// <summary>Other names of models: alias to id. Canonical slugs are among them.</summary>
    public FrozenDictionary<string, string> Aliases { get; }

    /// <summary>Finds a model by id or alias, ignoring case; null: none.</summary>
    public Model? FindModel(string idOrAlias)
    {
        if (byId.TryGetValue(idOrAlias, out var model)) return model;
        return Aliases.TryGetValue(idOrAlias, out var id) ? byId.GetValueOrDefault(id) : null;
    }

    /// <summary>Finds a provider by slug, ignoring case; null: none.</summary>
    public Provider? FindProvider(string slug) => providersBySlug.GetValueOrDefault(slug);
}

/// <summary>Gives the catalog in force. Reads are lock-free; a reload swaps the whole snapshot.</summary>
public interface ICatalog
{
    /// <summary>The snapshot in force.</summary>
    CatalogSnapshot Current { get; }

    /// <summary>
    /// From now on <paramref name="listener"/> is called with each snapshot before it is replaced. Its requests still run. It must be quick and
    /// may be called from any thread. A catalog that never changes never calls it.
    /// </summary>
    void BeforeReplacing(Action<CatalogSnapshot> listener)
    {
    }
}
