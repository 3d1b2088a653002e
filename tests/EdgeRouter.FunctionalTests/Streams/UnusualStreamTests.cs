using EdgeRouter.FunctionalTests.Stubs;
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
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.StreamThenSilence(OpenAIWire.Role, OpenAIWire.Stop, OpenAIWire.Done));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal(502, answer.Status);
        await environment["alpha"].Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
    }
}
