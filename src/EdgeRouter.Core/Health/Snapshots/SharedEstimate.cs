using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>Sums the other instances' statistics and passes them to the registry.</summary>
internal static class SharedEstimate
{
    private static readonly long FiveMinutes = TimeSpan.FromMinutes(5).Ticks;
    private static readonly long ThirtyMinutes = TimeSpan.FromMinutes(30).Ticks;

    /// <summary>Applies a snapshot to the endpoints of a catalog. An instance counts in a window as long as its snapshot is younger than the window.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="snapshot">The statistics of the instances.</param>
    /// <param name="self">Name of this instance, which does not count.</param>
    /// <param name="catalog">The endpoints.</param>
    /// <param name="clearedAt">When an operator cleared an endpoint's waits, in ticks of UTC by endpoint id: older waits are void.</param>
    public static void Apply(HealthRegistry registry, HealthSnapshot snapshot, string self, CatalogSnapshot catalog,
        IReadOnlyDictionary<string, long> clearedAt)
    {
        var now = registry.Clock.Now;
        var sums = new Dictionary<string, Sum>(StringComparer.Ordinal);
        foreach (var instance in snapshot.Instances)
        {
            if (instance.Instance == self) continue;
            var age = now - instance.TakenAt;
            foreach (var (id, counts) in instance.Endpoints)
            {
                if (!sums.TryGetValue(id, out var sum)) sums.Add(id, sum = new Sum());
                sum.Add(counts, age, isVoid: clearedAt.TryGetValue(id, out var cleared) && instance.TakenAt <= cleared);
            }
        }
        foreach (var model in catalog.Models)
            foreach (var endpoint in model.Endpoints)
            {
                if (sums.TryGetValue(endpoint.Id, out var sum)) registry.Of(endpoint).Share(sum.ToCounts(now), sum.Limits);
                else registry.Find(endpoint.Id)?.Share(new SharedCounts(now, [], [], []), default);
            }
    }

    private sealed class Sum
    {
        private int[] fiveMinutes = new int[HealthCells.NarrowWidth];
        private int[] thirtyMinutes = new int[HealthCells.NarrowWidth];
        private int[] oneDay = new int[HealthCells.NarrowWidth];
        private double caps;
        private int capped;
        private long openUntil;
        private long notBefore;

        /// <summary>Waits are until the latest time; the cap is the mean, as every instance learns its own share of it.</summary>
        public SharedLimits Limits => new(openUntil, notBefore, capped == 0 ? 0 : caps / capped);

        public void Add(EndpointCounts counts, long age, bool isVoid)
        {
            if (age < FiveMinutes) HealthCells.Add(ref fiveMinutes, counts.FiveMinutes);
            if (age < ThirtyMinutes) HealthCells.Add(ref thirtyMinutes, counts.ThirtyMinutes);
            HealthCells.Add(ref oneDay, counts.OneDay);
            // The waits of an instance that stopped writing are outdated.
            if (age >= FiveMinutes || isVoid) return;
            openUntil = Math.Max(openUntil, counts.Limits.OpenUntil);
            notBefore = Math.Max(notBefore, counts.Limits.NotBefore);
            if (counts.Limits.Cap <= 0) return;
            caps += counts.Limits.Cap;
            capped++;
        }

        public SharedCounts ToCounts(long now) => new(now, fiveMinutes, thirtyMinutes, oneDay);
    }
}
