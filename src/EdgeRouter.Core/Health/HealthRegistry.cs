using System.Collections.Concurrent;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Health;

/// <summary>
/// The health of every endpoint that was ever tried. Bounded by the catalog: only its endpoints have entries, and <see cref="Retain"/> drops those
/// that a reload removed. Thread-safe; reads are lock-free.
/// </summary>
/// <param name="time">Clock.</param>
/// <param name="jitter">Spreads the recovery of breakers; must be thread-safe when several threads report.</param>
public sealed class HealthRegistry(TimeProvider time, Random jitter)
{
    private readonly ConcurrentDictionary<string, EndpointHealth> endpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CredentialHealth> credentials = new(StringComparer.Ordinal);

    /// <summary>The clock of all statistics.</summary>
    public HealthClock Clock { get; } = new(time);

    /// <summary>The endpoint's health; made at the first call.</summary>
    public EndpointHealth Of(Endpoint endpoint) =>
        endpoints.TryGetValue(endpoint.Id, out var health)
            ? health : endpoints.GetOrAdd(endpoint.Id, new EndpointHealth(endpoint.Id, Of(endpoint.Provider), Clock, jitter));

    /// <summary>Health of the router's credential at a provider; made at the first call.</summary>
    public CredentialHealth Of(Provider provider) =>
        credentials.TryGetValue(provider.Slug, out var health) ? health : credentials.GetOrAdd(provider.Slug, _ => new CredentialHealth(jitter));

    /// <summary>The endpoint's health; null: it was never tried, here or elsewhere.</summary>
    public EndpointHealth? Find(string endpointId) => endpoints.GetValueOrDefault(endpointId);

    /// <summary>All endpoints that were ever tried.</summary>
    public IEnumerable<EndpointHealth> All => endpoints.Values;

    /// <summary>Drops what is no longer in the catalog. To be called after each reload.</summary>
    public void Retain(CatalogSnapshot catalog)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var model in catalog.Models)
            foreach (var endpoint in model.Endpoints) ids.Add(endpoint.Id);
        foreach (var id in endpoints.Keys)
            if (!ids.Contains(id)) endpoints.TryRemove(id, out _);
        foreach (var slug in credentials.Keys)
            if (catalog.FindProvider(slug) is null) credentials.TryRemove(slug, out _);
    }
}
