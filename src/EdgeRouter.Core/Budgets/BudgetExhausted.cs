using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>A budget cannot cover a request.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Remaining">What remains of it.</param>
/// <param name="Requested">What the request may cost.</param>
/// <param name="ResetsAt">When its period ends; null: it has none.</param>
public sealed record BudgetExhausted(BudgetLimit Limit, NanoDollars Remaining, NanoDollars Requested, DateTimeOffset? ResetsAt) : ErrorDetails;
