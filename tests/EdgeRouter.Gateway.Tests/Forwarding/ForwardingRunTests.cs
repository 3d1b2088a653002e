using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.OpenAIChat;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Failures;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Forwarding;

/// <summary>Who is tried next after what.</summary>
public sealed class ForwardingRunTests
{
    private readonly Model one = Candidates.Model("acme/one", ("a", 8000), ("b", 8000), ("c", 128_000));
    private readonly Model two = Candidates.Model("acme/two", ("d", 8000));

    [Fact]
    public void Transient_failure_goes_to_the_next_endpoint()
    {
        var run = Start();

        Assert.True(Fail(run, FailureClass.ServerError));
        Assert.Equal("b", run.TakeNext()!.Tag);
    }

    [Fact]
    public void Request_at_fault_goes_to_the_next_model_only()
    {
        var run = Start();

        Assert.True(Fail(run, FailureClass.InvalidRequest));
        Assert.Equal("d", run.TakeNext()!.Tag);
    }

    [Fact]
    public void What_did_not_fit_goes_to_a_larger_endpoint_only()
    {
        var run = Start();

        Assert.True(Fail(run, FailureClass.ContextLength));
        Assert.Equal("c", run.TakeNext()!.Tag);
    }

    [Fact]
    public void Request_at_fault_with_no_other_model_is_the_end() => Assert.False(Fail(new ForwardingRun(Request(), Clock(), one.Endpoints), FailureClass.InvalidRequest));

    [Theory]
    [InlineData(FailureClass.CallerGone)]
    [InlineData(FailureClass.TotalTimeout)]
    public void After_the_end_of_the_request_nobody_is_tried(FailureClass failure) => Assert.False(Fail(Start(), failure));

    [Fact]
    public void Refusal_of_one_endpoint_goes_to_the_next_and_is_told_when_nobody_else_answers()
    {
        var run = new ForwardingRun(Request(), Clock(), [one.Endpoints[0]]);
        var refusal = RouterError.InvalidField("messages[0].content[0]", "no audio over this wire");

        run.NoteFailure(AttemptOutcome.Refused(new AttemptEntry(run.TakeNext()!, 0), refusal));
        Assert.Null(run.TakeNext());
        Assert.Same(refusal, run.ToError());
    }

    [Fact]
    public void Candidates_are_each_taken_once()
    {
        var run = Start();

        Assert.Equal(["a", "b", "c", "d"], Enumerable.Range(0, 4).Select(_ => run.TakeNext()!.Tag));
        Assert.True(run.IsLast);
        Assert.Null(run.TakeNext());
    }

    private static bool Fail(ForwardingRun run, FailureClass failure)
    {
        var outcome = AttemptOutcome.Failed(new AttemptEntry(run.TakeNext()!, 0), UpstreamFailure.Observed(failure, "as the test says"));
        run.NoteFailure(outcome);
        return run.MayGoOn(outcome);
    }

    private ForwardingRun Start() => new(Request(), Clock(), [.. one.Endpoints, .. two.Endpoints]);

    private static GatewayRequest Request() => new(new OpenAIChatDialect(), "gen-1", default, 0);

    private static RequestClock Clock() => new(TimeSpan.FromMinutes(1), new VirtualTimeProvider(), CancellationToken.None);
}
