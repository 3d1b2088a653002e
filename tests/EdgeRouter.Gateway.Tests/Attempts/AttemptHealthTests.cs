using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;
using EdgeRouter.Upstreams.Failures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Attempts;

/// <summary>What attempts tell about their endpoint.</summary>
public sealed class AttemptHealthTests
{
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Operation_says_whose_time_out_is_excused_by_another_answer(bool takesLong, int failures)
    {
        var time = new VirtualTimeProvider();
        var registry = new HealthRegistry(time, new Random(1));
        var endpoint = Candidates.Model("acme/one", ("a", 8000)).Endpoints[0];
        // As long as a prompt may be, and of a model that reasons.
        var facts = new RequestFacts
        {
            Operation = new CountedOperation("count", "text", OutputUnit.Tokens) { TakesLong = takesLong },
            Stream = true,
            TextBytes = 10_000_000,
            Parameters = RequestParameters.Reasoning,
        };
        var waiting = AttemptHealth.TryStart(registry, endpoint, facts, lastResort: false, NullLogger.Instance)!;
        time.Advance(TimeSpan.FromSeconds(30));
        AttemptHealth.TryStart(registry, endpoint, facts, lastResort: false, NullLogger.Instance)!.FirstToken(TimeSpan.FromSeconds(1));

        waiting.Failed(UpstreamFailure.Observed(FailureClass.FirstTokenTimeout, "as the test says"));

        Assert.Equal(failures, registry.Of(endpoint).Statistics(HealthWindow.OneDay).Failures);
    }
}
