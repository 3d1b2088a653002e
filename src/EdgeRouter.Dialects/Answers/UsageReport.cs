using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Dialects.Answers;

/// <summary>What the caller gets at the end of an answer: usage and cost.</summary>
/// <param name="Usage">Tokens.</param>
/// <param name="Cost">Total; null: not priced.</param>
/// <param name="PromptCost">Part for input.</param>
/// <param name="CompletionCost">Part for output.</param>
public sealed record UsageReport(TokenUsage Usage, NanoDollars? Cost, NanoDollars PromptCost, NanoDollars CompletionCost)
{
    /// <summary><c>openrouter_metadata</c>, which is sent with the usage; null: the caller did not ask for it.</summary>
    public JsonObject? RouterMetadata { get; init; }

    /// <summary>When the answer ended, in Unix seconds; null: not told.</summary>
    public long? At { get; init; }

    /// <summary>Nothing is known.</summary>
    public static readonly UsageReport Unknown = new(default, null, default, default);
}
