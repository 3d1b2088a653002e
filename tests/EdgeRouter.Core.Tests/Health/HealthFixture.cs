using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Tests.Routing;
using EdgeRouter.TestSupport;

namespace EdgeRouter.Core.Tests.Health;

/// <summary>A registry on a virtual clock, and attempts in one line.</summary>
internal sealed class HealthFixture
{
    public HealthFixture(VirtualTimeProvider? time = null)
    {
        Time = time ?? new VirtualTimeProvider();
        Registry = new HealthRegistry(Time, new Random(5));
        Catalog = CatalogFixture.CatalogOf(CatalogFixture.Model("acme/one", CatalogFixture.At("alpha"), CatalogFixture.At("beta"),
            CatalogFixture.At("alpha", tag: "alpha/eu")));
        Alpha = Registry.Of(Catalog.Models[0].Endpoints[0]);
    }

    public VirtualTimeProvider Time { get; }

    public HealthRegistry Registry { get; }

    public CatalogSnapshot Catalog { get; }

    /// <summary>Health of the first endpoint.</summary>
    public EndpointHealth Alpha { get; }

    public void After(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>One attempt, begun and ended at once; false: not admitted.</summary>
    public bool Attempt(AttemptResult result, double? firstToken = null, EndpointHealth? at = null, bool lastResort = false, AttemptReport? report = null)
    {
        var endpoint = at ?? Alpha;
        var ticket = endpoint.AttemptStarted(lastResort);
        if (!ticket.Admitted) return false;
        if (firstToken is { } seconds) endpoint.FirstTokenArrived(ref ticket, TimeSpan.FromSeconds(seconds));
        endpoint.AttemptEnded(ref ticket, report ?? new AttemptReport(result));
        return true;
    }

    public void Attempts(int count, AttemptResult result, double every = 0)
    {
        for (var i = 0; i < count; i++)
        {
            Attempt(result);
            if (every > 0) After(every);
        }
    }
}
