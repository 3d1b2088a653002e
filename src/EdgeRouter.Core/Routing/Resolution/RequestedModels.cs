using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Core.Routing.Resolution;

/// <summary>The models of a request, in the order in which they may serve. Stateless.</summary>
internal static class RequestedModels
{
    /// <summary>Resolves <c>model</c> and <c>models</c>; a model that is named twice counts once.</summary>
    /// <exception cref="RouterException">400: none is named and there is no default, or one cannot be resolved.</exception>
    public static void Resolve(RequestFacts request, CatalogSnapshot catalog, RoutingPolicy rules, List<ResolvedModel> models)
    {
        var first = request.Model ?? (request.FallbackModels.Count == 0 ? rules.DefaultModel : null);
        if (first is not null) Add(new RequestFault(RequestFact.Model), first, request, catalog, models);
        for (var i = 0; i < request.FallbackModels.Count; i++)
            Add(new RequestFault(RequestFact.FallbackModel, i), request.FallbackModels[i], request, catalog, models);
        if (models.Count == 0)
            throw new RouterException(RouterError.InvalidFact(new RequestFault(RequestFact.Model), "expected a model id; no default model is configured"));
    }

    private static void Add(RequestFault fault, string name, RequestFacts request, CatalogSnapshot catalog, List<ResolvedModel> models)
    {
        var resolved = ModelResolver.Resolve(fault, name, request.ServiceTier, catalog);
        foreach (var known in models)
            if (known.Model == resolved.Model) return;
        models.Add(resolved);
    }
}
