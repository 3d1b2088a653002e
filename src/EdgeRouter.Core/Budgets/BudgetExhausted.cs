using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>A budget cannot cover a request.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Left">What is left of it.</param>
/// <param name="Asked">What the request may cost.</param>
/// <param name="ResetsAt">When its period ends; null: it has none.</param>
public sealed record BudgetExhausted(BudgetLimit Limit, NanoDollars Left, NanoDollars Asked, DateTimeOffset? ResetsAt) : ErrorDetails;
