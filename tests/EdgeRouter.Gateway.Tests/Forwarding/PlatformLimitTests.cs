using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Errors;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Forwarding;

/// <summary>The wait for an answer that the platform bounds. What callers see of it is tested on sockets.</summary>
public sealed class PlatformLimitTests
{
    [Fact]
    public async Task Answer_is_released_when_the_caller_cannot_be_told()
    {
        var settings = RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["EdgeRouter:Limits:PlatformSeconds"] = "1",
        }).Build());
        var time = new VirtualTimeProvider();
        var context = new DefaultHttpContext();
        var body = new BrokenBody();
        context.Features.Set<IHttpResponseBodyFeature>(body);
        var request = Asked.For(new RequestFacts());
        using var waiting = new CancellationTokenSource();
        var clock = new RequestClock(0, TimeSpan.FromMinutes(1), time, waiting.Token);
        var errors = new ErrorWriter(new CallerApis([new OpenAIChatCallerApi()]), new RouterMetadata(settings, time), time);
        var attempts = new TaskCompletionSource<Attempt>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new ReleasedAnswer();
        var answered = new Attempt(Candidates.Model("acme/one", ("a", 8000)).Endpoints[0], 0);
        answered.Answered(answer, []);

        var told = new PlatformLimit(settings, errors, time).WaitAsync(context, request, clock, waiting, attempts.Task);
        time.Advance(TimeSpan.FromSeconds(1));
        await body.Tried;
        attempts.SetResult(answered);

        await Assert.ThrowsAsync<NotSupportedException>(() => told.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(answer.IsReleased);
    }
}
