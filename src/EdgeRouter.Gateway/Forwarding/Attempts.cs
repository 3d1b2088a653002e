using System.Runtime.CompilerServices;
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
/// Failover and hedging as one thing: a Polly hedging pipeline over the candidates of a run. A retryable failure starts the next candidate at once;
/// silence past the hedge delay starts one beside; the first to answer wins and the others are cancelled. Each attempt is covered by the request's
/// hold, admitted by its endpoint's breaker and reports to its health. Thread-safe.
/// </summary>
internal sealed class Attempts
{
    private static readonly ResiliencePropertyKey<ForwardingRun> RunKey = new("run");
    private readonly ResiliencePipeline<AttemptOutcome>? pipeline;
    private readonly HealthRegistry health;
    private readonly AttemptCover cover;
    private readonly Hedging hedging;
    private readonly IAttemptRunner runner;
    private readonly TimeProvider time;
    private readonly Random random;
    private readonly ILogger<Attempts> log;

    public Attempts(RouterSettings settings, HealthRegistry health, AttemptCover cover, Hedging hedging, IAttemptRunner runner,
        TimeProvider time, Random random, ILogger<Attempts> log)
    {
        this.health = health;
        this.cover = cover;
        this.hedging = hedging;
        this.runner = runner;
        this.time = time;
        this.random = random;
        this.log = log;
        pipeline = settings.Limits.MaxAttempts == 1 ? null : Build(settings.Limits.MaxAttempts);
    }

    /// <summary>Runs attempts until one answers or none may follow.</summary>
    public Task<AttemptOutcome> ExecuteAsync(ForwardingRun run) =>
        // Nobody can stand beside a single attempt: no need to pay for the pipeline unless it fails.
        pipeline is null || run.HasOneCandidate ? ExecuteAloneAsync(run) : ExecuteAsync(pipeline, run, run.TakeNext()!.Value);

    private async Task<AttemptOutcome> ExecuteAloneAsync(ForwardingRun run)
    {
        var outcome = await TryAsync(run, run.TakeNext()!.Value, CancellationToken.None);
        return outcome.Answer is null && pipeline is not null && run.TakeNext() is { } later ? await ExecuteAsync(pipeline, run, later) : outcome;
    }

