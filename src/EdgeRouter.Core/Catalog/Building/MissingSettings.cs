using EdgeRouter.Core.Catalog.Reading;

namespace EdgeRouter.Core.Catalog.Building;

/// <summary>Says which settings would bring a model that nobody serves. Each provider is looked at once.</summary>
/// <param name="resolver">Has resolved the providers.</param>
/// <param name="definitions">All providers, by slug.</param>
internal sealed class MissingSettings(ProviderResolver resolver, IReadOnlyDictionary<string, ProviderDefinition> definitions)
{
    private const int MaxListed = 3;
    private readonly Dictionary<string, string?> byProvider = new(StringComparer.Ordinal);

    /// <summary>Environment variables, each of which is enough, in the order of the model's rows.</summary>
    public IReadOnlyList<string> Of(ModelDraft model)
    {
        var settings = new List<string>(MaxListed);
        foreach (var slug in model.Absent)
        {
            if (settings.Count == MaxListed) break;
            if (!byProvider.TryGetValue(slug, out var setting)) byProvider.Add(slug, setting = resolver.FindMissingSetting(definitions[slug]));
            if (setting is not null && !settings.Contains(setting)) settings.Add(setting);
        }
        return settings.ToArray();
    }
}
