using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Streams;

/// <summary>A caller who stops reading holds nothing for long, and nobody else waits for them.</summary>
public sealed class StalledReaderTests
{
    private static readonly (string, string) StallSoon = ("Limits:StallSeconds", "2");
    private static readonly string Megabyte = new('x', 1024 * 1024);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reader_who_stops_is_cut_off_and_recorded_and_the_provider_is_hung_up_on(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(Large(), StallSoon);
        await using var stalled = await StallAsync(environment, stream);

        var record = await environment.Tap.FirstAsync();

        Assert.True(record.Cancelled);
        Assert.True(record.Usage.CompletionTotal > 0);
        if (stream) await environment["alpha"].Request.ClosedByRouter.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Totals_of_all_keys_do_not_wait_for_a_reader_who_stopped(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(Large());
        await using var stalled = await StallAsync(environment, stream);

        var credits = JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/credits").WaitAsync(TimeSpan.FromSeconds(15)))!;
        var key = JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/key").WaitAsync(TimeSpan.FromSeconds(15)))!;

        Assert.Equal(0, credits["data"]!["total_usage"]!.GetValue<decimal>());
        Assert.Equal(0, key["data"]!["usage"]!.GetValue<decimal>());
        Assert.Empty(environment.Tap.Records);
    }

    [Fact]
    public async Task Reader_who_pauses_for_less_than_the_limit_gets_everything()
    {
        await using var environment = await TestEnvironment.StartAsync(Large(), ("Limits:StallSeconds", "60"));
        await using var slow = await StallAsync(environment, stream: false);

        var answer = await slow.ReadToEndAsync();

        Assert.Contains(Megabyte, answer, StringComparison.Ordinal);
        Assert.False((await environment.Tap.FirstAsync()).Cancelled);
    }

    [Fact]
    public async Task Time_for_which_the_caller_does_not_read_is_not_the_providers_silence()
    {
        await using var environment = await TestEnvironment.StartAsync(
            ProviderAnswer.Stream([OpenAIWire.Role, .. Enumerable.Repeat(OpenAIWire.Text(Megabyte), 24), OpenAIWire.Stop, OpenAIWire.Usage, OpenAIWire.Done]),
            ("Limits:StallSeconds", "60"), ("Limits:IdleSeconds", "1"));
        await using var slow = await StallAsync(environment, stream: true);
        await Task.Delay(TimeSpan.FromSeconds(2.5));

        var answer = await slow.ReadToEndAsync();

        Assert.Contains("data: [DONE]", answer, StringComparison.Ordinal);
        var record = await environment.Tap.FirstAsync();
        Assert.Equal("served", Assert.Single(record.Attempts).Outcome);
    }

    /// <summary>More than the buffers of two sockets and a pipe hold.</summary>
    private static ProviderAnswer Large() => ProviderAnswer.ByMode(
        ProviderAnswer.Drip(OpenAIWire.Role, OpenAIWire.Text(Megabyte), TimeSpan.Zero),
        ProviderAnswer.Body(200, OpenAIWire.Whole(string.Concat(Enumerable.Repeat(Megabyte, 24)))));

    /// <summary>Asks, and reads nothing but the start of the answer.</summary>
    private static async Task<RawCaller> StallAsync(TestEnvironment environment, bool stream)
    {
        var body = environment.Body(stream);
        var caller = await RawCaller.ConnectAsync(environment.Router.Address);
        await caller.SendAsync($"POST {TestEnvironment.ChatPath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + $"Authorization: Bearer {RouterUnderTest.InferenceKey}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        await caller.ReadToAsync("\r\n\r\n");
        return caller;
    }
}
