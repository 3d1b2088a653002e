using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Core.Routing;

/// <summary>No endpoint may serve a request.</summary>
/// <param name="Models">The models that were asked for.</param>
/// <param name="Exclusions">Every endpoint of theirs with its reason; empty: they have none.</param>
public sealed record NoEndpoint(IReadOnlyList<Model> Models, IReadOnlyList<Exclusion> Exclusions) : ErrorDetails;

/// <summary>The errors of a request that no endpoint may serve: they give the reason for every endpoint.</summary>
internal static class NoEndpointError
{
    /// <summary>404: endpoints exist, and each was excluded.</summary>
    public static RouterError For(IReadOnlyList<Model> models, IReadOnlyList<Exclusion> exclusions)
    {
        var first = exclusions.Take(3).Select(exclusion => $"{exclusion.Endpoint.Tag} {exclusion.Detail}");
        var message = $"No endpoint of {string.Join(", ", models.Select(model => model.Id))} can serve this request: {string.Join("; ", first)}"
            + (exclusions.Count > 3 ? $"; and {exclusions.Count - 3} more" : "");
        // The exclusions are those of a scratch that the next plan uses again.
        return new RouterError(404, ErrorTypes.NotFound, message) { Details = new NoEndpoint(models, [.. exclusions]) };
    }
}
