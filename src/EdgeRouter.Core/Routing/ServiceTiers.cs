using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing;

/// <summary>Service tiers. An endpoint belongs to a tier when its tag ends in the tier's name, such as <c>openai/flex</c>.</summary>
public static class ServiceTiers
{
    /// <summary>Cheaper and slower.</summary>
    public const string Flex = "flex";

    /// <summary>More expensive and faster.</summary>
    public const string Priority = "priority";

    /// <summary>Synonym of priority.</summary>
    public const string Fast = "fast";

    /// <summary>The standard tier, and no other.</summary>
    public const string Default = "default";

    /// <summary>The endpoint's tier, flex or priority; null: the standard one.</summary>
    public static string? Of(Endpoint endpoint)
    {
        var tag = endpoint.Tag;
        if (EndsIn(tag, Flex)) return Flex;
        return EndsIn(tag, Priority) ? Priority : null;
    }

    private static bool EndsIn(string tag, string tier) =>
        tag.Length > tier.Length && tag[^(tier.Length + 1)] is '/' or '-' && tag.EndsWith(tier, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Which tiers of a model a request may use.</summary>
/// <param name="Flex">Flex endpoints compete.</param>
/// <param name="Priority">Priority endpoints compete.</param>
/// <param name="OnlyFlex">Nothing but flex endpoints serves.</param>
/// <param name="PriorityFirst">Priority endpoints come before the others.</param>
internal readonly record struct TierAdmission(bool Flex, bool Priority, bool OnlyFlex, bool PriorityFirst)
{
    /// <summary>The tiers that a request may use.</summary>
    public static TierAdmission Of(RequestFacts request, in Resolution.ResolvedModel resolved)
    {
        switch (request.ServiceTier)
        {
            case ServiceTiers.Priority or ServiceTiers.Fast: return new TierAdmission(false, true, false, true);
            case ServiceTiers.Flex:
                foreach (var endpoint in resolved.Model.Endpoints)
                    if (ServiceTiers.Of(endpoint) == ServiceTiers.Flex) return new TierAdmission(true, false, true, false);
                return default;
            case ServiceTiers.Default: return default;
        }
        return request.Preferences.Order is { Count: > 0 } ? default : new TierAdmission(resolved.AdmitsFlex, resolved.AdmitsPriority, false, false);
    }

    /// <summary>Whether an endpoint of this tier may serve without being named in the request.</summary>
    public bool Admits(string? tier) => tier switch
    {
        ServiceTiers.Flex => Flex,
        ServiceTiers.Priority => Priority,
        _ => true,
    };
}
