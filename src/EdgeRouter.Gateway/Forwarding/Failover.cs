using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Budgets;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Upstreams.Failures;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Hedging;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// Failover and hedging together: a Polly hedging pipeline over the candidates of a run. A retryable failure starts the next candidate at once;
/// silence past the hedging delay starts one in parallel; the first to answer wins and the others are cancelled. Each attempt is covered by the
/// request's hold, admitted by its endpoint's breaker and reports to its health. Thread-safe.
/// </summary>
internal sealed class Failover
{
    private static readonly ResiliencePropertyKey<ForwardingRun> RunKey = new("run");
    private readonly ResiliencePipeline<Attempt>? pipeline;
    private readonly HealthRegistry health;
    private readonly AttemptCover cover;
    private readonly Hedging hedging;
    private readonly AttemptSender sender;
    private readonly ReadingOn readingOn;
    private readonly TimeProvider time;
    private readonly Random random;
    private readonly ILogger<Failover> log;

    public Failover(RouterSettings settings, HealthRegistry health, AttemptCover cover, Hedging hedging, AttemptSender sender, ReadingOn readingOn,
        TimeProvider time, Random random, ILogger<Failover> log)
    {
        this.health = health;
        this.cover = cover;
        this.hedging = hedging;
        this.sender = sender;
        this.readingOn = readingOn;
        this.time = time;
        this.random = random;
        this.log = log;
        pipeline = settings.Limits.MaxAttempts == 1 ? null : Build(settings.Limits.MaxAttempts);
    }

