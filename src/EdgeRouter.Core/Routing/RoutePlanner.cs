using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// Makes the plan of a request: resolves its models, filters their endpoints, orders what is left. Thread-safe; deterministic for a given random sequence.
/// </summary>
public sealed class RoutePlanner(EndpointOrderings orderings, Func<RoutingPolicy> policy)
{
    /// <summary>
    /// Parameters that pick endpoints even when not required: when some endpoint of the model supports what is used, those that do not are left out,
    /// since an answer without the tools or the schema asked for is no answer.
    /// </summary>
    private const RequestParameters Decisive = RequestParameters.Tools | RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs | RequestParameters.Verbosity;

    /// <summary>Plans a request.</summary>
    /// <exception cref="RouterException">400: no or unknown model, unknown sort. 404: no endpoint is left; the error lists every exclusion.</exception>
    public RoutePlan Plan(RoutingRequest request, CatalogSnapshot catalog, Random random)
    {
        var rules = policy();
        var ordering = FindOrdering(request.Preferences.Sort);
        var models = ResolveModels(request, catalog, rules);
        var exclusions = new List<Exclusion>();
        var candidates = new List<Endpoint>();
        var firstOfPartition = 0;
        foreach (var model in models)
        {
            AddEligible(model, request, rules, candidates, exclusions);
            if (request.Preferences.SortAcrossModels && model != models[^1]) continue;
            var partition = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(candidates)[firstOfPartition..];
            Arrange(partition, ordering, request, random);
            firstOfPartition = candidates.Count;
        }
        ApplyNoFallbacks(request.Preferences, candidates, exclusions);
        if (candidates.Count == 0) throw new RouterException(NoEndpointError.For(models, exclusions));
        return new RoutePlan(candidates, exclusions, models.Count > 1 ? "fallback" : "direct");
    }

    private IEndpointOrdering FindOrdering(string? name) =>
        name is null ? orderings.Default
        : orderings.Find(name) ?? throw new RouterException(RouterError.InvalidField("provider.sort", $"expected one of {string.Join(", ", orderings.Names)}"));

    private static List<Model> ResolveModels(RoutingRequest request, CatalogSnapshot catalog, RoutingPolicy rules)
    {
        var models = new List<Model>(1 + request.FallbackModels.Count);
        var first = request.Model ?? (request.FallbackModels.Count == 0 ? rules.DefaultModel : null);
        if (first is not null) Add("model", first);
        for (var i = 0; i < request.FallbackModels.Count; i++) Add($"models[{i}]", request.FallbackModels[i]);
        return models.Count > 0 ? models : throw new RouterException(RouterError.InvalidField("model", "expected a model id; no default model is configured"));

        void Add(string field, string id)
        {
            var model = catalog.FindModel(id) ?? throw new RouterException(NoEndpointError.ModelNotFound(field, id));
            if (!models.Contains(model)) models.Add(model);
        }
    }

    private static void AddEligible(Model model, RoutingRequest request, RoutingPolicy rules, List<Endpoint> candidates, List<Exclusion> exclusions)
    {
        var first = candidates.Count;
        foreach (var endpoint in model.Endpoints)
        {
            if (EndpointFilter.Check(endpoint, request, rules) is { } exclusion) exclusions.Add(exclusion);
            else candidates.Add(endpoint);
        }
        var decisive = request.Parameters & Decisive;
        if (decisive == RequestParameters.None) return;
        var best = RequestParameters.None;
        for (var i = first; i < candidates.Count; i++)
            if ((rules.Supported(candidates[i]) & decisive) == decisive) best = decisive;
        if (best == RequestParameters.None) return;
        for (var i = candidates.Count - 1; i >= first; i--)
        {
            var missing = decisive & ~rules.Supported(candidates[i]);
            if (missing == RequestParameters.None) continue;
            exclusions.Add(new Exclusion(candidates[i], ExclusionReason.Parameter, $"does not support {string.Join(", ", RequestParameterNames.ToNames(missing))}, and others do"));
            candidates.RemoveAt(i);
        }
    }

    /// <summary>Orders one partition; endpoints named by <c>provider.order</c> stand in front, in that order.</summary>
    private static void Arrange(Span<Endpoint> partition, IEndpointOrdering ordering, RoutingRequest request, Random random)
    {
        ordering.Order(partition, new OrderingContext(request, random));
        if (request.Preferences.Order is not { Count: > 0 } order) return;
        var placed = 0;
        for (var entry = 0; entry < order.Count; entry++)
        {
            for (var i = placed; i < partition.Length; i++)
            {
                if (!ProviderSelector.Matches(order[entry], partition[i])) continue;
                var chosen = partition[i];
                partition[placed..i].CopyTo(partition[(placed + 1)..]);
                partition[placed++] = chosen;
            }
        }
    }

    /// <summary>Without fallbacks only the endpoints of <c>provider.order</c> may serve, or the first one when there is no such list.</summary>
    private static void ApplyNoFallbacks(ProviderPreferences preferences, List<Endpoint> candidates, List<Exclusion> exclusions)
    {
        if (preferences.AllowFallbacks != false) return;
        for (var i = candidates.Count - 1; i >= 0; i--)
        {
            var stays = preferences.Order is { Count: > 0 } order ? ProviderSelector.IndexOf(order, candidates[i]) >= 0 : i == 0;
            if (stays) continue;
            exclusions.Add(new Exclusion(candidates[i], ExclusionReason.FallbacksNotAllowed, "provider.allow_fallbacks is false"));
            candidates.RemoveAt(i);
        }
    }
}
