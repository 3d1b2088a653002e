using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Secrets;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Forwarding;

/// <summary>Who is tried next after what.</summary>
public sealed class ForwardingRunTests
{
    private readonly VirtualTimeProvider time = new();
    private readonly Model one = Candidates.Model("acme/one", ("a", 8000), ("b", 8000), ("c", 128_000));
    private readonly Model two = Candidates.Model("acme/two", ("d", 8000));

    [Fact]
    public void Transient_failure_goes_to_the_next_endpoint()
    {
        var run = Start();

        Assert.True(Fail(run, FailureClass.ServerError));
        Assert.Equal("b", run.TakeNext()!.Value.Endpoint.Tag);
    }

    [Fact]
    public void Request_at_fault_goes_to_the_next_model_only()
    {
        var run = Start();

        Assert.True(Fail(run, FailureClass.InvalidRequest));
        Assert.Equal("d", run.TakeNext()!.Value.Endpoint.Tag);
    }

    [Fact]
    public void What_did_not_fit_goes_to_a_larger_endpoint_only()
    {
        var run = Start();

        Assert.True(Fail(run, FailureClass.ContextLength));
        Assert.Equal("c", run.TakeNext()!.Value.Endpoint.Tag);
    }

    [Fact]
    public void Operation_says_where_what_did_not_fit_may_fit()
    {
        // Images have an output limit and no context.
        var request = Asked.For(new RequestFacts { Operation = CountedOperation.Image });
        var run = new ForwardingRun(request, Clock(), Candidates.Model("acme/one", ("a", 4), ("b", 4), ("c", 8)).Endpoints, 6, default, time);

        Assert.True(Fail(run, FailureClass.ContextLength));
        Assert.Equal("c", run.TakeNext()!.Value.Endpoint.Tag);
    }

    [Fact]
    public void Request_at_fault_with_no_other_model_is_the_end() =>
        Assert.False(Fail(new ForwardingRun(Request(), Clock(), one.Endpoints, 6, default, time), FailureClass.InvalidRequest));

    [Theory]
    [InlineData(FailureClass.CallerGone)]
    [InlineData(FailureClass.TotalTimeout)]
    public void After_the_end_of_the_request_nobody_is_tried(FailureClass failure) => Assert.False(Fail(Start(), failure));

    [Fact]
    public void Refusal_of_one_endpoint_goes_to_the_next_and_is_told_when_nobody_else_answers()
    {
        var run = new ForwardingRun(Request(), Clock(), [one.Endpoints[0]], 6, default, time);
        var refusal = RouterError.InvalidField("messages[0].content[0]", "no audio over this wire");

        var refused = new Attempt(run.TakeNext()!.Value.Endpoint, 0);
        refused.Refused(refusal);
        run.NoteFailure(refused);
        Assert.Null(run.TakeNext());
        Assert.Same(refusal, run.ToError(Report));
    }

    [Fact]
    public void Candidates_are_each_taken_once()
    {
        var run = Start();

        Assert.Equal(["a", "b", "c", "d"], Enumerable.Range(0, 4).Select(_ => run.TakeNext()!.Value.Endpoint.Tag));
        Assert.True(run.IsLast);
        Assert.Null(run.TakeNext());
    }

    [Fact]
    public void When_all_have_failed_the_one_that_asked_to_wait_for_the_shortest_time_is_asked_once_more_after_it()
    {
        var run = Start();
        Fail(run, FailureClass.RateLimited, TimeSpan.FromSeconds(3));
        Fail(run, FailureClass.Overloaded, TimeSpan.FromSeconds(2));
        Fail(run, FailureClass.ServerError);
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True(Fail(run, FailureClass.RateLimited, TimeSpan.FromSeconds(60)));

        var again = run.TakeNext()!.Value;

        Assert.Equal(("b", TimeSpan.FromSeconds(1.5)), (again.Endpoint.Tag, again.Wait));
        Note(run, again.Endpoint, FailureClass.Overloaded, TimeSpan.FromSeconds(2));
        Assert.Equal("a", run.TakeNext()!.Value.Endpoint.Tag);
        Assert.Null(run.TakeNext());
    }

    [Fact]
    public void After_the_last_permitted_attempt_nobody_is_asked_nor_asked_again()
    {
        var run = new ForwardingRun(Request(), Clock(), one.Endpoints, 2, TimeSpan.FromSeconds(3), time);
        Assert.True(Fail(run, FailureClass.RateLimited, TimeSpan.FromSeconds(1)));
        Fail(run, FailureClass.RateLimited, TimeSpan.FromSeconds(1));

        Assert.Null(run.TakeNext());
    }

    [Fact]
    public void Nobody_is_asked_again_while_an_answer_may_still_come()
    {
        var run = Start();
        var silent = run.TakeNext()!.Value.Endpoint;
        for (var rest = 0; rest < 3; rest++) Fail(run, FailureClass.RateLimited, TimeSpan.FromSeconds(1));
        Assert.Null(run.TakeNext());

        Note(run, silent, FailureClass.FirstTokenTimeout);

        Assert.Equal("b", run.TakeNext()!.Value.Endpoint.Tag);
    }

    [Fact]
    public void Nobody_is_asked_again_when_the_request_would_be_over_before()
    {
        var run = Start();
        for (var each = 0; each < 4; each++) Fail(run, FailureClass.RateLimited, TimeSpan.FromSeconds(3));

        time.Advance(TimeSpan.FromSeconds(59.9));

        Assert.Null(run.TakeNext());
    }

    [Fact]
    public void Second_of_two_empty_answers_that_came_together_is_the_answer()
    {
        var run = Start();
        run.TakeNext();
        run.TakeNext();

        Assert.Equal((false, true), (run.TryAccept(), run.TryAccept()));
    }

    [Fact]
    public void Empty_answer_is_the_answer_when_the_others_failed_while_it_was_made()
    {
        var run = Start();
        var silent = run.TakeNext()!.Value.Endpoint;
        for (var rest = 0; rest < 3; rest++) Fail(run, FailureClass.ServerError);

        Assert.True(run.TryAccept(), $"{silent.Tag} is the only one that is left.");
    }

    private bool Fail(ForwardingRun run, FailureClass failure, TimeSpan? retryAfter = null) => Note(run, run.TakeNext()!.Value.Endpoint, failure, retryAfter);

    private bool Note(ForwardingRun run, Endpoint endpoint, FailureClass failure, TimeSpan? retryAfter = null)
    {
        var attempt = new Attempt(endpoint, 0) { Ended = time.GetTimestamp() };
        attempt.Failed(UpstreamFailure.Observed(failure, "as the test says") with { RetryAfter = retryAfter });
        run.NoteFailure(attempt);
        return run.MayGoOn(attempt);
    }

    private ForwardingRun Start() => new(Request(), Clock(), [.. one.Endpoints, .. two.Endpoints], 6, TimeSpan.FromSeconds(3), time);

    private static readonly FailureReport Report = new(new ConfiguredSecrets(new NoCatalog()));

    private sealed class NoCatalog : ICatalog
    {
        public CatalogSnapshot Current => CatalogSnapshot.Empty;
    }

    private static GatewayRequest Request() => Asked.For(new RequestFacts());

    private RequestClock Clock() => new(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, CancellationToken.None);
}
