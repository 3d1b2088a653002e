using System.Runtime.CompilerServices;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.Gateway.Accounting;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Errors;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// Wraps everything after it: makes exactly one generation record on every exit, settles the hold by it, and hands it to the queue. The request ends
/// only when the queue has accepted it; a host may do that wait itself (<see cref="RecordAcceptance"/>). The record is written even when the caller
/// disconnects.
/// </summary>
internal sealed class MeteringStage(RequestDelegate next, GenerationRecorder recorder, IUsageQueue queue, DisputedUsage disputed, AccountingState accounting,
    TimeProvider time, ILogger<MeteringStage> log)
{
    /// <summary>Longest that a request stays open for its record to be accepted. The queue keeps the record in any case.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How often a request that keeps its caller waiting looks whether records can be accepted at all.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

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
            if (exception is CallerDisconnectedException || exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
                request.CallerGone = true;
            else error = ErrorMapper.ToRouterError(exception);
            throw;
        }
        finally
        {
            if (request.CallerGone && context.Features.Get<RecordAcceptance>() is { } acceptance) acceptance.CallerDisconnected = true;
            await RecordAsync(context, request, error, failed);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
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
            // No reader may wait for a record that will not be enqueued, and the amount on hold may have been spent.
            queue.Withdraw(request.GenerationId);
            if (request.IsHeld) request.Hold.Settle(request.Hold.Total);
            throw;
        }
        // A host that waits by itself has ended the answer before. Without it whatever this threw would be written behind a complete answer.
        if (context.Features.Get<RecordAcceptance>() is { } acceptance) acceptance.Begin(HandOverAsync(record, keepsCaller: false, throws: !failed).AsTask());
        else await HandOverAsync(record, keepsCaller: true, throws: false);
    }

    /// <summary>Replaces the hold by the cost of the record.</summary>
    private void Settle(BudgetHold hold, GenerationRecord record)
    {
        if (hold.IsBounded && record.Cost > hold.Total) GatewayLog.CostAboveHold(log, record.Id, record.Cost, hold.Total);
        hold.Settle(record.Cost);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HandOverAsync(GenerationRecord record, bool keepsCaller, bool throws)
    {
        var accepted = AcceptAsync(record, queue.EnqueueAsync(record));
        var step = keepsCaller ? Look : Patience;
        for (var waited = step; ; waited += step)
        {
            try
            {
                await accepted.WaitAsync(step, time);
                return;
            }
            catch (TimeoutException)
            {
                if (waited < Patience && accounting.IsAvailable) continue;
                GatewayLog.RecordWaits(log, record.Id);
                if (throws) throw;
                return;
            }
            catch (Exception) when (!throws)
            {
                // It is in the log, and the caller has the whole answer.
                return;
            }
        }
    }

    /// <summary>
    /// Reports the loss also when the request did not wait that long: with its cost, so that the account can be put right. Raises usage that cannot be
    /// true.
    /// </summary>
    private async Task AcceptAsync(GenerationRecord record, ValueTask accepting)
    {
        try
        {
            await accepting;
        }
        catch (Exception fault)
        {
            GatewayLog.RecordNotAccepted(log, record.Id, record.Cost, fault);
            throw;
        }
        await disputed.RaiseAsync(record);
    }
}
