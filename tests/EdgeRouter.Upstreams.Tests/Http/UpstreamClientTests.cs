using System.Collections.Frozen;
using System.Text;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Http;

public sealed class UpstreamClientTests : IDisposable
{
    private static readonly byte[] Body = "{}"u8.ToArray();
    private readonly VirtualTimeProvider clock = new();
    private readonly UpstreamClient client;

    public UpstreamClientTests() => client = new UpstreamClient([new TestWire()], TestEndpoints.AuthSchemes, new UpstreamOptions(), clock, []);

    public void Dispose() => client.Dispose();

    [Theory]
    [InlineData(false, "application/json")]
    [InlineData(true, "text/event-stream")]
    public async Task Request_carries_body_key_headers_and_query(bool stream, string accept)
    {
        var seen = "";
        await using var server = await TestServer.StartAsync(async context =>
        {
            var request = context.Request;
            using var reader = new StreamReader(request.Body);
            seen = $"{request.Method} {request.Path}{request.QueryString} {request.ContentType} {request.ContentLength} "
                + $"{request.Headers.Accept} {request.Headers.Authorization} "
                + $"{request.Headers["anthropic-version"]} {request.Headers.TraceParent.Count} {await reader.ReadToEndAsync()}";
        });
        var provider = TestEndpoints.Provider(server.Url + "/v1/") with
        {
            Query = "api-version=7",
            Headers = new Dictionary<string, string> { ["anthropic-version"] = "2023" }.ToFrozenDictionary()
        };
        var result = await client.SendAsync(TestEndpoints.Of(provider), new UpstreamCall("models/x:go?alt=sse", SseFraming.Json, Body, stream), default);
        Assert.True(result.TryGet(out var answer, out _));
        await answer.DisposeAsync();
        Assert.Equal($"POST /v1/models/x:go?alt=sse&api-version=7 application/json 2 {accept} Bearer key-1 2023 0 {{}}", seen);
    }

