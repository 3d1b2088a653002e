using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Gateway.Budgets;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Upstreams.Failures;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Hedging;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// Failover and hedging as one thing: a Polly hedging pipeline over the candidates of a run. A retryable failure starts the next candidate at once; silence past the hedge delay starts
/// one beside; the first to answer wins and the others are cancelled. Each attempt is covered by the request's hold, admitted by its endpoint's breaker and reports to its health. Thread-safe.
/// </summary>
internal sealed class Attempts
{
    private static readonly ResiliencePropertyKey<ForwardingRun> RunKey = new("run");
    private readonly ResiliencePipeline<AttemptOutcome>? pipeline;
    private readonly HealthRegistry health;
    private readonly AttemptCover cover;
    private readonly Func<Endpoint, IAttemptRunner> runners;
    private readonly TimeProvider time;
    private readonly ILogger<Attempts> log;

    public Attempts(RouterSettings settings, HealthRegistry health, AttemptCover cover, Func<Endpoint, IAttemptRunner> runners, TimeProvider time, ILogger<Attempts> log)
    {
        this.health = health;
        this.cover = cover;
        this.runners = runners;
        this.time = time;
        this.log = log;
        pipeline = settings.Limits.MaxAttempts == 1 ? null : Build(settings);
    }

    /// <summary>Runs attempts until one answers or none may follow.</summary>
    public Task<AttemptOutcome> ExecuteAsync(ForwardingRun run) =>
        // Nothing can follow a single attempt, nor stand beside it: no need to pay for the pipeline.
        pipeline is null || run.HasOneCandidate ? TryAsync(run, run.TakeNext()!, CancellationToken.None).AsTask() : ExecuteAsync(pipeline, run);

    private async Task<AttemptOutcome> ExecuteAsync(ResiliencePipeline<AttemptOutcome> pipeline, ForwardingRun run)
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
                ShouldHandle = static arguments => new ValueTask<bool>(
                    arguments.Outcome.Result is { Answer: null } outcome && arguments.Context.Properties.GetValue(RunKey, null!).MayGoOn(outcome)),
                ActionGenerator = arguments =>
                {
                    var run = arguments.PrimaryContext.Properties.GetValue(RunKey, null!);
                    // What cannot be paid for beside an attempt that is running stays a candidate for after it.
                    if (run.NextBeside is { } beside && !cover.MayCover(run.Request, beside)) return null;
                    if (run.TakeNext() is not { } endpoint) return null;
                    return async () => Outcome.FromResult(await TryAsync(run, endpoint, arguments.ActionContext.CancellationToken));
                },
            })
            .Build();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> TryAsync(ForwardingRun run, Endpoint endpoint, CancellationToken lostRace)
    {
        var entry = run.Request.Attempts.Start(endpoint, time.GetTimestamp());
        if (await cover.CoverAsync(run.Request, entry, lostRace) is { } unaffordable)
        {
            var notMade = AttemptOutcome.Refused(entry, unaffordable);
            entry.Ended = time.GetTimestamp();
            run.NoteFailure(notMade);
            return notMade;
        }
        // The last candidate is tried even when its breaker is open: a slim chance beats none.
        entry.Health = AttemptHealth.TryStart(health.Of(endpoint), lastResort: run.IsLast);
        var outcome = entry.Health is null
            ? AttemptOutcome.Failed(entry, NotCalled(health.Of(endpoint)))
            : await runners(endpoint).RunAsync(run.Request, entry, new AttemptClock(run.Clock, time, lostRace));
        entry.Ended = time.GetTimestamp();
        if (outcome.Answer is not null)
        {
            if (outcome.Answer is StreamAnswer) entry.Health?.FirstToken(time.GetElapsedTime(entry.SentTimestamp ?? entry.Started, entry.Ended.Value));
            return outcome;
        }
        if (outcome.Failure is { } failure)
        {
            entry.Health?.Failed(failure);
            if (failure.Class is not (FailureClass.Cancelled or FailureClass.CallerGone)) GatewayLog.AttemptFailed(log, endpoint.Id, failure.Class.ToString(), failure.Status);
        }
        else
        {
            entry.Health?.Abandoned();
        }
        AttemptCover.Failed(run.Request, entry);
        run.NoteFailure(outcome);
        return outcome;
    }

    /// <summary>Why an endpoint is not called: it asked to wait, which the caller is told with the time, as if the vendor itself had said so again; or its breaker is open.</summary>
    private UpstreamFailure NotCalled(EndpointHealth endpoint)
    {
        if (endpoint.NotBefore is not { } until) return UpstreamFailure.Observed(FailureClass.Overloaded, "It is not to be called now: it failed too often.");
        var wait = until - time.GetUtcNow();
        return UpstreamFailure.Observed(FailureClass.RateLimited, "It asked to wait.") with { RetryAfter = wait > TimeSpan.Zero ? wait : TimeSpan.Zero };
    }
}
