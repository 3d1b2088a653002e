using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Upstreams.Failures;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// What one attempt reports to the health of its endpoint: its admission, its first token, and its end, each once. Every call of the forwarder to health
/// is made here: statistics that fail never fail the attempt, the fault is logged, and the attempt continues without them. Belongs to the attempt; not
/// thread-safe.
/// </summary>
public sealed class AttemptHealth
{
    // Null: even that could not be found.
    private readonly EndpointHealth? health;
    private readonly ILogger log;
    private AttemptTicket ticket;

    private AttemptHealth(EndpointHealth? health, AttemptTicket ticket, ILogger log)
    {
        this.health = health;
        this.ticket = ticket;
        this.log = log;
    }

    /// <summary>Asks whether the endpoint may be called; null: its breaker is open, or it asked not to be called yet.</summary>
    public static AttemptHealth? TryStart(HealthRegistry registry, Endpoint endpoint, RequestFacts facts, bool lastResort, ILogger log)
    {
        EndpointHealth? known = null;
        try
        {
            known = registry.Of(endpoint);
            var admission = known.AttemptStarted(lastResort, facts.Stream, facts.Operation.MayTakeLong(facts));
            return admission.Admitted ? new AttemptHealth(known, admission, log) : null;
        }
        catch (Exception fault)
        {
            GatewayLog.HealthNotKept(log, fault);
            return new AttemptHealth(known, default, log);
        }
    }

    /// <summary>Until when an endpoint that was not admitted asked not to be called; null: it did not ask.</summary>
    public static DateTimeOffset? NotBefore(HealthRegistry registry, Endpoint endpoint, ILogger log)
    {
        try
        {
            return registry.Of(endpoint).NotBefore;
        }
        catch (Exception fault)
        {
            GatewayLog.HealthIgnored(log, fault);
            return null;
        }
    }

    /// <summary>Another endpoint of the model has answered what <paramref name="silent"/> answered with nothing.</summary>
    public static void ReportEmptyAnswer(HealthRegistry registry, Endpoint silent, ILogger log)
    {
        try
        {
            registry.Of(silent).ReportEmptyAnswer();
        }
        catch (Exception fault)
        {
            GatewayLog.HealthNotKept(log, fault);
        }
    }

    /// <summary>Takes the attempt from the retry budget of its provider; false: the budget is spent.</summary>
    public bool TrySpendRetry() => health?.Credential.Retries.TrySpend() ?? true;

    /// <summary>Gives it back: the provider did not fail.</summary>
    public void RefundRetry() => health?.Credential.Retries.Refund();

    /// <summary>The first real token of a stream arrived.</summary>
    public void FirstToken(TimeSpan waited)
    {
        try
        {
            health?.FirstTokenArrived(ref ticket, waited);
        }
        catch (Exception fault)
        {
            GatewayLog.HealthNotKept(log, fault);
        }
    }

    /// <summary>The answer ended, with or without a failure.</summary>
    public void Answered(OutputAmount output, ToolCallQuality toolCalls, TimeSpan duration, UpstreamFailure? failure)
    {
        if (failure is not null) Failed(failure);
        else End(new AttemptReport(AttemptResult.Answered) { Duration = duration, Output = output, ToolCalls = toolCalls });
    }

    /// <summary>The attempt failed.</summary>
    public void Failed(UpstreamFailure failure) => End(new AttemptReport(failure.Result) { RetryAfter = failure.RetryAfter });

    /// <summary>The answer is no longer needed. Reports nothing when the attempt has already ended.</summary>
    public void Abandoned() => End(new AttemptReport(AttemptResult.Abandoned));

    private void End(in AttemptReport report)
    {
        try
        {
            health?.AttemptEnded(ref ticket, report);
        }
        catch (Exception fault)
        {
            GatewayLog.HealthNotKept(log, fault);
        }
    }
}