    /// <summary>Runs attempts until one answers or no further one is allowed.</summary>
    public ValueTask<Attempt> ExecuteAsync(ForwardingRun run) =>
        // A single candidate cannot be hedged: the pipeline is not needed unless it fails.
        pipeline is null || run.HasOneCandidate ? ExecuteAloneAsync(run) : ExecuteAsync(pipeline, run, run.TakeNext()!.Value);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> ExecuteAloneAsync(ForwardingRun run)
    {
        var attempt = await TryAsync(run, run.TakeNext()!.Value, CancellationToken.None);
        return !attempt.HasAnswer && pipeline is not null && run.TakeNext() is { } later ? await ExecuteAsync(pipeline, run, later) : attempt;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> ExecuteAsync(ResiliencePipeline<Attempt> pipeline, ForwardingRun run, NextAttempt first)
    {
        if (hedging.IsPermitted(run.Request.Facts)) hedging.Earn();
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

    private ResiliencePipeline<Attempt> Build(int maxAttempts) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddHedging(new HedgingStrategyOptions<Attempt>
            {
                MaxHedgedAttempts = maxAttempts - 1,
                DelayGenerator = arguments =>
                {
                    var run = RunOf(arguments.Context);
                    return new ValueTask<TimeSpan>(hedging.Delay(run.Request.Facts, run.Latest));
                },
                ShouldHandle = static arguments =>
                    new ValueTask<bool>(arguments.Outcome.Result is { HasAnswer: false } attempt && RunOf(arguments.Context).MayGoOn(attempt)),
                ActionGenerator = arguments =>
                {
                    var run = RunOf(arguments.PrimaryContext);
                    // A candidate that may not run in parallel, or is not covered, waits until the running attempt ends.
                    if (run.Running > 0 && !MayHedge(run)) return null;
                    if (run.TakeNext() is not { } next) return null;
                    return async () => Outcome.FromResult(await TryAsync(run, next, arguments.ActionContext.CancellationToken));
                },
            })
            .Build();

    /// <summary>Whether a second attempt may start in parallel. Never a third: a silent model would be charged many times.</summary>
    private bool MayHedge(ForwardingRun run) => run.Running == 1 && run.NextBeside is { } beside && cover.MayCover(run.Request, beside, run.SentBytes)
        && hedging.TrySpend();

    private static ForwardingRun RunOf(ResilienceContext context) => context.Properties.GetValue(RunKey, null!);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> TryAsync(ForwardingRun run, NextAttempt next, CancellationToken lostRace)
    {
        // A caller who disconnects during the wait ends the attempt right after; nothing else can, because an attempt that waits runs alone.
        if (next.Wait > TimeSpan.Zero)
            await Task.Delay(Spread(next.Wait), time, run.Clock.CallerGoneToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var endpoint = next.Endpoint;
        var isRetry = run.Request.Attempts.Count > 0;
        var attempt = run.Request.Attempts.Start(endpoint, time.GetTimestamp(), run.SentBytes);
        try
        {
            if (await IsCoveredAsync(run, attempt, lostRace) && IsAdmitted(run, attempt, isRetry)) await SendAsync(run, attempt, lostRace);
        }
        catch
        {
            attempt.Health?.Abandoned();
            throw;
        }
        finally
        {
            attempt.Ended = time.GetTimestamp();
        }
        try
        {
            RefundRetry(attempt);
            if (attempt.HasAnswer) Won(run, attempt);
            else Lost(run, attempt);
            return attempt;
        }
        catch
        {
            // Nothing else holds its answer.
            await attempt.DisposeAsync();
            throw;
        }
    }

    private void Won(ForwardingRun run, Attempt attempt)
    {
        if (attempt.Answer.Progress.TokenSeen && run.FindEmptyAnswer(attempt.Endpoint.Model) is { } silent)
            AttemptHealth.ReportEmptyAnswer(health, silent, log);
        if (attempt.Answer is not StreamAnswer stream) return;
        // Before it leaves the race, whose token then belongs to another race.
        stream.Clock.Win();
        stream.Clock.Disarm();
        if (stream.Progress.TokenSeen) attempt.Health?.FirstToken(time.GetElapsedTime(attempt.Sent ?? attempt.Started, attempt.Ended!.Value));
    }

    private void Lost(ForwardingRun run, Attempt attempt)
    {
        if (attempt.Failure is { } failure)
        {
            attempt.Health?.Failed(failure);
            if (failure.Class is not (FailureClass.Cancelled or FailureClass.CallerGone))
                GatewayLog.AttemptFailed(log, attempt.Endpoint.Id, failure.Class.ToString(), failure.Status);
        }
        else
        {
            attempt.Health?.Abandoned();
        }
        AttemptCover.Failed(run.Request, attempt);
        run.NoteFailure(attempt);
    }

    /// <summary>Covers the attempt; false: it must not be made.</summary>
    private async ValueTask<bool> IsCoveredAsync(ForwardingRun run, Attempt attempt, CancellationToken lostRace)
    {
        try
        {
            if (await cover.CoverAsync(run.Request, attempt, run.SentBytes, lostRace) is not { } unaffordable) return true;
            attempt.Refused(unaffordable);
        }
        catch (OperationCanceledException) when (lostRace.IsCancellationRequested)
        {
            attempt.Failed(UpstreamFailure.Observed(FailureClass.Cancelled, "another attempt won"));
        }
        return false;
    }

    /// <summary>Whether the endpoint's health and its retry budget permit the attempt; false: it failed.</summary>
    private bool IsAdmitted(ForwardingRun run, Attempt attempt, bool isRetry)
    {
        // The last candidate is tried even when its breaker is open: it may answer.
        if (AttemptHealth.TryStart(health, attempt.Endpoint, run.Request.Facts, lastResort: run.IsLast, log) is not { } admitted)
        {
            attempt.Failed(NotCalled(attempt.Endpoint));
            return false;
        }
        if (isRetry && !admitted.TrySpendRetry())
        {
            admitted.Abandoned();
            attempt.Failed(UpstreamFailure.Observed(FailureClass.Overloaded, "too many retries failed at this provider (retry budget)"));
            return false;
        }
        attempt.IsRetry = isRetry;
        attempt.Health = admitted;
        return true;
    }

    private ValueTask SendAsync(ForwardingRun run, Attempt attempt, CancellationToken lostRace)
    {
        var input = new AttemptInput(run.Request.Content, run.Request.HeaderOf(attempt.Endpoint), run.ResumeFrom, run.KeepsText, run.Request.Media, run);
        return sender.SendAsync(attempt, input,
            new AttemptClock(run.Clock, time, lostRace, readingOn, attempt, run.Request.Caller.Id));
    }

    /// <summary>A little longer than the provider asked for, so that requests that were refused together do not all return together or too early.</summary>
    private TimeSpan Spread(TimeSpan wait) => wait * (1 + 0.2 * random.NextDouble()) + TimeSpan.FromMilliseconds(50);

    /// <summary>A retry counts only when the endpoint failed.</summary>
    private static void RefundRetry(Attempt attempt)
    {
        if (attempt is { IsRetry: true, Failure: null or { Traits.Blame: not Blame.Provider } }) attempt.Health?.RefundRetry();
    }

    /// <summary>
    /// Why an endpoint is not called: it asked to wait, which the caller receives with the time, like the provider's own answer; or its breaker is
    /// open.
    /// </summary>
    private UpstreamFailure NotCalled(Endpoint endpoint)
    {
        if (AttemptHealth.NotBefore(health, endpoint, log) is not { } until)
            return UpstreamFailure.Observed(FailureClass.Overloaded, "not called: it failed too often (breaker open)");
        var wait = until - time.GetUtcNow();
        return UpstreamFailure.Observed(FailureClass.RateLimited, "not called: the provider asked to wait") with
        { RetryAfter = wait > TimeSpan.Zero ? wait : TimeSpan.Zero };
    }
}
