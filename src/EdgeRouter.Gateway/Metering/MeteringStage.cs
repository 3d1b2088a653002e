using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.Gateway.Diagnostics;
using EdgeRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// Wraps everything after it: exactly one generation record on every exit, by which the hold is settled, handed to the queue before the request ends.
/// Waits for the queue without regard to the caller, since a caller who leaves must not take his record with him.
/// </summary>
internal sealed class MeteringStage(RequestDelegate next, GenerationRecorder recorder, IUsageQueue queue, TimeProvider time, ILogger<MeteringStage> log)
{
    /// <summary>Longest that a request stays open for its record to be accepted. The queue keeps the record all the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task InvokeAsync(HttpContext context)
    {
        var request = GatewayRequest.Of(context);
        RouterError? error = null;
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested) request.CallerGone = true;
            else error = ErrorMapper.ToRouterError(exception);
            throw;
        }
        finally
        {
            var record = recorder.Create(context, request, error);
            Settle(request.Hold, record);
            await HandOverAsync(record);
        }
    }

    private void Settle(BudgetHold? hold, GenerationRecord record)
    {
        if (hold is null) return;
        if (hold.IsBounded && record.Cost > hold.Total) GatewayLog.CostAboveHold(log, record.Id, record.Cost, hold.Total);
        hold.Settle(record.Cost);
    }

    private async ValueTask HandOverAsync(GenerationRecord record)
    {
        try
        {
            await queue.EnqueueAsync(record).AsTask().WaitAsync(Patience, time);
        }
        catch (Exception exception)
        {
            // The answer is already with the caller; what is left is to say loudly that the record is not.
            GatewayLog.RecordNotAccepted(log, record.Id, exception);
            throw;
        }
    }
}
