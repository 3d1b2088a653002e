using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Privacy;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FunctionalTests.Accounting;

/// <summary>Usage records cannot be stored: that is seen by probes and in the log, costs nobody money, and breaks no answer.</summary>
public sealed class AccountingAwayTests : IDisposable
{
    private const string Refused = "Usage records cannot be stored: requests are refused";
    private readonly UnwillingQueue queue = new();
    private readonly CollectedLogs logs = new();

    public void Dispose() => logs.Dispose();

    [Theory]
    [InlineData("/api/v1/chat/completions", "{\"model\":\"acme/one\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}")]
    [InlineData("/v1/completions", "{\"model\":\"acme/one\",\"prompt\":\"Hello\"}")]
    [InlineData("/v1/chat/completions", "not even JSON")]
    public async Task Requests_are_refused_before_a_provider_is_called_and_served_again_when_records_can_be_stored(string path, string body)
    {
        await using var environment = await StartAsync();
        queue.IsAway = true;

        using (var response = await PostAsync(environment, path, body))
        {
            Assert.Equal(503, (int)response.StatusCode);
            Assert.Equal("5", response.Headers.RetryAfter!.ToString());
            var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
            Assert.Equal("503", error["code"]!.ToString());
            Assert.Contains("cannot store usage records", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error.ToJsonString(), StringComparison.Ordinal);
        }
        Assert.Empty(environment["alpha"].Requests);
        Assert.Equal(0, queue.Waiting);

        queue.IsAway = false;
        Assert.Equal("Hello", (await environment.ChatAsync(stream: false)).Text);
        Assert.Equal((200, "ready", "ok"), await ProbeAsync(environment, "/health/ready"));
    }

    [Fact]
    public async Task Readiness_turns_red_and_liveness_stays_green()
    {
        await using var environment = await StartAsync();
        Assert.Equal((200, "ready", "ok"), await ProbeAsync(environment, "/health/ready"));
        queue.IsAway = true;

        Assert.Equal((503, "not_ready", "unavailable"), await ProbeAsync(environment, "/health/ready"));
        Assert.Equal((200, "ok", null), await ProbeAsync(environment, "/health"));
        using var head = await environment.Router.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health/ready"));
        Assert.Equal((503, "5"), ((int)head.StatusCode, head.Headers.RetryAfter!.ToString()));
        // What costs nothing goes on.
        using var models = await environment.Router.Client.GetAsync("/api/v1/models");
        Assert.Equal(200, (int)models.StatusCode);
    }

    [Fact]
    public async Task Each_change_is_logged_once_with_its_cause_also_while_no_request_comes()
    {
        await using var environment = await StartAsync();
        queue.IsAway = true;
        await Eventually.TrueAsync(() => logs.Entries.Any(entry => entry.Contains(Refused, StringComparison.Ordinal)), "the outage to be logged");
        for (var i = 0; i < 20; i++) Assert.Equal(503, (await environment.ChatAsync(stream: false)).Status);
        queue.IsAway = false;
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await environment.ChatAsync(stream: false)).Status);

        var away = Assert.Single(logs.Entries, entry => entry.Contains(Refused, StringComparison.Ordinal));
        Assert.StartsWith("Error", away, StringComparison.Ordinal);
        Assert.Contains("No space left in /secret/folder.", away, StringComparison.Ordinal);
        var back = Assert.Single(logs.Entries, entry => entry.Contains("can be stored again", StringComparison.Ordinal));
        Assert.StartsWith("Warning", back, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_under_way_when_records_can_no_longer_be_stored_is_complete(bool stream)
    {
        await using var environment = await StartAsync(TakesTheQueueAway());

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello", answer.Text);
        Assert.Equal("stop", answer.FinishReason);
        Assert.Equal(stream, answer.IsDone);
        Assert.Null(answer.Error);
        await IsLoggedAsync("is not stored yet");
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public async Task Record_that_is_lost_after_its_request_ended_is_logged_with_its_cost()
    {
        await using var environment = await StartAsync(TakesTheQueueAway());
        var answer = await environment.ChatAsync(stream: false);
        await IsLoggedAsync("is not stored yet");

        queue.Fail();

        var lost = await IsLoggedAsync("It is lost");
        Assert.Contains(answer.GenerationId, lost, StringComparison.Ordinal);
        Assert.Contains("cost $" + answer.Usage!["cost"]!.GetValue<decimal>().ToString("0.#########", CultureInfo.InvariantCulture), lost,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_may_choose_to_serve_as_long_as_there_is_room_for_records()
    {
        await using var environment = await StartAsync(settings: ("Accounting:WhenUnavailable", "serve"));
        queue.IsAway = true;

        Assert.Equal("Hello", (await environment.ChatAsync(stream: true)).Text);
        Assert.Equal((200, "ready", "unavailable"), await ProbeAsync(environment, "/health/ready"));
        await IsLoggedAsync("requests are served");

        queue.IsFull = true;
        Assert.Equal(503, (await environment.ChatAsync(stream: true)).Status);
        Assert.Equal((503, "not_ready", "unavailable"), await ProbeAsync(environment, "/health/ready"));
        Assert.Single(environment["alpha"].Requests);
    }

    private async Task<TestEnvironment> StartAsync(ProviderAnswer? answer = null, params (string Path, string Value)[] settings)
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", answer ?? OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync(services =>
        {
            services.AddLogging(logging => logging.AddProvider(logs));
            queue.Insert(services);
        }, settings);
        return environment;
    }

    /// <summary>A provider that has the request when the queue stops taking records.</summary>
    private ProviderAnswer TakesTheQueueAway() => ProviderAnswer.OverHttp((context, request) =>
    {
        queue.IsAway = true;
        return OpenAIWire.Says("Hello").Http!(context, request);
    });

    private async Task<string> IsLoggedAsync(string words)
    {
        await Eventually.TrueAsync(() => logs.Entries.Any(entry => entry.Contains(words, StringComparison.Ordinal)), $"'{words}' to be logged");
        return Assert.Single(logs.Entries, entry => entry.Contains(words, StringComparison.Ordinal));
    }

    private static Task<HttpResponseMessage> PostAsync(TestEnvironment environment, string path, string body) =>
        environment.Router.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<(int Status, string Word, string? Accounting)> ProbeAsync(TestEnvironment environment, string path)
    {
        using var probe = environment.Router.ClientOf(null);
        using var response = await probe.GetAsync(path);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return ((int)response.StatusCode, body["status"]!.GetValue<string>(), body["accounting"]?.GetValue<string>());
    }
}
