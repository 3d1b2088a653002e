using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Converts reasoning efforts to token budgets and back by the public table of ratios.</summary>
internal static class AnthropicEffort
{
    private const int MaxBudget = 128_000;

    /// <summary>The part of max_tokens that corresponds to an effort. No effort means medium.</summary>
    public static int ToBudget(string? effort, int maxTokens) =>
        Math.Max((int)Math.Min(maxTokens * Ratio(effort), MaxBudget), AnthropicThinkingBudget.Min);

    /// <summary>The effort among low, medium, high, xhigh and max that is nearest to the options.</summary>
    public static string Nearest(ReasoningOptions options, int maxTokens)
    {
        if (options.MaxTokens is { } budget)
        {
            foreach (var effort in (ReadOnlySpan<string>)["low", "medium", "high"])
                if (budget <= maxTokens * Ratio(effort)) return effort;
            return "xhigh";
        }
        return options.Effort switch { "minimal" or "low" => "low", "high" => "high", "xhigh" => "xhigh", "max" => "max", _ => "medium" };
    }

    private static decimal Ratio(string? effort) => effort switch
    {
        "max" or "xhigh" => 0.95m,
        "high" => 0.8m,
        "low" => 0.2m,
        "minimal" => 0.1m,
        _ => 0.5m,
    };
}
