namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>A budget of thinking tokens and the max_tokens around it; the API requires 1024 &lt;= Budget &lt; MaxTokens.</summary>
internal readonly record struct AnthropicThinkingBudget(int Budget, int MaxTokens)
{
    /// <summary>Least budget that the API takes.</summary>
    public const int Min = 1024;

    /// <summary>
    /// Fits the budget under max_tokens. A budget that leaves no room for the answer raises max_tokens to the sum of both; where the endpoint's limit forbids
    /// that, the limit is max_tokens and the budget shrinks. False: the limit is too low for any thinking.
    /// </summary>
    /// <param name="budget">Thinking tokens requested.</param>
    /// <param name="answer">Output tokens that the caller asked for; null: not given.</param>
    /// <param name="maxTokens">max_tokens as it would be sent without thinking.</param>
    /// <param name="limit">Most output tokens of the endpoint; null: not known.</param>
    /// <param name="fit">The outcome.</param>
    public static bool TryFit(int budget, int? answer, int maxTokens, int? limit, out AnthropicThinkingBudget fit)
    {
        budget = Math.Max(budget, Min);
        fit = new AnthropicThinkingBudget(budget, maxTokens);
        if (budget < maxTokens) return true;
        long room = answer ?? Math.Min(maxTokens, AnthropicReasoning.DefaultMaxTokens);
        var most = limit ?? int.MaxValue;
        if (budget + room <= most)
        {
            fit = new AnthropicThinkingBudget(budget, (int)(budget + room));
            return true;
        }
        fit = new AnthropicThinkingBudget((int)Math.Max(most - room, Min), most);
        return most > Min;
    }
}
