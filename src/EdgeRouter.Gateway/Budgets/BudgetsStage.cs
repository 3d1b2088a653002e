using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>
/// Holds what the request may cost, on every level that limits its caller, before any byte goes to a provider. Fails with 402 naming the level; 503 when
/// only the ledger could tell and it cannot be reached. Metering settles the hold.
/// </summary>
internal sealed class BudgetStage(RequestDelegate next, AttemptCover cover)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = GatewayRequest.Of(context);
        var opening = cover.OpenAsync(request, context.RequestAborted);
        // No state machine when the lease covers it.
        if (!opening.IsCompletedSuccessfully) return WaitAsync(context, opening);
        return opening.Result is { } refusal ? Task.FromException(new RouterException(refusal)) : next(context);
    }

    private async Task WaitAsync(HttpContext context, ValueTask<RouterError?> opening)
    {
        if (await opening is { } refusal) throw new RouterException(refusal);
        await next(context);
    }
}
