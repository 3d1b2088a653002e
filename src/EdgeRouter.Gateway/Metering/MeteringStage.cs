using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Errors;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// Wraps everything after it: makes exactly one generation record on every exit, settles the hold by it, and hands it to the queue. The request ends only
/// when the queue has accepted it; a host may wait for that by itself (<see cref="RecordAcceptance"/>). The record is written even when the caller
/// disconnects.
/// </summary>
internal sealed class MeteringStage(RequestDelegate next, GenerationRecorder recorder, IUsageQueue queue, DisputedUsage disputed, TimeProvider time,
    ILogger<MeteringStage> log)
{
    /// <summary>Longest that a request stays open for its record to be accepted. The queue keeps the record in any case.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task InvokeAsync(HttpContext context)
    {
        var request = GatewayRequest.Of(context);
        RouterError? error = null;
        var failed = false;
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            failed = true;
            if (exception is CallerLeftException || exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
                request.CallerGone = true;
            else error = ErrorMapper.ToRouterError(exception);
            throw;
        }
        finally
        {
            await RecordAsync(context, request, error, failed);
        }
    }

    private async ValueTask RecordAsync(HttpContext context, GatewayRequest request, RouterError? error, bool failed)
    {
        GenerationRecord record;
        try
        {
            record = recorder.Create(context, request, error);
            if (request.IsHeld) Settle(request.Hold, record);
        }
        catch
        {
            // Nobody may wait for a record that will not come, and what was held may have been spent.
            queue.Withdraw(request.GenerationId);
            if (request.IsHeld) request.Hold.Settle(request.Hold.Total);
            throw;
        }
        var handOver = HandOverAsync(record, failed);
        if (context.Features.Get<RecordAcceptance>() is { } acceptance) acceptance.Begin(handOver.AsTask());
        else await handOver;
    }

    /// <summary>Replaces the hold by the cost of the record.</summary>
    private void Settle(BudgetHold hold, GenerationRecord record)
    {
        if (hold.IsBounded && record.Cost > hold.Total) GatewayLog.CostAboveHold(log, record.Id, record.Cost, hold.Total);
        hold.Settle(record.Cost);
    }

    private async ValueTask HandOverAsync(GenerationRecord record, bool failed)
    {
        try
        {
            await queue.EnqueueAsync(record).AsTask().WaitAsync(Patience, time);
            await disputed.RaiseAsync(record);
        }
        catch (Exception exception)
        {
            // The caller already has the answer; all that is left is to report that the record is missing.
            GatewayLog.RecordNotAccepted(log, record.Id, exception);
            // The request's own error is what the caller must be told.
            if (!failed) throw;
        }
    }
}