    private async Task<AttemptOutcome> ExecuteAsync(ResiliencePipeline<AttemptOutcome> pipeline, ForwardingRun run, NextAttempt first)
    {
        hedging.Earn();
        var context = ResilienceContextPool.Shared.Get();
        context.Properties.Set(RunKey, run);
        try
        {
            return await pipeline.ExecuteAsync(static (context, state) => state.self.TryAsync(state.run, state.first, context.CancellationToken), context,
                (self: this, run, first));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline<AttemptOutcome> Build(int maxAttempts) =>
        new ResiliencePipelineBuilder<AttemptOutcome> { TimeProvider = time }
            .AddHedging(new HedgingStrategyOptions<AttemptOutcome>
            {
                MaxHedgedAttempts = maxAttempts - 1,
                DelayGenerator = arguments =>
                {
                    var run = RunOf(arguments.Context);
                    return new ValueTask<TimeSpan>(hedging.Delay(run.Request, run.Latest));
                },
                ShouldHandle = static arguments =>
                    new ValueTask<bool>(arguments.Outcome.Result is { Answer: null } outcome && RunOf(arguments.Context).MayGoOn(outcome)),
                ActionGenerator = arguments =>
                {
                    var run = RunOf(arguments.PrimaryContext);
                    // What may not be done beside an attempt that is running, or cannot be paid for, stays a candidate for after it.
                    if (run.IsWaiting && (run.NextBeside is not { } beside || !cover.MayCover(run.Request, beside) || !hedging.TrySpend())) return null;
                    if (run.TakeNext() is not { } next) return null;
                    return async () => Outcome.FromResult(await TryAsync(run, next, arguments.ActionContext.CancellationToken));
                },
            })
            .Build();

    private static ForwardingRun RunOf(ResilienceContext context) => context.Properties.GetValue(RunKey, null!);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> TryAsync(ForwardingRun run, NextAttempt next, CancellationToken lostRace)
    {
        // A caller who leaves meanwhile ends the attempt right after; nobody else can, since an attempt that waits stands alone.
        if (next.Wait > TimeSpan.Zero) await Task.Delay(Spread(next.Wait), time, run.Clock.CallerLeft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var endpoint = next.Endpoint;
        var known = health.Of(endpoint);
        var isRetry = run.Request.Attempts.Count > 0;
        var entry = run.Request.Attempts.Start(endpoint, time.GetTimestamp());
        AttemptOutcome outcome;
        try
        {
            outcome = await CoverAsync(run, entry, lostRace) ?? await AskAsync(run, entry, known, isRetry, lostRace);
        }
        catch
        {
            entry.Health?.Abandoned();
            throw;
        }
        finally
        {
            entry.Ended = time.GetTimestamp();
        }
        RefundRetry(entry, known);
        if (outcome.Answer is not null)
        {
            if (outcome.Answer is not StreamAnswer stream) return outcome;
            // Before it leaves the race, whose token is another's then.
            stream.Clock.Win();
            entry.Health?.FirstToken(time.GetElapsedTime(entry.SentTimestamp ?? entry.Started, entry.Ended!.Value));
            return outcome;
        }
        if (outcome.Failure is { } failure)
        {
            entry.Health?.Failed(failure);
            if (failure.Class is not (FailureClass.Cancelled or FailureClass.CallerGone))
                GatewayLog.AttemptFailed(log, endpoint.Id, failure.Class.ToString(), failure.Status);
        }
        else
        {
            entry.Health?.Abandoned();
        }
        AttemptCover.Failed(run.Request, entry);
        run.NoteFailure(outcome);
        return outcome;
    }

    /// <summary>Covers the attempt; null: it may be made.</summary>
    private async ValueTask<AttemptOutcome?> CoverAsync(ForwardingRun run, AttemptEntry entry, CancellationToken lostRace)
    {
        try
        {
            return await cover.CoverAsync(run.Request, entry, lostRace) is { } unaffordable ? AttemptOutcome.Refused(entry, unaffordable) : null;
        }
        catch (OperationCanceledException) when (lostRace.IsCancellationRequested)
        {
            return AttemptOutcome.Failed(entry, UpstreamFailure.Observed(FailureClass.Cancelled, "Another attempt won."));
        }
    }

    /// <summary>Asks the endpoint, unless its health or its retry budget forbids it.</summary>
    private ValueTask<AttemptOutcome> AskAsync(ForwardingRun run, AttemptEntry entry, EndpointHealth known, bool isRetry, CancellationToken lostRace)
    {
        // The last candidate is tried even when its breaker is open: a slim chance beats none.
        if (AttemptHealth.TryStart(known, lastResort: run.IsLast, log) is not { } admitted) return new(AttemptOutcome.Failed(entry, NotCalled(known)));
        if (isRetry && !known.Credential.Retries.TrySpend())
        {
            admitted.Abandoned();
            return new(AttemptOutcome.Failed(entry,
                UpstreamFailure.Observed(FailureClass.Overloaded, "It is sent no more retries now: too many of them failed.")));
        }
        entry.SpentRetry = isRetry;
        entry.Health = admitted;
        return runner.RunAsync(run.Request, entry, new AttemptClock(run.Clock, time, lostRace));
    }

    /// <summary>A little more than was asked for, so that those who were sent away together do not all come back together, nor a moment too early.</summary>
    private TimeSpan Spread(TimeSpan wait) => wait * (1 + 0.2 * random.NextDouble()) + TimeSpan.FromMilliseconds(50);

    /// <summary>A retry counts only when the endpoint failed it.</summary>
    private static void RefundRetry(AttemptEntry entry, EndpointHealth known)
    {
        if (entry is { SpentRetry: true, Failure: null or { Traits.Blame: not Blame.Provider } }) known.Credential.Retries.Refund();
    }

    /// <summary>
    /// Why an endpoint is not called: it asked to wait, which the caller is told with the time, as if the provider itself had said so again; or its
    /// breaker is open.
    /// </summary>
    private UpstreamFailure NotCalled(EndpointHealth endpoint)
    {
        if (endpoint.NotBefore is not { } until) return UpstreamFailure.Observed(FailureClass.Overloaded, "It is not to be called now: it failed too often.");
        var wait = until - time.GetUtcNow();
        return UpstreamFailure.Observed(FailureClass.RateLimited, "It asked to wait.") with { RetryAfter = wait > TimeSpan.Zero ? wait : TimeSpan.Zero };
    }
}
