using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Failures;

public class FailureClassifierTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, FailureRules.All.Count)];

    [Theory]
    [MemberData(nameof(ProviderErrorBodies.All), MemberType = typeof(ProviderErrorBodies))]
    public void Provider_body_has_its_class(string what, string wire, int status, string body, FailureClass expected)
    {
        var actual = FailureClassifier.Classify(wire, status, ProviderErrorBodies.Read(status, body));
        Assert.True(expected == actual, $"{what}: expected {expected}, found {actual}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Example_reaches_its_own_row(int index)
    {
        var rule = FailureRules.All[index];
        var wire = rule.Wire ?? WireNames.OpenAIChat;
        Assert.Same(rule, FailureClassifier.FindRule(wire, rule.Example.Status ?? 0, rule.Example));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_says_why_and_is_not_empty(int index)
    {
        var rule = FailureRules.All[index];
        Assert.NotEmpty(rule.Reason);
        Assert.True(rule.Status != 0 || rule.Name is not null || rule.Phrase is not null);
        Assert.True(rule.Phrase is null || rule.Phrase.Length >= 12 || rule.Status != 0 || rule.Phrase.Contains('_'),
            "A short phrase without a status would also match unrelated errors.");
    }

    [Theory]
    [InlineData("OVERLOADED_ERROR")]
    [InlineData("Overloaded_Error")]
    public void Names_match_in_any_case(string type) =>
        Assert.Equal(FailureClass.Overloaded, FailureClassifier.Classify(WireNames.AnthropicMessages, 0, new UpstreamError(null, null, type, null)));

    [Fact]
    public void Phrase_matches_in_any_case() =>
        Assert.Equal(FailureClass.ContextLength,
            FailureClassifier.Classify(WireNames.OpenAIChat, 400, new UpstreamError(400, null, null, "PROMPT IS TOO LONG: 1 > 0")));

    [Theory]
    [InlineData(418, FailureClass.InvalidRequest)]
    [InlineData(400, FailureClass.InvalidRequest)]
    [InlineData(0, FailureClass.ServerError)]
    [InlineData(599, FailureClass.ServerError)]
    [InlineData(307, FailureClass.BadGateway)]
    public void Unknown_error_is_judged_by_its_status(int status, FailureClass expected) =>
        Assert.Equal(expected, FailureClassifier.Classify(WireNames.OpenAIChat, status, new UpstreamError(null, null, null, "surprise")));

    [Fact]
    public void Error_inside_an_answer_takes_its_own_status_and_hint()
    {
        var failure = FailureClassifier.InAnswer(WireNames.OpenAIChat, new UpstreamError(429, null, null, "Slow down, try again in 1.5s"));
        Assert.Equal(FailureClass.RateLimited, failure.Class);
        Assert.Equal(429, failure.Status);
        Assert.Equal(TimeSpan.FromSeconds(1.5), failure.RetryAfter);
    }
}
