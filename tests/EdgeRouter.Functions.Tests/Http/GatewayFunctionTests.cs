using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

public sealed class GatewayFunctionTests
{
    [Theory]
    [InlineData("GET", "/health", HttpStatusCode.OK)]
    [InlineData("HEAD", "/health", HttpStatusCode.OK)]
    [InlineData("GET", "/health/ready", HttpStatusCode.OK)]
    [InlineData("GET", "/api/v1/models", HttpStatusCode.OK)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/nothing/here", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/v1/chat/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PATCH", "/health", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/v1/chat/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", "/v1/chat/completions", HttpStatusCode.MethodNotAllowed)]
    public async Task Every_verb_and_path_reaches_the_gateways_own_routing(string method, string path, HttpStatusCode status)
    {
        await using var router = await RunningRouter.StartAsync();
        using var answer = await router.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(status, answer.StatusCode);
        if (status >= HttpStatusCode.BadRequest)
            Assert.Equal((int)status, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code")
                .GetInt32());
    }

    [Fact]
    public async Task Without_a_key_the_router_itself_refuses()
    {
        await using var router = await RunningRouter.StartAsync();
        router.Client.DefaultRequestHeaders.Authorization = null;
        using var answer = await router.ChatAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_stream_arrives_and_its_record_is_counted_and_found_by_its_id_at_once()
    {
        await using var router = await RunningRouter.StartAsync();
        using var answer = await router.ChatAsync(stream: true);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync().InTimeAsync();
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        var id = answer.Headers.GetValues("X-Generation-Id").Single();
        // At once: it is waited for.
        using var found = await router.Client.GetAsync(new Uri($"/api/v1/generation?id={id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        var record = (await new GenerationStore(router.Store).FindAsync(id))!;
        Assert.Equal(("westeurope", true, 200, "stop"), (record.Region, record.Streamed, record.Status, record.FinishReason));
        Assert.Equal(1, (await router.Totals.ReadAllKeysAsync()).AllTime.Requests);
    }

    [Fact]
    public async Task The_first_events_arrive_while_the_model_still_thinks()
    {
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:Limits:KeepAliveSeconds", "0.1"));
        using var answer = await router.ChatAsync("scripted/silent", stream: true);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(": OPENROUTER PROCESSING", await reader.NextLineAsync());
        Assert.Equal(1, router.Functions.RunningInvocations);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_invocation_and_leaves_a_record()
    {
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:Limits:KeepAliveSeconds", "0.1"));
        using (var answer = await router.ChatAsync("scripted/silent", stream: true))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            await reader.NextLineAsync();
        }
        await Eventually.TrueAsync(() => router.Queue.Deliveries > 0 && router.Queue.Count == 0 && router.Functions.RunningInvocations == 0,
            "the record to be written");
        var day = await router.Totals.ReadAllKeysAsync();
        Assert.Equal(1, day.AllTime.Requests);
        var record = await FindOnlyAsync(router.Store);
        Assert.True(record.Cancelled);
    }

    [Fact]
    public async Task An_answer_that_is_not_streamed_is_504_before_the_platforms_limit_and_has_a_record()
    {
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:Limits:PlatformSeconds", "0.5"));
        using var answer = await router.ChatAsync("scripted/silent");
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        var id = answer.Headers.GetValues("X-Generation-Id").Single();
        Assert.Contains(id, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => router.Queue.Deliveries > 0 && router.Queue.Count == 0 && router.Functions.RunningInvocations == 0,
            "the record to be written");
        var record = (await new GenerationStore(router.Store).FindAsync(id))!;
        Assert.Equal((504, false, UsageSource.Estimated), (record.Status, record.Cancelled, record.UsageSource));
    }

    [Fact]
    public async Task An_invocation_that_the_host_cancels_breaks_the_answer_instead_of_ending_it()
    {
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:Limits:KeepAliveSeconds", "0.1"));
        using var answer = await router.ChatAsync("scripted/silent", stream: true);
        var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1]).AsTask().InTimeAsync();
        router.Functions.CancelInvocations();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null).InTimeAsync());
    }

    [Fact]
    public async Task A_body_larger_than_Kestrels_default_is_taken_and_one_beyond_the_gateways_bound_refused()
    {
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:Limits:MaxBodyBytes", "33000000"));
        Task<HttpResponseMessage> SendAsync(int bytes) => router.Client.PostAsync(
            new Uri("/api/v1/chat/completions", UriKind.Relative),
            new StringContent($$"""{"model":"scripted/echo",{{new string(' ', bytes)}}"messages":[{"role":"user","content":"Hello"}]}""",
                new MediaTypeHeaderValue("application/json")));
        using var large = await SendAsync(32_000_000);
        Assert.Equal(HttpStatusCode.OK, large.StatusCode);
        using var tooLarge = await SendAsync(33_000_000);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
    }

    private static async Task<GenerationRecord> FindOnlyAsync(ITableStore store)
    {
        var rows = new List<TableRow>();
        foreach (var partition in UsageLayout.Partitions)
            rows.AddRange((await store.QueryAsync(UsageLayout.Table, partition, new RowRange("gen-", "gen."))).Rows);
        return GenerationRecordTable.Decode(Assert.Single(rows));
    }
}
