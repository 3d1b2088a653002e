using System.Runtime.InteropServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Core.Routing.Orderings;
using EdgeRouter.Core.Routing.Resolution;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// Makes the plan of a request: resolves its models, filters their endpoints, orders what is left. Thread-safe; deterministic for a given random
/// sequence, health and clock. Statistics that fail never fail a request: it is then planned without them.
/// </summary>
/// <param name="orderings">The orderings in force.</param>
/// <param name="policy">The operator's settings.</param>
/// <param name="health">The endpoints' health; null: none is kept.</param>
/// <param name="affinity">Which endpoint has which prompt in its cache; null: not kept.</param>
/// <param name="faults">Receives each fault of the statistics or of an ordering; null: they are not reported.</param>
public sealed class RoutePlanner(
    EndpointOrderings orderings, RoutingPolicy policy, HealthRegistry? health = null, PromptAffinity? affinity = null,
    IStatisticsFaults? faults = null)
{
    /// <summary>Plans a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="catalog">The catalog in force.</param>
    /// <param name="random">Source of randomness.</param>
    /// <param name="explain">Whether the plan contains scores and reasons.</param>
    /// <exception cref="RouterException">400: no or unknown model, unknown sort. 404: no endpoint is left; the error lists every exclusion.</exception>
    public RoutePlan Plan(RequestFacts request, CatalogSnapshot catalog, Random random, bool explain = false)
    {
        var scratch = PlanScratch.Rent();
        try
        {
            return Plan(scratch, request, catalog, random, explain);
        }
        finally
        {
            scratch.Return();
        }
    }

    private RoutePlan Plan(PlanScratch scratch, RequestFacts request, CatalogSnapshot catalog, Random random, bool explain)
    {
        var context = new OrderingContext(request, random) { Weights = policy.Weights, Explanation = explain ? new RouteExplanation() : null };
        RequestedModels.Resolve(request, catalog, policy, scratch.Models);
        // An unknown name is the caller's error, not a fault of the statistics.
        if (request.Preferences.Sort is { } sort) Find(sort);
        if (policy.ProvidersElsewhere is { } elsewhere) ProviderPreferenceCheck.Run(request.Preferences, scratch.Models, catalog, elsewhere);
        try
        {
            return Plan(scratch, context with { Health = new HealthView(health) }, ignoreHealth: false);
        }
        catch (Exception fault) when (fault is not RouterException)
        {
            faults?.Report(fault);
            scratch.Candidates.Clear();
            scratch.Exclusions.Clear();
            scratch.Aside.Clear();
            return Plan(scratch, context with { Explanation = explain ? new RouteExplanation() : null }, ignoreHealth: true);
        }
    }

    private RoutePlan Plan(PlanScratch scratch, in OrderingContext context, bool ignoreHealth)
    {
        var request = context.Request;
        var pinned = scratch.Models.Count > 1 && ModelPin.Holds(request);
        if (pinned) ModelPin.PutServingFirst(scratch.Models, request, affinity);
        var across = request.Preferences.SortAcrossModels && !pinned;
        var firstOfPartition = 0;
        for (var i = 0; i < scratch.Models.Count; i++)
        {
            var resolved = scratch.Models[i];
            if (pinned && scratch.Candidates.Count > 0)
            {
                ModelPin.Exclude(resolved, request, scratch);
                continue;
            }
            Eligibility.Add(resolved, request, policy, scratch);
            if (across && i < scratch.Models.Count - 1) continue;
            Arrange(CollectionsMarshal.AsSpan(scratch.Candidates)[firstOfPartition..], across ? scratch.Models[0] : resolved, context, ignoreHealth);
            firstOfPartition = scratch.Candidates.Count;
        }
        Demotion.ApplyCutoffs(scratch, context);
        var lastResortFrom = Demotion.ApplyBreakers(scratch, context);
        Eligibility.ApplyNoFallbacks(request.Preferences, scratch);
        if (scratch.Candidates.Count == 0)
            throw new RouterException(NoEndpointError.For([.. scratch.Models.Select(resolved => resolved.Model)], scratch.Exclusions));
        context.Explanation?.Complete(CollectionsMarshal.AsSpan(scratch.Candidates), context);
        return new RoutePlan(scratch.Candidates.ToArray(), scratch.Exclusions.Count == 0 ? [] : scratch.Exclusions.ToArray(),
            scratch.Models.Count > 1 ? RouteStrategies.Fallback : scratch.Models[0].Strategy)
        {
            Ordering = SortOf(request, scratch.Models[0]),
            LastResortFrom = Math.Min(lastResortFrom, scratch.Candidates.Count),
            HealthIgnored = ignoreHealth,
            Explanation = context.Explanation,
        };
    }

    /// <summary>Orders one partition: by its ordering, then the requested tier, then <c>provider.order</c>.</summary>
    private void Arrange(Span<Endpoint> partition, in ResolvedModel resolved, in OrderingContext context, bool ignoreHealth)
    {
        var listed = context.Request.Preferences.Order is { Count: > 0 };
        var ordering = ignoreHealth ? orderings.Default : Find(SortOf(context.Request, resolved));
        ordering.Order(partition, ignoreHealth || listed ? context : WithAffinity(context, resolved.Model));
        PutFirst(partition, context.Request.Preferences.Order, TierAdmission.Of(context.Request, resolved).PriorityFirst, context.Explanation);
    }

    /// <summary>Puts those that <c>provider.order</c> lists first, in its order; among equals those of the priority tier. The rest keep their order.</summary>
    private static void PutFirst(Span<Endpoint> partition, IReadOnlyList<string>? order, bool priorityFirst, RouteExplanation? explanation)
    {
        if (order is not { Count: > 0 } && !priorityFirst) return;
        var length = partition.Length;
        // Ends in the position, so that no two are equal and the sort is stable.
        Span<long> ranks = length <= StableSort.OnStack ? stackalloc long[length] : new long[length];
        for (var i = 0; i < length; i++)
        {
            var entry = ProviderSelector.IndexOf(order, partition[i]);
            if (entry >= 0) explanation?.Add(partition[i], "listed in provider.order");
            else entry = order?.Count ?? 0;
            var isBehind = priorityFirst && ServiceTiers.Of(partition[i]) != ServiceTiers.Priority;
            ranks[i] = ((long)entry * 2 + (isBehind ? 1 : 0)) * length + i;
        }
        ranks.Sort(partition);
    }

    /// <summary>The name of the ordering of a model's endpoints: the caller's, the suffix's, the tier's, what tools need, the default.</summary>
    private static string SortOf(RequestFacts request, in ResolvedModel resolved)
    {
        if (request.Preferences.Sort is { } asked) return asked;
        if (resolved.Sort is { } suffix) return suffix;
        switch (request.ServiceTier)
        {
            case ServiceTiers.Priority or ServiceTiers.Fast: return EndpointOrderingNames.Throughput;
            case ServiceTiers.Flex when TierAdmission.Of(request, resolved).OnlyFlex: return EndpointOrderingNames.Price;
        }
        return (request.Parameters & RequestParameters.Tools) != 0 ? EndpointOrderingNames.Exacto : EndpointOrderingNames.Default;
    }

    private OrderingContext WithAffinity(in OrderingContext context, Model model)
    {
        var key = ConversationKey.Of(context.Request, model);
        if (key == 0) return context;
        var (warm, tokens) = affinity?.Find(key) ?? default;
        return context with { Conversation = key, WarmEndpoint = warm, WarmTokens = tokens };
    }

    private IEndpointOrdering Find(string name) => orderings.Find(name)
        ?? throw new RouterException(RouterError.InvalidFact(new RequestFault(RequestFact.Sort), $"expected one of {string.Join(", ", orderings.Names)}"));
}
