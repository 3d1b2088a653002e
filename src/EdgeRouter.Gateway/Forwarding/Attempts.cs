using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Upstreams.Failures;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// Failover and hedging as one thing: a Polly hedging pipeline over the candidates of a run. A retryable failure starts the next candidate at once; silence past the hedge delay starts
/// one beside; the first to answer wins and the others are cancelled. Each attempt runs inside its endpoint's breaker. Thread-safe.
/// </summary>
internal sealed class Attempts
{
    private static readonly ResiliencePropertyKey<ForwardingRun> RunKey = new("run");
    private readonly ResiliencePipeline<AttemptOutcome> pipeline;
    private readonly EndpointBreakers breakers;
    private readonly Func<Endpoint, IAttemptRunner> runners;
    private readonly TimeProvider time;
    private readonly ILogger<Attempts> log;

    public Attempts(RouterSettings settings, EndpointBreakers breakers, Func<Endpoint, IAttemptRunner> runners, TimeProvider time, ILogger<Attempts> log)
    {
        this.breakers = breakers;
        this.runners = runners;
        this.time = time;
        this.log = log;
        pipeline = settings.Limits.MaxAttempts == 1 ? ResiliencePipeline<AttemptOutcome>.Empty : Build(settings);
    }

    /// <summary>Runs attempts until one answers or none may follow.</summary>
    public async Task<AttemptOutcome> ExecuteAsync(ForwardingRun run)
    {
        var context = ResilienceContextPool.Shared.Get();
        context.Properties.Set(RunKey, run);
        try
        {
            return await pipeline.ExecuteAsync(static (context, state) => state.self.TryAsync(state.run, state.run.TakeNext()!, context.CancellationToken), context, (self: this, run));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline<AttemptOutcome> Build(RouterSettings settings)
    {
        var delay = settings.Hedging.Enabled ? settings.Hedging.Delay : Timeout.InfiniteTimeSpan;
        return new ResiliencePipelineBuilder<AttemptOutcome> { TimeProvider = time }
            .AddHedging(new HedgingStrategyOptions<AttemptOutcome>
            {
                MaxHedgedAttempts = settings.Limits.MaxAttempts - 1,
                Delay = delay,
                ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Result is { Answer: null } outcome && Retryable(outcome)),
                ActionGenerator = arguments =>
                {
                    var run = arguments.PrimaryContext.Properties.GetValue(RunKey, null!);
                    if (run.TakeNext() is not { } endpoint) return null;
                    return async () => Outcome.FromResult(await TryAsync(run, endpoint, arguments.ActionContext.CancellationToken));
                },
            })
            .Build();
    }

    private static bool Retryable(AttemptOutcome outcome) =>
        outcome.Failure is not { } failure || (failure.Traits.Remedy & (Remedy.NextEndpoint | Remedy.LargerEndpoint | Remedy.NextModel)) != 0;

    private async ValueTask<AttemptOutcome> TryAsync(ForwardingRun run, Endpoint endpoint, CancellationToken lostRace)
    {
        var entry = run.Request.Attempts.Start(endpoint, time.GetTimestamp());
        var outcome = await ThroughBreakerAsync(run, entry, lostRace);
        entry.Ended = time.GetTimestamp();
        if (outcome.Answer is not null) return outcome;
        if (outcome.Failure is { Class: not (FailureClass.Cancelled or FailureClass.CallerGone) } failure)
            GatewayLog.AttemptFailed(log, endpoint.Id, failure.Class.ToString(), failure.Status);
        run.NoteFailure(outcome);
        return outcome;
    }

    private async ValueTask<AttemptOutcome> ThroughBreakerAsync(ForwardingRun run, AttemptEntry entry, CancellationToken lostRace)
    {
        try
        {
            return await breakers.Of(entry.Endpoint).Pipeline.ExecuteAsync(static (state, _) => state.self.RunAsync(state.run, state.entry, state.lostRace),
                (self: this, run, entry, lostRace), CancellationToken.None);
        }
        catch (BrokenCircuitException) when (run.IsLast)
        {
            // The last candidate is tried even when it is broken: a slim chance beats none.
            return await RunAsync(run, entry, lostRace);
        }
        catch (BrokenCircuitException)
        {
            return AttemptOutcome.Failed(entry, UpstreamFailure.Observed(FailureClass.Overloaded, "Its breaker is open."));
        }
    }

    private ValueTask<AttemptOutcome> RunAsync(ForwardingRun run, AttemptEntry entry, CancellationToken lostRace) =>
        runners(entry.Endpoint).RunAsync(run.Request, entry, new AttemptClock(run.Clock, time, lostRace));
}
