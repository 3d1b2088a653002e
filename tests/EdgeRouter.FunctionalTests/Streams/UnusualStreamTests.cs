using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.Streams;

/// <summary>Streams that look odd and are complete all the same.</summary>
public sealed class UnusualStreamTests
{
    private static readonly Dictionary<string, string[]> Streams = new()
    {
        ["finish reason but no [DONE]"] = [OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop, OpenAIWire.Usage],
        ["comments in between"] = [": OPENROUTER PROCESSING\n\n", OpenAIWire.Role, ": keep-alive\n\n", OpenAIWire.Text("Hello"), ":\n\n", OpenAIWire.Stop,
            OpenAIWire.Usage, OpenAIWire.Done],
        ["unknown event names"] = ["event: ping\ndata: {}\n\n", OpenAIWire.Role, OpenAIWire.Text("Hello"),
            "event: x.telemetry\ndata: {\"object\":\"x.telemetry\",\"load\":0.3}\n\n", OpenAIWire.Stop, OpenAIWire.Usage, OpenAIWire.Done],
        ["unknown members in a chunk"] = [OpenAIWire.Role,
            OpenAIWire.Text("Hello").Replace("\"usage\":null", "\"usage\":null,\"x_provider\":{\"deep\":[1,{\"a\":null}]}", StringComparison.Ordinal),
            OpenAIWire.Stop, OpenAIWire.Usage, OpenAIWire.Done],
        ["ids and retry fields"] = ["retry: 3000\n\n", "id: 1\n" + OpenAIWire.Role, "id: 2\n" + OpenAIWire.Text("Hello"), OpenAIWire.Stop, OpenAIWire.Usage,
            OpenAIWire.Done],
        ["carriage returns"] = [.. OpenAIWire.Stream("Hello").Select(piece => piece.Replace("\n", "\r\n", StringComparison.Ordinal))],
        ["everything in one piece"] = [string.Concat(OpenAIWire.Stream("Hello"))],
        ["one byte at a time"] = [.. string.Concat(OpenAIWire.Stream("Hello")).Select(letter => letter.ToString())],
        ["no blank line after [DONE]"] = [OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop, OpenAIWire.Usage, "data: [DONE]"],
    };

    public static TheoryData<string> EveryStream => [.. Streams.Keys];

