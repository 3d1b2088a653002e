using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>
/// Covers each attempt of a request by its hold with the highest possible cost of the attempt, and releases the cover when the provider certainly
/// charges nothing. Thread-safe.
/// </summary>
internal sealed class AttemptCover(BudgetHolds holds, RoutingPolicy policy)
{
    /// <summary>Opens the request's hold, large enough for an attempt at the first candidate. Null: it is open.</summary>
    public async ValueTask<RouterError?> OpenAsync(GatewayRequest request, CancellationToken cancellationToken)
    {
        var endpoint = request.Plan.Candidates[0];
        var limits = request.Caller.Limits;
        var bytes = request.Content.BodyBytes;
        var amount = limits.Count == 0 ? NanoDollars.Zero : WorstCase(request.Facts, bytes, endpoint);
        var (hold, refusal) = await holds.OpenAsync(limits, amount, cancellationToken);
        if (refusal is not null) return ToError(request, bytes, endpoint, refusal);
        // The first attempt uses it as its cover.
        hold.Release(hold.Total);
        request.Hold = hold;
        return null;
    }

    /// <summary>Covers an attempt that is about to start. Null: it is covered; otherwise it must not be made.</summary>
    /// <param name="request">The request.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="sentBytes">Largest number of bytes that it sends.</param>
    /// <param name="cancellationToken">Ends the wait for the ledger.</param>
    public ValueTask<RouterError?> CoverAsync(GatewayRequest request, Attempt attempt, int sentBytes, CancellationToken cancellationToken)
    {
        var hold = request.Hold;
        if (!hold.IsBounded) return default;
        var cost = WorstCase(request.Facts, sentBytes, attempt.Endpoint);
        var covering = hold.CoverAsync(cost, cancellationToken);
        if (!covering.IsCompletedSuccessfully) return WaitAsync(request, attempt, sentBytes, cost, covering);
        return new(Noted(request, attempt, sentBytes, cost, covering.Result));
    }

    /// <summary>False: an attempt in addition to the running ones would be refused, as far as is known.</summary>
    public bool MayCover(GatewayRequest request, Endpoint endpoint, int sentBytes) =>
        !request.Hold.IsBounded || request.Hold.MayCover(WorstCase(request.Facts, sentBytes, endpoint));

    /// <summary>The attempt failed. Its cover is released for the next one unless the provider may charge it.</summary>
    public static void Failed(GatewayRequest request, Attempt attempt)
    {
        if (attempt.Charge != FailureCharge.None) return;
        request.Hold.Release(attempt.Cover);
        attempt.Cover = NanoDollars.Zero;
    }

    private async ValueTask<RouterError?> WaitAsync(GatewayRequest request, Attempt attempt, int sentBytes, NanoDollars cost,
        ValueTask<BudgetRefusal?> covering) => Noted(request, attempt, sentBytes, cost, await covering);

    private RouterError? Noted(GatewayRequest request, Attempt attempt, int sentBytes, NanoDollars cost, BudgetRefusal? refusal)
    {
        if (refusal is not null) return ToError(request, sentBytes, attempt.Endpoint, refusal);
        attempt.Cover = cost;
        return null;
    }

    private NanoDollars WorstCase(RequestFacts facts, int sentBytes, Endpoint endpoint) => facts.Operation.WorstCase(facts, sentBytes, endpoint, policy);

    private RouterError ToError(GatewayRequest request, int sentBytes, Endpoint endpoint, BudgetRefusal refusal)
    {
        var bound = request.Facts.Operation.Bound(request.Facts, sentBytes, endpoint, policy);
        return BudgetErrors.Of(refusal, bound, request.Api.FieldOf(new RequestFault(bound.LimitedBy)));
    }
}