    [Fact]
    public async Task User_agent_names_the_router_and_its_version()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync(context.Request.Headers.UserAgent.ToString()));
        Assert.Matches(@"^EdgeRouter/\d+\.\d+\.\d+$", await ReadAsync(server));
    }

    [Fact]
    public async Task Whole_body_is_read_whatever_its_size_and_framing()
    {
        var text = new string('a', 300_000);
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync(text[..10]);
            await context.Response.Body.FlushAsync(); // chunked: no length is declared
            await context.Response.WriteAsync(text[10..]);
        });
        Assert.Equal(text, await ReadAsync(server));
    }

    [Fact]
    public async Task Connection_is_used_again_after_a_body_was_read()
    {
        var connections = new HashSet<string>();
        await using var server = await TestServer.StartAsync(context =>
        {
            lock (connections) connections.Add(context.Connection.Id);
            return context.Response.WriteAsync("ok");
        });
        for (var i = 0; i < 5; i++) await ReadAsync(server);
        Assert.Single(connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_over_the_limit_is_malformed(bool declared)
    {
        using var small = new UpstreamClient([new TestWire()], TestEndpoints.AuthSchemes, new UpstreamOptions { MaxResponseBytes = 1000 }, clock, []);
        await using var server = await TestServer.StartAsync(async context =>
        {
            if (declared) context.Response.ContentLength = 1001;
            await context.Response.WriteAsync(new string('a', 1001));
        });
        var result = await small.SendAsync(EndpointAt(server.Url), new UpstreamCall("x", SseFraming.Json, Body, false), default);
        await using var answer = result.Value!;
        var body = await answer.ReadBodyAsync(default);
        Assert.Equal(FailureClass.MalformedAnswer, body.Failure!.Class);
    }

    [Fact]
    public async Task Error_status_is_classified_with_its_body_and_retry_hint()
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "Fri, 20 Nov 2026 08:00:12 GMT";
            return context.Response.WriteAsync("""{"error":{"message":"slow down","type":"tokens","code":"rate_limit_exceeded"}}""");
        });
        var failure = await FailAsync(server.Url);
        Assert.Equal(FailureClass.RateLimited, failure.Class);
        Assert.Equal(429, failure.Status);
        Assert.Equal("slow down", failure.Error.Message);
        Assert.Equal(TimeSpan.FromSeconds(12), failure.RetryAfter);
        Assert.Contains("rate_limit_exceeded", failure.Raw!);
    }

    [Fact]
    public async Task Redirect_is_a_failure_and_not_followed()
    {
        var requests = 0;
        await using var server = await TestServer.StartAsync(context =>
        {
            requests++;
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        Assert.Equal(FailureClass.BadGateway, (await FailAsync(server.Url)).Class);
        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task Huge_error_body_is_read_to_its_bound_only()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 500;
            var page = new string('x', 64 * 1024);
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.WriteAsync(page);
        });
        var failure = await FailAsync(server.Url);
        Assert.Equal(FailureClass.ServerError, failure.Class);
        Assert.Equal(UpstreamFailure.MaxTextLength, failure.Raw!.Length);
    }

    [Fact]
    public async Task Error_body_that_never_ends_is_given_up_in_time()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 503;
            await context.Response.WriteAsync("almost");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var sending = FailAsync(server.Url);
        await Eventually.TrueAsync(() => clock.PendingTimers >= 2, "the timer of the error body");
        clock.Advance(TimeSpan.FromSeconds(5));
        var failure = await sending;
        Assert.Equal((FailureClass.Overloaded, 503), (failure.Class, failure.Status));
    }

    [Theory]
    [InlineData(true, FailureClass.HeadersTimeout, 120)]
    [InlineData(false, FailureClass.WholeAnswerTimeout, 600)]
    public async Task Silence_before_the_headers_is_a_timeout_of_that_phase(bool stream, FailureClass expected, int seconds)
    {
        var arrived = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(context =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var sending = FailAsync(server.Url, stream);
        await arrived.Task.InTimeAsync();
        clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(expected, (await sending).Class);
    }

    [Fact]
    public async Task Silence_inside_a_whole_body_is_a_total_timeout()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var result = await client.SendAsync(EndpointAt(server.Url), new UpstreamCall("x", SseFraming.Json, Body, false), default);
        await using var answer = result.Value!;
        var reading = answer.ReadBodyAsync(default).AsTask();
        clock.Advance(TimeSpan.FromSeconds(600));
        Assert.Equal(FailureClass.WholeAnswerTimeout, (await reading).Failure!.Class);
    }

    [Fact]
    public async Task Stream_outlives_the_headers_timeout()
    {
        var more = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("a");
            await context.Response.Body.FlushAsync();
            await more.Task;
            await context.Response.WriteAsync("b");
        });
        var result = await client.SendAsync(EndpointAt(server.Url), new UpstreamCall("x", SseFraming.Json, Body, true), default);
        await using var answer = result.Value!;
        clock.Advance(TimeSpan.FromHours(1));
        more.SetResult();
        using var reader = new StreamReader(answer.Body);
        Assert.Equal("ab", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Callers_cancellation_is_cancelled_and_reaches_the_provider()
    {
        using var cancel = new CancellationTokenSource();
        var aborted = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await cancel.CancelAsync();
            await aborted.Task;
        });
        var result = await client.SendAsync(EndpointAt(server.Url), new UpstreamCall("x", SseFraming.Json, Body, true), cancel.Token);
        Assert.Equal(FailureClass.Cancelled, result.Failure!.Class);
        await aborted.Task;
    }

    [Fact]
    public async Task Cancelled_before_sending_sends_nothing()
    {
        var call = new UpstreamCall("x", SseFraming.Json, Body, true);
        var result = await client.SendAsync(EndpointAt("http://127.0.0.1:1"), call, new CancellationToken(canceled: true));
        Assert.Equal(FailureClass.Cancelled, result.Failure!.Class);
    }

    [Fact]
    public async Task Disposing_an_unread_stream_aborts_it_at_the_provider()
    {
        var aborted = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await aborted.Task;
        });
        var result = await client.SendAsync(EndpointAt(server.Url), new UpstreamCall("x", SseFraming.Json, Body, true), default);
        await result.Value!.DisposeAsync();
        await aborted.Task;
    }

    private static Core.Catalog.Endpoint EndpointAt(string url) => TestEndpoints.Of(TestEndpoints.Provider(url));

    private async Task<string> ReadAsync(TestServer server)
    {
        var result = await client.SendAsync(EndpointAt(server.Url), new UpstreamCall("x", SseFraming.Json, Body, false), default);
        await using var answer = result.Value!;
        using var body = (await answer.ReadBodyAsync(default)).Value!;
        return Encoding.UTF8.GetString(body.Memory.Span);
    }

    private async Task<UpstreamFailure> FailAsync(string url, bool stream = false)
    {
        var result = await client.SendAsync(EndpointAt(url), new UpstreamCall("x", SseFraming.Json, Body, stream), default);
        Assert.Null(result.Value);
        return result.Failure!;
    }
}
