using System.Collections.Frozen;
using EdgeRouter.Core.Catalog.Reading;

namespace EdgeRouter.Core.Catalog.Building;

/// <summary>Makes the immutable snapshot from merged drafts. Equal sets are shared between models.</summary>
/// <param name="providers">The providers that serve, by slug.</param>
/// <param name="missing">Says what the others lack.</param>
/// <param name="errors">Receives faults.</param>
internal sealed class SnapshotBuilder(IReadOnlyDictionary<string, Provider> providers, MissingSettings missing, ErrorList errors)
{
    private const string Document = "catalog";
    private static readonly List<string> TextOnly = ["text"];
    private readonly Dictionary<string, FrozenSet<string>> sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> regions = new(StringComparer.Ordinal);

    /// <summary>Models with an endpoint, newest first, then by id.</summary>
    public CatalogSnapshot Build(IReadOnlyDictionary<string, ModelDraft> drafts, IReadOnlyList<CatalogError> skippedProviders)
    {
        var models = new List<Model>();
        var unserved = new List<UnservedModel>();
        foreach (var draft in drafts.Values)
        {
            if (draft.Endpoints.Count > 0) models.Add(BuildModel(draft));
            else unserved.Add(new UnservedModel(draft.Id, missing.Of(draft)));
        }
        models.Sort(static (left, right) =>
            left.Created != right.Created ? right.Created.CompareTo(left.Created) : string.CompareOrdinal(left.Id, right.Id));
        return new CatalogSnapshot(models, [.. providers.Values.OrderBy(provider => provider.Slug, StringComparer.Ordinal)], BuildAliases(drafts))
        {
            SkippedProviders = skippedProviders,
            Unserved = unserved,
        };
    }

    private Model BuildModel(ModelDraft draft)
    {
        long? longest = null;
        foreach (var row in draft.Endpoints)
            if ((row.ContextLength ?? draft.ContextLength) is { } length && !(length <= longest)) longest = length;
        var model = new Model
        {
            Id = draft.Id,
            CanonicalSlug = draft.CanonicalSlug ?? draft.Id,
            Name = draft.Name ?? draft.Id,
            Description = draft.Description,
            Created = draft.Created ?? 0,
            ContextLength = (int?)longest,
            InputModalities = SharedSet(draft.InputModalities ?? TextOnly),
            OutputModalities = SharedSet(draft.OutputModalities ?? TextOnly),
            HuggingFaceId = draft.HuggingFaceId,
            KnowledgeCutoff = draft.KnowledgeCutoff,
            Distillable = draft.Distillable,
            Source = draft.Source,
            SourceDate = draft.SourceDate,
        };
        var endpoints = new Endpoint[draft.Endpoints.Count];
        for (var index = 0; index < endpoints.Length; index++) endpoints[index] = BuildEndpoint(draft, draft.Endpoints[index], model);
        model.Endpoints = endpoints;
        return model;
    }

    private Endpoint BuildEndpoint(ModelDraft draft, EndpointDraft row, Model model)
    {
        var provider = providers[row.Provider];
        return new Endpoint
        {
            Model = model,
            Provider = provider,
            Tag = row.Tag,
            UpstreamModel = row.UpstreamModel,
            ContextLength = (int?)(row.ContextLength ?? draft.ContextLength),
            MaxCompletionTokens = (int?)row.MaxCompletionTokens,
            MaxPromptTokens = (int?)row.MaxPromptTokens,
            Quantization = row.Quantization ?? "unknown",
            Pricing = row.Pricing,
            SupportedParameters = row.SupportedParameters ?? UnlistedParameters.All,
            DataPolicy = row.DataPolicy ?? provider.DataPolicy,
            Regions = SharedList(row.Regions),
            ImplicitCaching = row.ImplicitCaching ?? false,
            Prefill = row.Prefill ?? provider.Prefill,
        };
    }

    private Dictionary<string, string> BuildAliases(IReadOnlyDictionary<string, ModelDraft> drafts)
    {
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var draft in drafts.Values)
            foreach (var alias in draft.Aliases ?? [])
            {
                if (drafts.ContainsKey(alias)) errors.Add(Document, $"models.{draft.Id}.aliases", $"expected aliases that are not model ids; {alias} is one");
                else if (!aliases.TryAdd(alias, draft.Id) && aliases[alias] != draft.Id)
                    errors.Add(Document, $"models.{draft.Id}.aliases", $"expected unique aliases; {alias} is already an alias of {aliases[alias]}");
            }
        // Variants of a model share its canonical slug; the name means the first one.
        foreach (var draft in drafts.Values)
            if (draft.CanonicalSlug is { } slug && !drafts.ContainsKey(slug)) aliases.TryAdd(slug, draft.Id);
        return aliases;
    }

    private FrozenSet<string> SharedSet(List<string> names)
    {
        var key = string.Join(',', names.Order(StringComparer.Ordinal));
        if (!sets.TryGetValue(key, out var set)) sets.Add(key, set = names.ToFrozenSet(StringComparer.Ordinal));
        return set;
    }

    private IReadOnlyList<string> SharedList(List<string>? names)
    {
        if (names is null or []) return [];
        var key = string.Join(',', names);
        if (!regions.TryGetValue(key, out var list)) regions.Add(key, list = [.. names]);
        return list;
    }
}
