using System.Net.Sockets;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Scripted;
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
        foreach (var stream in (bool[])[false, true])
        {
            var failure = await Ask(model, Saying("hi")).FailAsync(stream);
            Assert.Equal((failureClass, status), (failure.Class, failure.Status));
            Assert.StartsWith("{\"error\":{\"message\":", failure.Raw, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rate_limit_says_when_to_come_again() =>
        Assert.Equal(TimeSpan.FromSeconds(2), (await Ask("error-429", Saying("hi")).FailAsync(stream: false)).RetryAfter);

    [Fact]
    public async Task Refused_connection_fails_as_one() =>
        Assert.Equal(FailureClass.ConnectFailed, (await Ask("refused", Saying("hi")).FailAsync(stream: true)).Class);

    [Theory]
    [InlineData("one two three four")]
    [InlineData("one")]
    public async Task Truncated_stream_ends_after_tokens_without_finish_or_completion(string text)
    {
        var events = await StreamAsync("truncated", Saying(text));
        Assert.Contains(events, streamEvent => streamEvent is TextDelta);
        Assert.DoesNotContain(events, streamEvent => streamEvent is ChoiceFinished or StreamCompleted or UsageReported);
        // Without a stream it is a body shorter than declared, which a client hears as a broken connection.
        Assert.Equal(FailureClass.ConnectionReset, (await Ask("truncated", Saying(text)).ReadAsync(default)).Failure!.Class);
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
    public async Task Reset_stream_throws_as_a_socket_does_after_tokens()
    {
        var seen = new List<StreamEvent>();
        var broken = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var streamEvent in Ask("reset", Saying("one two three")).StreamAsync(default)) seen.Add(streamEvent);
        });
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(broken.InnerException).SocketErrorCode);
        Assert.Contains(seen, streamEvent => streamEvent is TextDelta);
        Assert.Equal(FailureClass.ConnectionReset, (await Ask("reset", Saying("one")).ReadAsync(default)).Failure!.Class);
    }

    [Fact]
    public async Task Midstream_error_is_the_last_event_after_tokens()
    {
        var events = await StreamAsync("midstream-error", Saying("one two three"));
        Assert.Contains(events, streamEvent => streamEvent is TextDelta);
        Assert.Equal("overloaded_error", Assert.IsType<StreamFailed>(events[^1]).Error.Type);
        Assert.Equal(FailureClass.Overloaded, (await Ask("midstream-error", Saying("one")).ReadAsync(default)).Failure!.Class);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Slow_model_pauses_before_its_first_token(bool stream)
    {
        var clock = new VirtualTimeProvider();
        var sent = await Ask("slow-2000ms", Saying("hi"), clock).SendAsync(stream, default);
        await using var answer = sent.Value!;
        Assert.Equal(200, answer.Status);
        var first = answer.Body.ReadAsync(new byte[100]).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.False(first.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await first > 0);
    }

    [Fact]
    public async Task Silent_model_says_nothing_until_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var reading = Ask("silent", Saying("hi")).ReadAsync(cancel.Token);
        Assert.False(reading.IsCompleted);
        await cancel.CancelAsync();
        Assert.Equal(FailureClass.Cancelled, (await reading).Failure!.Class);
    }

    [Fact]
    public async Task Silent_model_is_cut_off_like_any_silent_provider()
    {
        var clock = new VirtualTimeProvider();
        var sending = Ask("silent", Saying("hi"), clock).FailAsync(stream: true);
        clock.Advance(new UpstreamOptions().StreamHeadersTimeout);
        Assert.Equal(FailureClass.HeadersTimeout, (await sending).Class);
    }

    [Fact]
    public async Task Cancelled_read_ends_a_pause()
    {
        using var cancel = new CancellationTokenSource();
        await using var answer = (await Ask("slow-2000ms", Saying("hi")).SendAsync(stream: true, default)).Value!;
        var reading = answer.Body.ReadAsync(new byte[100], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Answer_is_made_as_it_is_read()
    {
        var request = Saying(string.Concat(Enumerable.Repeat("word ", 200_000)));
        await using var answer = (await Ask("echo", request).SendAsync(stream: true, default)).Value!;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(await answer.Body.ReadAsync(new byte[1000]) > 0);
        // Splitting the text makes its 200,000 words (about 8 MB); their 200,000 events would be 30 MB more.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public async Task Text_of_all_choices_is_bounded()
    {
        var request = Saying(new string('a', 1_000_000)) with { ChoiceCount = 20 };
        var whole = (await Ask("echo", request).ReadAsync(default)).Value!;
        Assert.Equal(20, whole.Choices.Count);
        Assert.Equal(ScriptedProvider.MaxOutputBytes, whole.Choices.Sum(choice => choice.Message.Content.OfType<TextPart>().Sum(part => part.Text.Length)));
        Assert.Equal(FinishReason.Length, whole.Choices[^1].FinishReason);
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", "", 404)]
    [InlineData("POST", "/v1/responses", "{}", 404)]
    [InlineData("POST", "/v1/chat/completions", "{", 400)]
    [InlineData("POST", "/v1/chat/completions", "{\"model\":\"echo\"}", 400)]
    public async Task Request_that_it_cannot_serve_is_refused_with_an_error_body(string method, string path, string body, int status)
    {
        using var invoker = new HttpMessageInvoker(new ScriptedHandler(new VirtualTimeProvider()));
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://scripted.invalid" + path) { Content = new StringContent(body) };
        using var response = await invoker.SendAsync(request, default);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.StartsWith("{\"error\":{\"message\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
