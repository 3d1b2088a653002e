using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.BadInput;

/// <summary>An instance takes so many requests at once and no more.</summary>
public sealed class TooManyAtOnceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_beyond_what_the_instance_takes_at_once_is_429_until_another_ends(bool stream)
    {
        var release = new TaskCompletionSource();
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.OverHttp(async (context, request) =>
        {
            await release.Task.WaitAsync(context.RequestAborted);
            await OpenAIWire.Says("Hello").Http!(context, request);
        }), ("Limits:MaxConcurrentRequests", "2"));
        var taken = new[] { environment.ChatAsync(stream), environment.ChatAsync(stream) };
        await environment["alpha"].WaitForRequestsAsync(2);

        var refused = await environment.ChatAsync(stream);

        Assert.Equal((429, "1"), (refused.Status, refused.Header("Retry-After")));
        Assert.Equal("rate_limit_exceeded", refused.Error!["metadata"]!["error_type"]!.GetValue<string>());
        Assert.Equal(2, environment["alpha"].Requests.Count);
        release.SetResult();
        Assert.All(await Task.WhenAll(taken), answer => Assert.Equal("Hello", answer.Text));
        // The answer is whole a moment before the request has ended.
        var served = await Eventually.NotNullAsync(async () => await environment.ChatAsync(stream) is { Status: 200 } answer ? answer : null,
            "there to be room again");
        Assert.Equal("Hello", served.Text);
    }
}
