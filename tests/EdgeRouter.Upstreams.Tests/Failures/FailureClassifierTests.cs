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
        var actual = FailureClassifier.Classify(wire, status, ProviderErrorBodies.Read(status, body), []);
        Assert.True(expected == actual, $"{what}: expected {expected}, found {actual}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Example_reaches_its_own_row(int index)
    {
        var rule = FailureRules.All[index];
        var wire = rule.Wire ?? WireNames.OpenAIChat;
        Assert.Same(rule, FailureClassifier.FindRule(wire, rule.Example.Status ?? 0, rule.Example, []));
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
        Assert.Equal(FailureClass.Overloaded, FailureClassifier.Classify(WireNames.AnthropicMessages, 0, new UpstreamError(null, null, type, null), []));

    [Fact]
    public void Phrase_matches_in_any_case() =>
        Assert.Equal(FailureClass.ContextLength,
            FailureClassifier.Classify(WireNames.OpenAIChat, 400, new UpstreamError(400, null, null, "PROMPT IS TOO LONG: 1 > 0"), []));

    [Theory]
    [InlineData(418, FailureClass.InvalidRequest)]
    [InlineData(400, FailureClass.InvalidRequest)]
    [InlineData(0, FailureClass.ServerError)]
    [InlineData(599, FailureClass.ServerError)]
    [InlineData(307, FailureClass.BadGateway)]
    public void Unknown_error_is_judged_by_its_status(int status, FailureClass expected) =>
        Assert.Equal(expected, FailureClassifier.Classify(WireNames.OpenAIChat, status, new UpstreamError(null, null, null, "surprise"), []));

    [Fact]
    public void Error_inside_an_answer_takes_its_own_status_and_no_wait_from_its_words()
    {
        var failure = FailureClassifier.InAnswer(WireNames.OpenAIChat, new UpstreamError(429, null, null, "Slow down, try again in 1.5s"));
        Assert.Equal(FailureClass.RateLimited, failure.Class);
        Assert.Equal(429, failure.Status);
        Assert.Null(failure.RetryAfter);
    }

    public static TheoryData<int> PhrasesAgainstProviders =>
        [.. Enumerable.Range(0, FailureRules.All.Count).Where(index => FailureRules.All[index] is { Phrase: not null, CountsAgainstProvider: true })];

    [Theory]
    [MemberData(nameof(PhrasesAgainstProviders))]
    public void Phrase_against_a_provider_needs_a_status_that_says_so_or_stands_at_the_start(int index)
    {
        var rule = FailureRules.All[index];
        Assert.True(rule.Status is 402 or 403 or 412 or 429 or >= 500 || rule.AtStart || rule.Name is not null, rule.Phrase);
    }

    [Theory]
    [MemberData(nameof(PhrasesAgainstProviders))]
    public void Phrase_that_the_request_itself_says_does_not_count_against_the_provider(int index)
    {
        var rule = FailureRules.All[index];
        var request = System.Text.Encoding.UTF8.GetBytes($$"""{"messages":[{"content":[{"tool_call_id":"x {{rule.Phrase!.ToUpperInvariant()}} y"}]}]}""");

        Assert.NotSame(rule, FailureClassifier.FindRule(rule.Wire ?? WireNames.OpenAIChat, rule.Example.Status ?? 0, rule.Example, request));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(422)]
    [InlineData(431)]
    public void Refusal_of_the_request_as_such_never_counts_against_the_provider(int status)
    {
        foreach (var rule in FailureRules.All)
        {
            var error = rule.Example with { Status = status };
            var failure = new UpstreamFailure(FailureClassifier.Classify(WireNames.Gemini, status, error, []), status, error);
            Assert.Equal(AttemptResult.CallerFault, failure.Result);
        }
    }
}
