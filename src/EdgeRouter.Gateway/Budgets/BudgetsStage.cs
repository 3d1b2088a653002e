using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>
/// Holds the highest possible cost of the first attempt, on every limit of the caller, before anything is sent to a provider. Fails with 402 naming
/// the limit, or with 503 when the ledger must be read and cannot be reached. Metering settles the hold.
/// </summary>
internal sealed class BudgetsStage(RequestDelegate next, AttemptCover cover)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = GatewayRequest.Of(context);
        var opening = cover.OpenAsync(request, context.RequestAborted);
        // Needs no state machine when the lease covers it.
        if (!opening.IsCompletedSuccessfully) return WaitAsync(context, opening);
        return opening.Result is { } refusal ? Task.FromException(new RouterException(refusal)) : next(context);
    }

    private async Task WaitAsync(HttpContext context, ValueTask<RouterError?> opening)
    {
        if (await opening is { } refusal) throw new RouterException(refusal);
        await next(context);
    }
}
