using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiTarget;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiThinkingTests
{
    public static TheoryData<string, ReasoningOptions, int?, string> Rows => new()
    {
        // Gemini 3 and later: levels.
        { Gemini3, new() { Effort = "minimal" }, null, "\"thinkingLevel\":\"minimal\",\"includeThoughts\":true" },
        { Gemini3, new() { Effort = "low" }, null, "\"thinkingLevel\":\"low\",\"includeThoughts\":true" },
        { Gemini3, new() { Effort = "medium" }, null, "\"thinkingLevel\":\"medium\",\"includeThoughts\":true" },
        { Gemini3, new() { Effort = "high" }, null, "\"thinkingLevel\":\"high\",\"includeThoughts\":true" },
        { Gemini3, new() { Effort = "xhigh" }, null, "\"thinkingLevel\":\"high\",\"includeThoughts\":true" },
        { Gemini3, new() { Effort = "max" }, null, "\"thinkingLevel\":\"high\",\"includeThoughts\":true" },
        { Gemini3, new() { Enabled = true }, null, "\"thinkingLevel\":\"medium\",\"includeThoughts\":true" },
        { Gemini3, new() { MaxTokens = 777 }, null, "\"thinkingBudget\":777,\"includeThoughts\":true" },
        { "gemini-4-argon", new() { Effort = "low" }, null, "\"thinkingLevel\":\"low\",\"includeThoughts\":true" },
        { "gemini-flash-latest", new() { Effort = "low" }, null, "\"thinkingLevel\":\"low\",\"includeThoughts\":true" },
        // Before: budgets.
        { Gemini2, new() { Effort = "max" }, 10000, "\"thinkingBudget\":9500,\"includeThoughts\":true" },
        { Gemini2, new() { Effort = "xhigh" }, 10000, "\"thinkingBudget\":9500,\"includeThoughts\":true" },
        { Gemini2, new() { Effort = "high" }, 10000, "\"thinkingBudget\":8000,\"includeThoughts\":true" },
        { Gemini2, new() { Effort = "medium" }, 10000, "\"thinkingBudget\":5000,\"includeThoughts\":true" },
        { Gemini2, new() { Effort = "low" }, 10000, "\"thinkingBudget\":2000,\"includeThoughts\":true" },
        { Gemini2, new() { Effort = "minimal" }, 10000, "\"thinkingBudget\":1000,\"includeThoughts\":true" },
        { Gemini2, new() { Enabled = true }, 10000, "\"thinkingBudget\":5000,\"includeThoughts\":true" },
        { Gemini2, new() { MaxTokens = 777 }, 10000, "\"thinkingBudget\":777,\"includeThoughts\":true" },
        // Out of the provider's range.
        { Gemini2, new() { Effort = "high" }, 65536, "\"thinkingBudget\":24576,\"includeThoughts\":true" },
        { "gemini-2.5-pro", new() { Effort = "high" }, 65536, "\"thinkingBudget\":32768,\"includeThoughts\":true" },
        { "gemini-2.5-pro", new() { Effort = "minimal" }, 500, "\"thinkingBudget\":128,\"includeThoughts\":true" },
        { "gemini-2.5-flash-lite", new() { Effort = "minimal" }, 500, "\"thinkingBudget\":512,\"includeThoughts\":true" },
        // Off, and hidden.
        { Gemini2, new() { Effort = "none" }, null, "\"thinkingBudget\":0" },
        { Gemini2, new() { Enabled = false }, null, "\"thinkingBudget\":0" },
        { Gemini3, new() { Effort = "none" }, null, "\"thinkingBudget\":0" },
        { Gemini3, new() { Effort = "low", Exclude = true }, null, "\"thinkingLevel\":\"low\",\"includeThoughts\":false" },
        { Gemini3, new(), null, "\"includeThoughts\":true" },
        { Gemini2, new() { Exclude = false }, null, "\"includeThoughts\":true" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Reasoning_becomes_thinking(string model, ReasoningOptions reasoning, int? maxTokens, string expected)
    {
        var json = Write(Hi with { Reasoning = reasoning, MaxOutputTokens = maxTokens }, model);

        Assert.EndsWith("\"thinkingConfig\":{" + expected + "}}}", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4000, 2000)]
    [InlineData(null, 4096)]
    public void Effort_without_max_tokens_is_a_share_of_the_endpoints_limit(int? endpointLimit, int expected)
    {
        var (json, _) = Write(Hi with { Reasoning = new() { Effort = "medium" } }, For(Gemini2, maxCompletionTokens: endpointLimit));

        Assert.Contains($"\"thinkingBudget\":{expected},", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Reasoning_not_mentioned_is_left_to_the_provider() =>
        Assert.DoesNotContain("thinkingConfig", Write(Hi), StringComparison.Ordinal);
}
