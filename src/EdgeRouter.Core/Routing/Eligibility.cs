using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing.Resolution;

namespace EdgeRouter.Core.Routing;

/// <summary>Which endpoints of a model may serve: the hard filters for each endpoint, then what depends on the other endpoints. Stateless.</summary>
internal static class Eligibility
{
    /// <summary>
    /// Parameters that select endpoints even when not required: when some endpoint of the model supports them, the others are left out, because an
    /// answer without the requested tools or schema is useless.
    /// </summary>
    private const RequestParameters Decisive = RequestParameters.Tools | RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs
        | RequestParameters.Verbosity;

    /// <summary>Adds a model's endpoints to the candidates or the exclusions.</summary>
    public static void Add(in ResolvedModel resolved, RequestFacts request, RoutingPolicy rules, PlanScratch plan)
    {
        var first = plan.Candidates.Count;
        var tiers = TierAdmission.Of(request, resolved);
        var endpoints = resolved.Model.Endpoints;
        for (var i = 0; i < endpoints.Count; i++)
        {
            if (EndpointFilter.Check(endpoints[i], request, rules, resolved, tiers) is { } exclusion) plan.Exclusions.Add(exclusion);
            else plan.Candidates.Add(endpoints[i]);
        }
        if (request.SearchWire is { } wire) PreferWire(wire, first, plan);
        var decisive = request.Parameters & Decisive;
        if (decisive != RequestParameters.None) PreferSupport(decisive, first, rules, plan);
    }

    /// <summary>Without fallbacks only the endpoints of <c>provider.order</c> may serve, or the first one when there is no such list.</summary>
    public static void ApplyNoFallbacks(ProviderPreferences preferences, PlanScratch plan)
    {
        if (preferences.AllowFallbacks != false) return;
        for (var i = plan.Candidates.Count - 1; i >= 0; i--)
        {
            var stays = preferences.Order is { Count: > 0 } order ? ProviderSelector.IndexOf(order, plan.Candidates[i]) >= 0 : i == 0;
            if (stays) continue;
            plan.Exclusions.Add(new Exclusion(plan.Candidates[i], ExclusionReason.FallbacksNotAllowed, "provider.allow_fallbacks is false"));
            plan.Candidates.RemoveAt(i);
        }
    }

    private static void PreferWire(string wire, int first, PlanScratch plan)
    {
        var somebody = false;
        for (var i = first; i < plan.Candidates.Count; i++) somebody |= plan.Candidates[i].Provider.Wire == wire;
        if (!somebody) return;
        for (var i = plan.Candidates.Count - 1; i >= first; i--)
        {
            if (plan.Candidates[i].Provider.Wire == wire) continue;
            plan.Exclusions.Add(new Exclusion(plan.Candidates[i], ExclusionReason.Parameter,
                $"web search passes only to providers that speak {wire}, and others do"));
            plan.Candidates.RemoveAt(i);
        }
    }

    private static void PreferSupport(RequestParameters decisive, int first, RoutingPolicy rules, PlanScratch plan)
    {
        var somebody = false;
        for (var i = first; i < plan.Candidates.Count; i++) somebody |= (rules.Supported(plan.Candidates[i]) & decisive) == decisive;
        if (!somebody) return;
        for (var i = plan.Candidates.Count - 1; i >= first; i--)
        {
            var missing = decisive & ~rules.Supported(plan.Candidates[i]);
            if (missing == RequestParameters.None) continue;
            plan.Exclusions.Add(
                new Exclusion(plan.Candidates[i], ExclusionReason.Parameter,
                $"does not support {string.Join(", ", RequestParameterNames.ToNames(missing))}, and others do"));
            plan.Candidates.RemoveAt(i);
        }
    }
}
