using System.Collections.Concurrent;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Upstreams.Failures;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>One Polly circuit breaker per endpoint, keyed by endpoint id, so there are no more of them than rows in the catalog. Thread-safe.</summary>
internal sealed class EndpointBreakers(RouterSettings settings, TimeProvider time, ILogger<EndpointBreakers> log)
{
    private readonly ConcurrentDictionary<string, Breaker> breakers = new(StringComparer.Ordinal);

    /// <summary>The endpoint's breaker.</summary>
    public Breaker Of(Endpoint endpoint) => breakers.TryGetValue(endpoint.Id, out var breaker) ? breaker : breakers.GetOrAdd(endpoint.Id, Create);

    /// <summary>The candidates with those behind that are broken: they are the last resort, but never struck out. The same list when none is.</summary>
    public IReadOnlyList<Endpoint> LastResortBehind(IReadOnlyList<Endpoint> candidates)
    {
        var broken = 0;
        for (var i = 0; i < candidates.Count; i++)
            if (Of(candidates[i]).IsOpen) broken++;
        if (broken == 0 || broken == candidates.Count) return candidates;
        var reordered = new List<Endpoint>(candidates.Count);
        foreach (var endpoint in candidates)
            if (!Of(endpoint).IsOpen) reordered.Add(endpoint);
        foreach (var endpoint in candidates)
            if (Of(endpoint).IsOpen) reordered.Add(endpoint);
        return reordered;
    }

    private Breaker Create(string endpointId)
    {
        var state = new CircuitBreakerStateProvider();
        var breaker = new Breaker(state, time);
        breaker.Pipeline = new ResiliencePipelineBuilder<AttemptOutcome> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<AttemptOutcome>
            {
                FailureRatio = settings.Breaker.FailureRatio,
                MinimumThroughput = settings.Breaker.MinimumAttempts,
                SamplingDuration = settings.Breaker.Window,
                BreakDuration = settings.Breaker.Break,
                StateProvider = state,
                // Only what is the endpoint's own fault counts: not the caller's mistakes, not a lost race, not a rate limit of our credential.
                ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Result?.Failure is { Traits.Blame: Blame.Provider }),
                OnOpened = arguments =>
                {
                    breaker.NoteOpened(arguments.BreakDuration);
                    return Changed("open");
                },
                OnClosed = arguments => Changed("closed"),
            })
            .Build();
        return breaker;

        ValueTask Changed(string name)
        {
            GatewayLog.BreakerChanged(log, endpointId, name);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A breaker: attempts run inside <see cref="Pipeline"/>.</summary>
    internal sealed class Breaker(CircuitBreakerStateProvider state, TimeProvider time)
    {
        private long probeAt;

        public ResiliencePipeline<AttemptOutcome> Pipeline { get; set; } = ResiliencePipeline<AttemptOutcome>.Empty;

        // Polly leaves the open state only when it is asked to execute: an endpoint put behind the others would never be asked again, and so never recover.
        public bool IsOpen => state.CircuitState is CircuitState.Open or CircuitState.Isolated && time.GetTimestamp() < Volatile.Read(ref probeAt);

        public void NoteOpened(TimeSpan breakDuration) =>
            Volatile.Write(ref probeAt, time.GetTimestamp() + (long)(breakDuration.TotalSeconds * time.TimestampFrequency));
    }
}
