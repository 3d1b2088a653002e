using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.FunctionalTests.Stubs;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.OtherMedia;

/// <summary>Forms, sound and binary event streams pass through a gateway that knows none of them: the caller API and the exchange say what they are.</summary>
public sealed class OtherMediaTests
{
    /// <summary>Bytes that are no text, with line ends in them.</summary>
    private static readonly byte[] Sound = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    [Fact]
    public async Task Streamed_sound_reaches_the_caller_as_it_is_in_the_providers_media_type()
    {
        await using var environment = await OtherMediaRouter.StartAsync(new SpeechApi(), "audio", Sounds("audio/ogg; codecs=opus"));

        using var response = await SpeakAsync(environment, stream: true);

        Assert.Equal("audio/ogg; codecs=opus", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Sound, await response.Content.ReadAsByteArrayAsync());
        var asked = environment["alpha"].Request;
        Assert.Equal(("/v1/speech", "application/json", "audio/*"), (asked.Path, asked.Headers["Content-Type"], asked.Headers["Accept"]));
        Assert.Equal("stop", (await environment.RecordAsync(Id(response)))["finish_reason"]!.GetValue<string>());
        var health = environment.Router.Services.GetRequiredService<HealthRegistry>().All.Single();
        Assert.NotNull(health.Statistics(HealthWindow.FiveMinutes, OutputUnit.Bytes).Throughput);
        Assert.Null(health.Statistics(HealthWindow.FiveMinutes, OutputUnit.Tokens).Throughput);
    }

    [Fact]
    public async Task Whole_sound_has_the_providers_media_type_and_its_length()
    {
        await using var environment = await OtherMediaRouter.StartAsync(new SpeechApi(), "audio", Sounds("audio/wav"));

        using var response = await SpeakAsync(environment, stream: false);

        Assert.Equal(("audio/wav", (long?)Sound.Length), (response.Content.Headers.ContentType!.ToString(), response.Content.Headers.ContentLength));
        Assert.Equal(Sound, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Broken_stream_without_a_place_for_errors_never_looks_complete()
    {
        var heard = new TaskCompletionSource();
        await using var environment = await OtherMediaRouter.StartAsync(new SpeechApi(), "audio", ProviderAnswer.OverTcp(async connection =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n");
            await connection.SendChunkAsync("sound");
            await heard.Task;
            connection.Reset();
        }));

        using var response = await SpeakAsync(environment, stream: true);
        heard.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync());
        Assert.Equal("ConnectionReset", (await environment.EventualRecordAsync(Id(response)))["provider_responses"]![0]!["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stream_without_keep_alives_sends_no_headers_before_its_first_bytes()
    {
        // Far longer than the pause after which another stream gets its headers.
        var fails = OpenAIWire.Fails(500).After(TimeSpan.FromSeconds(0.5));
        await using var environment = await OtherMediaRouter.StartAsync(new SpeechApi(), "audio", fails, ("Limits:KeepAliveSeconds", "0.1"));

        using var response = await SpeakAsync(environment, stream: true);

        Assert.Equal((HttpStatusCode.BadGateway, "application/json"), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
    }

    [Fact]
    public async Task Stream_of_another_media_type_than_its_framing_takes_is_refused()
    {
        await using var environment = await OtherMediaRouter.StartAsync(new SpeechApi(), "audio", Sounds("text/event-stream"));

        using var response = await SpeakAsync(environment, stream: true);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("is not audio/*", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_reaches_the_provider_and_its_binary_events_come_back_as_lines()
    {
        var answer = Events(("text", "Hello,"), ("text", "router"), ("stop", ""));
        await using var environment = await OtherMediaRouter.StartAsync(new TranscriptionApi(), "text", answer);
        using var form = new MultipartFormDataContent("callers-boundary")
        {
            { new StringContent(TestEnvironment.Model), "model" },
            { new StringContent("not really sound"), "file", "a.wav" },
        };

        using var response = await environment.Router.Client.PostAsync("/v1/audio/transcriptions", form);

        Assert.Equal("Hello,\nrouter\n.", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var asked = environment["alpha"].Request;
        Assert.Equal(("multipart/form-data; boundary=routers-own-boundary", "application/vnd.amazon.eventstream"),
            (asked.Headers["Content-Type"], asked.Headers["Accept"]));
        Assert.Contains("--routers-own-boundary\r\n", asked.Body, StringComparison.Ordinal);
        Assert.Contains("not really sound", asked.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_api_says_which_bodies_it_reads_and_what_its_errors_are()
    {
        await using var environment = await OtherMediaRouter.StartAsync(new TranscriptionApi(), "text", Events());

        using var response = await environment.Router.Client.PostAsync("/v1/audio/transcriptions", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.Contains("Content-Type: expected multipart/form-data", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SpeakAsync(TestEnvironment environment, bool stream) => environment.Router.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/audio/speech")
        {
            Content = new StringContent(new JsonObject { ["model"] = TestEnvironment.Model, ["stream"] = stream }.ToJsonString(), Encoding.UTF8,
                "application/json"),
        }, HttpCompletionOption.ResponseHeadersRead);

    private static string Id(HttpResponseMessage response) => response.Headers.GetValues("X-Generation-Id").Single();

    private static ProviderAnswer Sounds(string contentType) => InPieces(contentType, Sound, 1234);

    /// <summary>Events, cut everywhere.</summary>
    private static ProviderAnswer Events(params (string Type, string Payload)[] events) => InPieces("application/vnd.amazon.eventstream",
        [.. events.SelectMany(one => BinaryEventFraming.Frame(one.Type, one.Payload))], 3);

    private static ProviderAnswer InPieces(string contentType, byte[] bytes, int size) => ProviderAnswer.OverHttp(async (context, _) =>
    {
        context.Response.ContentType = contentType;
        foreach (var piece in bytes.Chunk(size))
        {
            await context.Response.Body.WriteAsync(piece);
            await context.Response.Body.FlushAsync();
        }
    });
}
