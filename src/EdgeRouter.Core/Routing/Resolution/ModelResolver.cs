using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Core.Routing.Resolution;

/// <summary>
/// From what a caller writes to a model: ids, aliases, other names that can mean one model only, <c>~author/family-latest</c>, and stacked suffixes. A
/// suffix that the catalog has a row for (<c>x/y:free</c>) is part of the id. An id is always what it says. Stateless.
/// </summary>
internal static class ModelResolver
{
    /// <summary>No model name is longer. It bounds the work of removing suffix after suffix.</summary>
    private const int MaxNameLength = 512;

    private const string Known = "expected :free, :extended, :thinking, :nitro, :floor or :exacto";

    /// <summary>Finds the model.</summary>
    /// <param name="fault">The fact with the name, for errors.</param>
    /// <param name="name">As the caller wrote it.</param>
    /// <param name="tier">The requested service tier; null: none.</param>
    /// <param name="catalog">The catalog.</param>
    /// <exception cref="RouterException">400: no such model, several, or a suffix that cannot be served. 404: nobody serves the model.</exception>
    public static ResolvedModel Resolve(RequestFault fault, string name, string? tier, CatalogSnapshot catalog)
    {
        if (name.Length > MaxNameLength) throw NotFound(fault, name, catalog);
        var resolved = Find(fault, name, catalog) is { } found ? found : Suffixed(fault, name, catalog);
        if (tier is not (ServiceTiers.Priority or ServiceTiers.Fast) || HasPriority(resolved.Model)) return resolved;
        // A provider may sell speed as a separate model instead of a priority tier.
        return catalog.FindModel(resolved.Model.Id + "-fast") is { } sibling ? resolved with { Model = sibling } : resolved;
    }

    private static ResolvedModel? Find(RequestFault fault, string name, CatalogSnapshot catalog)
    {
        if (catalog.FindModel(name) is { } model)
            return new ResolvedModel(model, string.Equals(model.Id, name, StringComparison.OrdinalIgnoreCase) ? RouteStrategies.Direct : RouteStrategies.Alias);
        var match = LatestModels.IsMarked(name) ? default : catalog.Names.Find(name);
        if (match.Model is { } meant) return new ResolvedModel(meant, RouteStrategies.Alias);
        if (match.Unserved is { } unserved) throw new RouterException(UnknownModelError.NotServed(fault, unserved));
        if (match.Candidates is { } candidates) throw new RouterException(UnknownModelError.Ambiguous(fault, name, candidates));
        return LatestModels.Find(name, catalog) is { } latest ? new ResolvedModel(latest, RouteStrategies.Latest) : null;
    }

    private static ResolvedModel Suffixed(RequestFault fault, string name, CatalogSnapshot catalog)
    {
        if (name.Contains("@preset/", StringComparison.OrdinalIgnoreCase))
            throw Invalid(fault, "presets are not configured on this router; expected a model id");
        var rest = name;
        ResolvedModel? found = null;
        var wishes = default(ResolvedModel);
        while (found is null)
        {
            var colon = rest.LastIndexOf(':');
            if (colon < 0) throw NotFound(fault, name, catalog);
            var suffix = rest[(colon + 1)..];
            rest = rest[..colon];
            found = Find(fault, rest, catalog);
            wishes = Take(fault, name, suffix, wishes, found is not null, catalog);
        }
        var resolved = found.Value;
        // x/y:nitro:free is x/y:free:nitro.
        if (wishes.FreeOnly && catalog.FindModel(resolved.Model.Id + ":free") is { } free)
            return wishes with { Model = free, Strategy = resolved.Strategy, FreeOnly = false };
        return wishes with { Model = resolved.Model, Strategy = resolved.Strategy };
    }

    private static ResolvedModel Take(RequestFault fault, string name, string suffix, ResolvedModel wishes, bool modelExists,
        CatalogSnapshot catalog)
    {
        switch (suffix.ToLowerInvariant())
        {
            case "free": return wishes with { FreeOnly = true };
            case "nitro": return Sorted(fault, wishes, EndpointOrderingNames.Throughput) with { AdmitsPriority = true };
            case "floor": return Sorted(fault, wishes, EndpointOrderingNames.Price) with { AdmitsFlex = true };
            case "exacto": return Sorted(fault, wishes, EndpointOrderingNames.Exacto);
            case "online":
                throw Invalid(fault,
                "':online' adds the web plugin, which this router does not run; leave the suffix out and give the model a search tool");
            case "extended" or "thinking" when modelExists: throw Invalid(fault, $"the catalog has no ':{suffix}' variant of this model; leave the suffix out");
            case "batch": throw Invalid(fault, "':batch' is for the batch service, which this router does not run; leave the suffix out");
            default: throw modelExists ? Invalid(fault, $"unknown suffix; {Known}") : NotFound(fault, name, catalog);
        }
    }

    private static ResolvedModel Sorted(RequestFault fault, ResolvedModel wishes, string sort) => wishes.Sort is null || wishes.Sort == sort
        ? wishes with { Sort = sort }
        : throw Invalid(fault, "expected at most one of :nitro, :floor and :exacto, because each is a different order");

    private static bool HasPriority(Model model)
    {
        foreach (var endpoint in model.Endpoints)
            if (ServiceTiers.Of(endpoint) == ServiceTiers.Priority) return true;
        return false;
    }

    private static RouterException NotFound(RequestFault fault, string name, CatalogSnapshot catalog) =>
        new(UnknownModelError.NotFound(fault, name, catalog.Names.Suggest(name)));

    private static RouterException Invalid(RequestFault fault, string expected) => new(RouterError.InvalidFact(fault, expected));
}
