using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Streams;

/// <summary>A silent provider: comments keep the caller's connection open while failover is still possible.</summary>
public sealed class KeepAliveTests
{
    private const string Comment = ": OPENROUTER PROCESSING";
    private static readonly (string, string) Soon = ("Limits:KeepAliveSeconds", "0.1");

    [Fact]
    public async Task Silent_provider_gets_headers_and_comments_to_the_caller_and_failover_stays_invisible()
    {
        await using var environment = new TestEnvironment();
        var commented = new TaskCompletionSource();
        await environment.AddAsync("alpha", FailsWhen(commented.Task));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(Soon);

        using var stream = await environment.OpenStreamAsync();
        Assert.Equal(200, (int)stream.Response.StatusCode);
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.MediaType);
        for (var i = 0; i < 3; i++) Assert.Equal(Comment, await stream.ReadLineAsync());
        commented.SetResult();
        await stream.ReadToTextAsync("Hello from beta");

        Assert.Equal("data: [DONE]", (await stream.ReadToEndAsync())[^1]);
        var record = await environment.RecordAsync(stream.GenerationId);
        Assert.Equal(["ServerError", "served"], record["provider_responses"]!.AsArray().Select(attempt => attempt!["outcome"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Provider_that_falls_silent_in_the_middle_is_bridged_with_comments_between_whole_events()
    {
        using var steps = new SemaphoreSlim(0);
        await using var environment = await TestEnvironment.StartAsync(
            ProviderAnswer.StreamInSteps(steps, OpenAIWire.Role + OpenAIWire.Text("Hello "), OpenAIWire.Text("again"),
                OpenAIWire.Stop + OpenAIWire.Usage + OpenAIWire.Done), Soon);

        using var stream = await environment.OpenStreamAsync();
        await stream.ReadToTextAsync("Hello ");
        for (var i = 0; i < 3; i++) Assert.Equal(Comment, await stream.ReadLineAsync());
        steps.Release();
        await stream.ReadToTextAsync("again");
        for (var i = 0; i < 2; i++) Assert.Equal(Comment, await stream.ReadLineAsync());
        steps.Release();

        Assert.Equal("data: [DONE]", (await stream.ReadToEndAsync())[^1]);
    }

    [Fact]
    public async Task Reasoning_that_the_caller_does_not_want_to_hear_is_silence_to_him_and_bridged_like_it()
    {
        const string thought = """data: {"id":"chatcmpl-B1","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[{"index":0"""
            + ""","delta":{"reasoning":"Hm. "},"finish_reason":null}]}""" + "\n\n";
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Drip(OpenAIWire.Role, thought, TimeSpan.FromMilliseconds(10)), Soon);

        using var stream = await environment.OpenStreamAsync("\"reasoning\":{\"exclude\":true}");

        for (var comments = 0; comments < 3;)
            if (await stream.ReadLineAsync() == Comment) comments++;
    }

    [Fact]
    public async Task Hundred_streams_with_a_comment_at_every_moment_lose_and_tear_nothing()
    {
        var words = Enumerable.Range(0, 40).Select(i => $"word{i} ").ToArray();
        var calls = 0;
        var answer = ProviderAnswer.OverTcp(async connection =>
        {
            var pauses = new Random(Interlocked.Increment(ref calls));
            await connection.SendAsync(RawConnection.StreamHead);
            foreach (var piece in words.Select(OpenAIWire.Text).Prepend(OpenAIWire.Role).Concat([OpenAIWire.Stop, OpenAIWire.Usage, OpenAIWire.Done]))
            {
                await connection.SendChunkAsync(piece);
                await Task.Delay(pauses.Next(60, 140)); // a comment comes after 100
            }
            await connection.EndAsync();
        });
        await using var environment = await TestEnvironment.StartAsync(answer, Soon);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => environment.ChatAsync(stream: true)));

        Assert.All(answers, whole => Assert.Equal((string.Concat(words), true), (whole.Text, whole.IsDone)));
        Assert.All(answers, whole => Assert.NotEmpty(whole.Comments));
    }

    [Fact]
    public async Task Failure_after_the_headers_is_an_error_event()
    {
        await using var environment = new TestEnvironment();
        var commented = new TaskCompletionSource();
        await environment.AddAsync("alpha", FailsWhen(commented.Task));
        await environment.StartRouterAsync(Soon);

        using var stream = await environment.OpenStreamAsync();
        Assert.Equal(Comment, await stream.ReadLineAsync());
        commented.SetResult();
        var lines = (await stream.ReadToEndAsync()).FindAll(line => line != Comment);

        var chunk = CallerStream.ParseChunk(Assert.Single(lines));
        Assert.Equal(502, chunk["error"]!["code"]!.GetValue<int>());
        Assert.Equal("error", chunk["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(stream.GenerationId, chunk["id"]!.GetValue<string>());
        var record = await environment.RecordAsync(stream.GenerationId);
        Assert.Equal(200, record["status"]!.GetValue<int>());
        Assert.Equal("provider_unavailable", record["error_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Answer_that_is_not_streamed_gets_no_comments()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello").After(TimeSpan.FromMilliseconds(350)), Soon);

        var answer = await environment.ChatAsync(stream: false);

        Assert.Equal("Hello", answer.Text);
        Assert.StartsWith("{", answer.Body, StringComparison.Ordinal);
    }

    private static ProviderAnswer FailsWhen(Task moment) => ProviderAnswer.OverHttp(async (context, request) =>
    {
        await moment.WaitAsync(context.RequestAborted);
        await OpenAIWire.Fails(500).Http!(context, request);
    });
}
