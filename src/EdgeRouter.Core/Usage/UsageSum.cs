using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>What a number of generations used together. Sums throw on overflow.</summary>
/// <param name="Requests">Number of generations.</param>
/// <param name="Cost">Their cost.</param>
/// <param name="PromptTokens">Input tokens of all classes.</param>
/// <param name="CompletionTokens">Output tokens of all classes.</param>
/// <param name="ReasoningTokens">The part of <paramref name="CompletionTokens"/> that is reasoning.</param>
public readonly record struct UsageSum(long Requests, NanoDollars Cost, long PromptTokens, long CompletionTokens, long ReasoningTokens)
{
    /// <summary>One generation.</summary>
    public static UsageSum Of(GenerationRecord record) =>
        new(1, record.Cost, record.Usage.PromptTotal, record.Usage.CompletionTotal, record.Usage.Reasoning ?? 0);

    /// <summary>Sum.</summary>
    public static UsageSum operator +(UsageSum left, UsageSum right) => checked(new(
        left.Requests + right.Requests,
        left.Cost + right.Cost,
        left.PromptTokens + right.PromptTokens,
        left.CompletionTokens + right.CompletionTokens,
        left.ReasoningTokens + right.ReasoningTokens));

    /// <summary>Whether any of its numbers is larger than the other's.</summary>
    internal bool Exceeds(UsageSum other) =>
        Requests > other.Requests || Cost > other.Cost || PromptTokens > other.PromptTokens || CompletionTokens > other.CompletionTokens
            || ReasoningTokens > other.ReasoningTokens;

    internal static UsageSum Read(IReadOnlyDictionary<string, object> properties) => new(
        (long)properties[nameof(Requests)],
        new NanoDollars((long)properties[nameof(Cost)]),
        (long)properties[nameof(PromptTokens)],
        (long)properties[nameof(CompletionTokens)],
        (long)properties[nameof(ReasoningTokens)]);

    internal void Write(RowProperties properties)
    {
        properties.Add(nameof(Requests), Boxed.Of(Requests));
        properties.Add(nameof(Cost), Boxed.Of(Cost.Value));
        properties.Add(nameof(PromptTokens), Boxed.Of(PromptTokens));
        properties.Add(nameof(CompletionTokens), Boxed.Of(CompletionTokens));
        properties.Add(nameof(ReasoningTokens), Boxed.Of(ReasoningTokens));
    }

    /// <summary>Properties that <see cref="Write"/> adds.</summary>
    internal const int Properties = 5;
}
