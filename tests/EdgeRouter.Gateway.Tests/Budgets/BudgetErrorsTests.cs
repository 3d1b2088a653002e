using System.Buffers;
using System.Text;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Gateway.Budgets;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Budgets;

public sealed class BudgetErrorsTests
{
    private static readonly BudgetLimit Limit = new(BudgetLevel.Key, "inference", NanoDollars.FromDollars(10), BudgetReset.Daily);
    private static readonly CostBound Bound = new(NanoDollars.Zero, NanoDollars.FromDollars(2), 1000, OutputUnit.Tokens, RequestFact.OutputLimit);

    [Theory]
    [InlineData(BudgetRefusalReason.Exhausted, 402, null)]
    [InlineData(BudgetRefusalReason.Contended, 402, 1)]
    [InlineData(BudgetRefusalReason.LedgerUnreachable, 503, 5)]
    public void Refusal_has_the_status_and_the_wait_of_its_reason(BudgetRefusalReason reason, int status, int? seconds)
    {
        var error = BudgetErrors.Of(Refusal(reason, left: 1), Bound, "max_output_tokens");

        Assert.Equal((status, seconds), (error.Status, (int?)error.RetryAfter?.TotalSeconds));
        Assert.Contains("key's daily limit", error.Message, StringComparison.Ordinal);
        if (status == 402) Assert.Contains("or fewer max_output_tokens.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Contended_budget_does_not_say_that_the_request_is_too_large_when_enough_is_left()
    {
        var error = BudgetErrors.Of(Refusal(BudgetRefusalReason.Contended, left: 5), Bound, "max_output_tokens");

        Assert.Contains("has $5 left", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("but other requests were taking it at the same time.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_in_a_region_with_a_share_says_that_the_limit_is_a_share()
    {
        var limit = Limit.Part(0.2m);
        var error = BudgetErrors.Of(Refusal(BudgetRefusalReason.Exhausted, left: 1) with { Limit = limit }, Bound, "max_output_tokens");

        Assert.Contains("key's daily limit of $2 (this region's share, 0.2 of the whole) has $1 left", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"limit\":2,", Written(error), StringComparison.Ordinal);
        Assert.Contains("\"region_share\":0.2", Written(error), StringComparison.Ordinal);
        var whole = BudgetErrors.Of(Refusal(BudgetRefusalReason.Exhausted, left: 1), Bound, "max_output_tokens");
        Assert.DoesNotContain("region_share", Written(whole), StringComparison.Ordinal);
    }

    private static string Written(RouterError error)
    {
        var output = new ArrayBufferWriter<byte>();
        new OpenAIChatCallerApi().WriteError(error, null, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static BudgetRefusal Refusal(BudgetRefusalReason reason, int left) =>
        new(reason, Limit, BudgetPeriod.Of(Limit.Reset, new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero)), Bound.Most, NanoDollars.FromDollars(left));
}
