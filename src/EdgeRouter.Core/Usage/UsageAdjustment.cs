using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>A correction, by an operator, of what a key or the account has spent. Immutable; holds no secret.</summary>
/// <param name="IdempotencyKey">Names it: what comes again under the same name counts once.</param>
/// <param name="CallerId">Identity of the caller whose spending changes, the account's with it; null: the account's alone.</param>
/// <param name="Amount">Added to what was spent: a charge when positive, a refund when negative.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="CreatedAt">When: it counts on this UTC day and in the reset periods that hold it.</param>
public sealed record UsageAdjustment(string IdempotencyKey, string? CallerId, NanoDollars Amount, string Reason, DateTimeOffset CreatedAt)
{
    /// <summary>Name of its rows: as the idempotency key, of characters that row keys may hold.</summary>
    public string Id => UsageAdjustments.IdOf(IdempotencyKey);

    /// <summary>Whether it is the same correction, whenever it came.</summary>
    public bool IsSameAs(UsageAdjustment other) => this == other with { CreatedAt = CreatedAt };
}
