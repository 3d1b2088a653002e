using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Failures;
using Xunit;
using static EdgeRouter.Upstreams.Tests.Scripted.Requests;

namespace EdgeRouter.Upstreams.Tests.Scripted;

public class ScriptedFaultTests
{
    [Theory]
    [InlineData("error-400", FailureClass.InvalidRequest, 400)]
    [InlineData("error-401", FailureClass.Authentication, 401)]
    [InlineData("error-402", FailureClass.CreditsExhausted, 402)]
    [InlineData("error-403", FailureClass.PermissionDenied, 403)]
    [InlineData("error-404", FailureClass.ModelNotFound, 404)]
    [InlineData("error-413", FailureClass.PayloadTooLarge, 413)]
    [InlineData("error-429", FailureClass.RateLimited, 429)]
    [InlineData("error-500", FailureClass.ServerError, 500)]
    [InlineData("error-502", FailureClass.BadGateway, 502)]
    [InlineData("error-503", FailureClass.Overloaded, 503)]
    [InlineData("error-504", FailureClass.ProviderTimeout, 504)]
    [InlineData("error-529", FailureClass.Overloaded, 529)]
    [InlineData("error-418", FailureClass.InvalidRequest, 418)]
    [InlineData("context-length-error", FailureClass.ContextLength, 400)]
    [InlineData("gpt-9", FailureClass.ModelNotFound, 404)]
    [InlineData("error-200", FailureClass.ModelNotFound, 404)]
    [InlineData("error-", FailureClass.ModelNotFound, 404)]
    [InlineData("slow-ms", FailureClass.ModelNotFound, 404)]
    [InlineData("slow--5ms", FailureClass.ModelNotFound, 404)]
    [InlineData("slow-99999999999ms", FailureClass.ModelNotFound, 404)]
    public async Task Error_model_fails_with_its_class_and_status(string model, FailureClass failureClass, int status)
    {
        var answer = Ask(model, Saying("hi"));
        Assert.Equal((failureClass, status), (answer.Failure!.Class, answer.Failure.Status));
        Assert.NotEmpty(answer.Failure.Raw!);
        Assert.Same(answer.Failure, (await answer.ReadAsync(default)).Failure);
        Assert.Throws<InvalidOperationException>(() => answer.StreamAsync(default));
    }

    [Fact]
    public void Rate_limit_says_when_to_come_again() => Assert.Equal(TimeSpan.FromSeconds(2), Ask("error-429", Saying("hi")).Failure!.RetryAfter);

    [Theory]
    [InlineData("one two three four")]
    [InlineData("one")]
    public async Task Truncated_stream_ends_after_tokens_without_finish_or_completion(string text)
    {
        var events = await StreamAsync("truncated", Saying(text));
        Assert.Contains(events, streamEvent => streamEvent is TextDelta);
        Assert.DoesNotContain(events, streamEvent => streamEvent is ChoiceFinished or StreamCompleted or UsageReported);
        Assert.Equal(FailureClass.TruncatedAnswer, (await Ask("truncated", Saying(text)).ReadAsync(default)).Failure!.Class);
    }

    [Fact]
    public async Task Malformed_stream_throws_after_tokens()
    {
        var seen = new List<StreamEvent>();
        await Assert.ThrowsAsync<UpstreamFormatException>(async () =>
        {
            await foreach (var streamEvent in Ask("malformed", Saying("one two three")).StreamAsync(default)) seen.Add(streamEvent);
        });
        Assert.Contains(seen, streamEvent => streamEvent is TextDelta);
        Assert.Equal(FailureClass.MalformedAnswer, (await Ask("malformed", Saying("one")).ReadAsync(default)).Failure!.Class);
    }

    [Fact]
    public async Task Midstream_error_is_the_last_event_after_tokens()
    {
        var events = await StreamAsync("midstream-error", Saying("one two three"));
        Assert.Contains(events, streamEvent => streamEvent is TextDelta);
        Assert.Equal("overloaded_error", Assert.IsType<StreamFailed>(events[^1]).Error.Type);
        Assert.Equal(FailureClass.Overloaded, (await Ask("midstream-error", Saying("one")).ReadAsync(default)).Failure!.Class);
    }

    [Fact]
    public async Task Slow_model_pauses_before_its_first_token()
    {
        var clock = new VirtualTimeProvider();
        await using var events = Ask("slow-2000ms", Saying("hi"), clock).StreamAsync(default).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.IsType<ResponseStarted>(events.Current);
        var next = events.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await next);
        Assert.IsType<ChoiceStarted>(events.Current);
    }

    [Fact]
    public async Task Silent_model_says_nothing_until_it_is_cancelled()
    {
        var clock = new VirtualTimeProvider();
        using var cancel = new CancellationTokenSource();
        var reading = Ask("silent", Saying("hi"), clock).ReadAsync(cancel.Token).AsTask();
        clock.Advance(TimeSpan.FromDays(1));
        Assert.False(reading.IsCompleted);
        await cancel.CancelAsync();
        Assert.Equal(FailureClass.Cancelled, (await reading).Failure!.Class);
    }

    [Fact]
    public async Task Cancelled_stream_stops()
    {
        using var cancel = new CancellationTokenSource();
        await using var events = Ask("echo", Saying("one two three")).StreamAsync(cancel.Token).GetAsyncEnumerator();
        await events.MoveNextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await events.MoveNextAsync());
    }
}