    [Theory]
    [MemberData(nameof(EveryStream))]
    public async Task Odd_but_complete_stream_reaches_the_caller_complete(string oddity)
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Stream(Streams[oddity]));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello", answer.Text);
        Assert.Equal("stop", answer.FinishReason);
        Assert.True(answer.IsDone);
        Assert.Null(answer.Error);
        Assert.Equal(OpenAIWire.CompletionTokens, answer.Usage!["completion_tokens"]!.GetValue<int>());
        Assert.Empty(answer.Comments);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal("stop", record["finish_reason"]!.GetValue<string>());
        Assert.Null(record["error_type"]);
    }

    [Fact]
    public async Task Connection_kept_open_after_the_last_event_does_not_keep_the_caller_waiting()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.StreamThenSilence(OpenAIWire.Stream("Hello")));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello", answer.Text);
        Assert.True(answer.IsDone);
        await environment["alpha"].Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
    }

    [Fact]
    public async Task Each_token_reaches_the_caller_as_it_comes()
    {
        using var steps = new SemaphoreSlim(0);
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.StreamInSteps(
            steps, OpenAIWire.Role + OpenAIWire.Text("one"), OpenAIWire.Text("two"), OpenAIWire.Text("three"), OpenAIWire.Stop + OpenAIWire.Done));

        using var stream = await environment.OpenStreamAsync();
        foreach (var token in (string[])["one", "two", "three"])
        {
            await stream.ReadToTextAsync(token);
            // The provider sends the next only now: a router that held tokens back would hang here.
            steps.Release();
        }

        Assert.Contains("data: [DONE]", await stream.ReadToEndAsync());
    }

    [Fact]
    public async Task Caller_does_not_wait_for_a_provider_that_keeps_the_connection_after_its_last_word()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.StreamThenSilence(OpenAIWire.Stream("Hello")));

        var answer = await environment.ChatAsync(stream: true);

        Assert.True(answer.IsDone);
        Assert.False(environment["alpha"].Request.ClosedByRouter.IsCompleted);
        await environment["alpha"].Request.ClosedByRouter.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("stop", (await environment.RecordAsync(answer.GenerationId))["finish_reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Finish_reason_without_a_terminator_ends_the_answer_although_the_connection_stays_open_and_pings(bool pings)
    {
        string[] pieces = [OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop];
        await using var environment = await TestEnvironment.StartAsync(pings
            ? ProviderAnswer.Drip(string.Concat(pieces), ": ping\n\n", TimeSpan.FromMilliseconds(200)) : ProviderAnswer.StreamThenSilence(pieces));

        var answer = await environment.ChatAsync(stream: true).WaitAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(("Hello", "stop", true), (answer.Text, answer.FinishReason, answer.IsDone));
        Assert.Null(answer.Error);
        var attempt = (await environment.RecordAsync(answer.GenerationId))["provider_responses"]![0]!;
        Assert.Equal("served", attempt["outcome"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_follows_the_terminator_reaches_neither_the_caller_nor_the_record(bool atOnce)
    {
        const string Late = """data: {"id":"late","choices":[{"index":0,"delta":{"content":"more"},"finish_reason":"content_filter"}]}""" + "\n\n";
        string[] pieces = [OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop, OpenAIWire.Done, Late, OpenAIWire.Usage];
        await using var environment = await TestEnvironment.StartAsync(atOnce ? ProviderAnswer.Stream(string.Concat(pieces)) : ProviderAnswer.Stream(pieces));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal(("Hello", "stop", true), (answer.Text, answer.FinishReason, answer.IsDone));
        Assert.Equal(OpenAIWire.CompletionTokens, answer.Usage!["completion_tokens"]!.GetValue<int>());
        Assert.Equal("stop", (await environment.RecordAsync(answer.GenerationId))["finish_reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_with_half_a_character_as_a_name_is_malformed_and_another_provider_serves(bool stream)
    {
        const string Broken = """{"\ud800":1,"choices":[{"index":0,"delta":{"content":"x"},"message":{"content":"x"}}]}""";
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.ByMode(ProviderAnswer.Stream("data: " + Broken + "\n\n"), ProviderAnswer.Body(200, Broken)));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from beta", answer.Text);
        var attempts = (await environment.RecordAsync(answer.GenerationId))["provider_responses"]!;
        Assert.Equal("MalformedAnswer", attempts[0]!["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task Provider_that_sends_without_end_before_its_first_token_is_cut_off()
    {
        var filler = $"data: {{\"id\":\"x\",\"z\":\"{new string('x', 30_000)}\"}}\n\n";
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Drip(OpenAIWire.Role, filler, TimeSpan.Zero));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(("Limits:MaxEventBytes", "65536"), ("Hedging:Enabled", "false"));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello from beta", answer.Text);
        var attempts = (await environment.RecordAsync(answer.GenerationId))["provider_responses"]!;
        Assert.Equal("MalformedAnswer", attempts[0]!["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stream_of_two_choices_that_ends_before_the_second_has_is_broken()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop));

        var answer = await environment.ChatAsync(stream: true, "\"n\":2");

        Assert.NotNull(answer.Error);
        Assert.False(answer.IsDone);
    }
    [Fact]
    public async Task Provider_that_ends_without_a_word_and_keeps_its_connection_is_hung_up_on()
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.StreamThenSilence(OpenAIWire.Role, OpenAIWire.Stop, OpenAIWire.Done));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello from beta", answer.Text);
        await environment["alpha"].Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
    }
}
