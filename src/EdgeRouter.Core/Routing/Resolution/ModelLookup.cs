using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Core.Routing.Resolution;

/// <summary>Finds the model that a name stands for, as requests name it, for callers who look one up. Stateless.</summary>
public static class ModelLookup
{
    /// <summary>The model.</summary>
    /// <exception cref="RouterException">404: no such model, several, one that nobody serves, or a suffix that cannot be served.</exception>
    public static Model Find(string name, CatalogSnapshot catalog)
    {
        try
        {
            return ModelResolver.Resolve(new RequestFault(RequestFact.Model), name, tier: null, catalog).Model;
        }
        catch (RouterException unknown)
        {
            throw new RouterException(unknown.Error with { Status = 404, Type = ErrorTypes.NotFound, Fault = null }, unknown);
        }
    }
}
