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

    /// <summary>
    /// The tier that a request to an endpoint names, so that the provider charges what the catalog says: the endpoint's own; at one of the standard
    /// tier, no tier that has a price of its own. Null: none.
    /// </summary>
    /// <param name="endpoint">Where the request goes.</param>
    /// <param name="asked">The caller's word; null: none.</param>
    public static string? SentTo(Endpoint endpoint, string? asked) => Of(endpoint) ?? (HasOwnPrice(asked) ? null : asked);

    /// <summary>Whether an endpoint serves at the tier that the caller asks for.</summary>
    public static bool IsServedAt(Endpoint endpoint, string? asked)
    {
        if (asked is null or "auto") return true;
        if (asked is not (Priority or Fast)) return asked.Equals(SentTo(endpoint, asked), StringComparison.Ordinal);
        // A model that is sold as the fast one has its speed in its price.
        return Of(endpoint) == Priority || endpoint.Model.Id.EndsWith("-fast", StringComparison.OrdinalIgnoreCase);
    }

    private static bool HasOwnPrice(string? tier) => tier is not (null or Default or "auto");

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
