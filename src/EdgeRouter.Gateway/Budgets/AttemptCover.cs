using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Forwarding;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>
/// Covers each attempt of a request by its hold with the most that the attempt can cost, and takes the cover back when the provider certainly charges
/// nothing. Thread-safe.
/// </summary>
internal sealed class AttemptCover(BudgetHolds holds, Func<RoutingPolicy> policy)
{
    /// <summary>Opens the request's hold, good for an attempt at the first candidate. Null: it is open.</summary>
    public async ValueTask<RouterError?> OpenAsync(GatewayRequest request, CancellationToken cancellationToken)
    {
        var endpoint = request.Plan!.Candidates[0];
        var limits = request.Caller!.Limits;
        var (hold, refusal) = await holds.OpenAsync(limits, limits.Count == 0 ? NanoDollars.Zero : CostOf(request, endpoint), cancellationToken);
        if (refusal is not null) return ToError(request, endpoint, refusal);
        // The first attempt finds it there.
        hold.Release(hold.Total);
        request.Hold = hold;
        return null;
    }

    /// <summary>Covers an attempt that is about to start. Null: it is covered; otherwise it must not be made.</summary>
    public ValueTask<RouterError?> CoverAsync(GatewayRequest request, AttemptEntry entry, CancellationToken cancellationToken)
    {
        var hold = request.Hold!;
        if (!hold.IsBounded) return default;
        var cost = CostOf(request, entry.Endpoint);
        var covering = hold.CoverAsync(cost, cancellationToken);
        if (!covering.IsCompletedSuccessfully) return WaitAsync(request, entry, cost, covering);
        return new(Noted(request, entry, cost, covering.Result));
    }

    /// <summary>False: an attempt beside those that are running would be refused, as far as is known.</summary>
    public bool MayCover(GatewayRequest request, Endpoint endpoint) => !request.Hold!.IsBounded || request.Hold.MayCover(CostOf(request, endpoint));

    /// <summary>The attempt failed. Its cover is there for the next one unless the provider may have worked for it.</summary>
    public static void Failed(GatewayRequest request, AttemptEntry entry)
    {
        if (entry.Charge != FailureCharge.None) return;
        request.Hold!.Release(entry.Cover);
        entry.Cover = NanoDollars.Zero;
    }

    private async ValueTask<RouterError?> WaitAsync(GatewayRequest request, AttemptEntry entry, NanoDollars cost, ValueTask<BudgetRefusal?> covering) =>
        Noted(request, entry, cost, await covering);

    private RouterError? Noted(GatewayRequest request, AttemptEntry entry, NanoDollars cost, BudgetRefusal? refusal)
    {
        if (refusal is not null) return ToError(request, entry.Endpoint, refusal);
        entry.Cover = cost;
        return null;
    }

    private NanoDollars CostOf(GatewayRequest request, Endpoint endpoint) => WorstCase.Of(request.Routing!, request.PromptBytes, endpoint, policy());

    private RouterError ToError(GatewayRequest request, Endpoint endpoint, BudgetRefusal refusal)
    {
        var (routing, bytes, rules) = (request.Routing!, request.PromptBytes, policy());
        return BudgetErrors.Of(refusal, CostOf(request, endpoint), WorstCase.OutputTokens(routing, endpoint, rules),
            WorstCase.AffordableTokens(refusal.Left, routing, bytes, endpoint, rules));
    }
}
