using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Secrets;
using EdgeRouter.Upstreams.Tests.Secrets;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Failures;

public class FailureReportTests
{
    private static readonly string[] Models = ["acme/one"];
    private static readonly FailureReport Reports = new(new ConfiguredSecrets(new FixedCatalog(CatalogSnapshot.Empty)));

    [Fact]
    public void No_attempt_is_a_misuse() => Assert.Throws<ArgumentException>(() => Reports.ToRouterError([], Models));

    [Fact]
    public void Single_failure_keeps_the_providers_words_status_and_code()
    {
        var error = Report(("OpenAI", Failure(FailureClass.InvalidRequest, 400, "invalid_type", "bad thing") with { Raw = "{raw}" }));
        Assert.Equal(400, error.Status);
        Assert.Equal(ErrorTypes.InvalidRequest, error.Type);
        Assert.Equal("OpenAI: bad thing", error.Message);
        var details = Details(error);
        Assert.Equal(("OpenAI", "invalid_type", "{raw}"), (details.Provider, details.Code, details.Raw));
        Assert.Empty(details.Earlier);
        Assert.Null(details.Unavailability);
    }

    [Theory]
    [InlineData(FailureClass.Authentication, "Incorrect API key provided: sk-secret")]
    [InlineData(FailureClass.CreditsExhausted, "Account 1234 is suspended")]
    [InlineData(FailureClass.PermissionDenied, "Project 1234 may not")]
    public void Text_about_the_routers_access_stays_inside(FailureClass failureClass, string text)
    {
        var error = Report(("OpenAI", Failure(failureClass, 401, "c", text) with { Raw = text }));
        Assert.DoesNotContain(text, error.Message);
        Assert.DoesNotContain(text, error.Details!.ToString());
    }

    [Fact]
    public void All_rate_limited_is_429_with_the_soonest_retry()
    {
        var error = Report(("A", Limited(9)), ("B", Limited(2.2)));
        Assert.Equal((429, ErrorTypes.RateLimitExceeded), (error.Status, error.Type));
        Assert.Equal(TimeSpan.FromSeconds(2.2), error.RetryAfter);
        Assert.Equal(Unavailability.CapacityExhausted, Details(error).Unavailability);
        Assert.Equal(["acme/one"], Details(error).RequestedModels);
        Assert.Equal(["A", "B"], Details(error).Providers);
    }

    [Fact]
    public void Retry_is_not_promised_when_one_provider_gave_no_hint()
    {
        var error = Report(("A", Limited(9)), ("B", Limited(null)));
        Assert.Equal(429, error.Status);
        Assert.Null(error.RetryAfter);
    }

    [Fact]
    public void Several_transient_failures_are_503_with_the_earlier_ones_listed()
    {
        var error = Report(("A", Limited(1)), ("B", Failure(FailureClass.ServerError, 500, null, "boom")));
        Assert.Equal((503, ErrorTypes.ProviderOverloaded), (error.Status, error.Type));
        Assert.Equal(Unavailability.Temporary, Details(error).Unavailability);
        Assert.Equal("B: boom (last of 2 attempts)", error.Message);
        Assert.Equal([new EarlierFailure("A", "rate_limit_exceeded", 429)], Details(error).Earlier);
    }

    [Theory]
    [InlineData(FailureClass.ServerError, 502)]
    [InlineData(FailureClass.HeadersTimeout, 504)]
    [InlineData(FailureClass.Overloaded, 503)]
    [InlineData(FailureClass.ConnectFailed, 502)]
    public void Single_transient_failure_keeps_its_own_status(FailureClass failureClass, int status)
    {
        var error = Report(("A", UpstreamFailure.Observed(failureClass, "trouble")));
        Assert.Equal(status, error.Status);
        Assert.Null(Details(error).Unavailability);
    }

    [Fact]
    public void All_not_found_is_404_model_unavailable_upstream()
    {
        var error = Report(("A", Failure(FailureClass.ModelNotFound, 404, null, null)), ("B", Failure(FailureClass.ModelNotFound, 404, null, null)));
        Assert.Equal(404, error.Status);
        Assert.Equal(Unavailability.ModelUnavailable, Details(error).Unavailability);
        Assert.Equal("B: answered with status 404 (last of 2 attempts)", error.Message);
    }

    [Fact]
    public void Mixed_failures_give_the_last_ones_status()
    {
        var error = Report(("A", Limited(1)), ("B", Failure(FailureClass.ContextLength, 400, "context_length_exceeded", "too long")));
        Assert.Equal((400, ErrorTypes.ContextLengthExceeded), (error.Status, error.Type));
    }

    [Fact]
    public void Lost_race_does_not_count()
    {
        var error = Report(("A", Limited(1)), ("B", UpstreamFailure.Observed(FailureClass.Cancelled, "cancelled")));
        Assert.Equal(429, error.Status);
        Assert.Equal("A: slow down", error.Message);
    }

    [Fact]
    public void Long_provider_text_is_cut_between_characters()
    {
        var text = new string('x', UpstreamFailure.MaxTextLength - 1) + "😀";
        var error = Report(("A", Failure(FailureClass.InvalidRequest, 400, null, text)));
        Assert.Equal("A: " + new string('x', UpstreamFailure.MaxTextLength - 1), error.Message);
    }

    private static RouterError Report(params (string, UpstreamFailure)[] attempts) => Reports.ToRouterError(attempts, Models);

    private static UpstreamFailure Limited(double? seconds) =>
        new(FailureClass.RateLimited, 429, new UpstreamError(429, "rate_limit_exceeded", null, "slow down"), seconds is { } s ? TimeSpan.FromSeconds(s) : null);

    private static UpstreamFailure Failure(FailureClass failureClass, int status, string? code, string? message) =>
        new(failureClass, status, new UpstreamError(status, code, null, message));

    private static ProvidersFailed Details(RouterError error) => Assert.IsType<ProvidersFailed>(error.Details);
}
