using System.Net;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.Core.Health;
using EdgeRouter.FunctionalTests.BadInput;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.Upstreams.Failures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>A caller whose words come back in a provider's error cannot take endpoints from other callers; an operator can give them back.</summary>
public sealed class PoisonedErrorTests
{
    private static readonly string[] Poison =
        [.. FailureRules.All.SelectMany(rule => new[] { rule.Phrase, rule.Name, rule.Example.Message }).OfType<string>(),
            "try again in 1h", "retry after 3600 s"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_call_id_that_comes_back_inside_a_400_changes_no_endpoint(bool stream)
    {
        await using var environment = new TestEnvironment();
        foreach (var slug in (string[])["alpha", "beta"]) await environment.AddAsync(slug, RefusesQuoting(400, _ => "messages.1: invalid tool_call_id"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream, "\"user\":\"tokens per day try again in 1h\"");

        Assert.Equal(400, answer.Status);
        AssertWell(environment);
    }

    [Fact]
    public async Task No_request_body_changes_the_health_of_an_endpoint_that_answers_it_correctly()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("x"));
        var random = new Random(7);

        foreach (var first in Poison)
        {
            var second = Poison[random.Next(Poison.Length)];
            environment["alpha"].Answer = RefusesQuoting(random.GetItems([400, 413, 415, 422], 1)[0], user => random.Next(2) == 0 ? user : "Invalid value");
            var user = new JsonObject { ["user"] = $"{first} {second}" }.ToJsonString();
            await environment.ChatAsync(stream: false, user[1..^1]);
            AssertWell(environment);
            environment["alpha"].Answer = Obedient;
            await environment.ChatAsync(random.Next(2) == 0, Empties[random.Next(Empties.Length)]);
            AssertWell(environment);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_that_is_empty_for_a_reason_is_the_answer(bool stream)
    {
        await using var environment = new TestEnvironment();
        foreach (var slug in (string[])["alpha", "beta"]) await environment.AddAsync(slug, Obedient);
        await environment.StartRouterAsync();

        foreach (var reason in Empties[..^2])
        {
            var answer = await environment.ChatAsync(stream, reason);
            Assert.Equal((200, "", "stop", 1), (answer.Status, answer.Text, answer.FinishReason, answer.Attempts));
        }
        Assert.Empty(environment["beta"].Requests);
        AssertWell(environment);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    public async Task Answer_that_is_empty_for_no_reason_is_asked_for_once_more_and_then_is_the_answer(bool stream, int providers)
    {
        await using var environment = new TestEnvironment();
        for (var i = 0; i < providers; i++) await environment.AddAsync($"p{i}", Obedient);
        await environment.StartRouterAsync();

        for (var i = 0; i < 8; i++)
        {
            var answer = await environment.ChatAsync(stream, Empties[^(1 + i % 2)]);
            Assert.Equal((200, "", "stop", Math.Min(providers, 2)), (answer.Status, answer.Text, answer.FinishReason, answer.Attempts));
        }

        AssertWell(environment);
    }

    [Fact]
    public async Task Endpoint_that_never_says_anything_where_another_one_does_is_asked_last()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says(""));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        for (var i = 0; i < 6; i++) Assert.Equal("Hello from beta", (await environment.ChatAsync(stream: false)).Text);

        Assert.Equal(3, alpha.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_that_give_a_reason_for_silence_do_not_hide_an_endpoint_that_never_says_anything(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says(""));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("", (await environment.ChatAsync(stream, Empties[0])).Text);
            Assert.Equal("Hello from beta", (await environment.ChatAsync(stream)).Text);
        }
        Assert.Equal("Hello from beta", (await environment.ChatAsync(stream, Empties[0])).Text);

        Assert.Equal(6, alpha.Requests.Count);
        var health = environment.Router.Services.GetRequiredService<HealthRegistry>().Of(
            environment.Router.Services.GetRequiredService<ICatalog>().Current.FindModel(TestEnvironment.Model)!.Endpoints[0]);
        Assert.Equal((0, 3), (health.Statistics(HealthWindow.OneDay).Successes, health.Statistics(HealthWindow.OneDay).Failures));
        Assert.Null(health.Percentiles(HealthWindow.OneDay));
    }

    [Fact]
    public async Task Operator_clears_a_wait_and_the_act_is_recorded()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(429, headers: ("Retry-After", "3000")));
        await environment.ChatAsync(stream: false);
        var endpoint = JsonNode.Parse(await environment.Router.Client.GetStringAsync($"/api/v1/models/{TestEnvironment.Model}/endpoints"))!
            ["data"]!["endpoints"]![0]!["endpoint_id"]!.GetValue<string>();
        environment["alpha"].Answer = OpenAIWire.Says("Hello again");
        Assert.Equal(429, (await environment.ChatAsync(stream: false)).Status);

        using var cleared = await environment.Router.Management.DeleteAsync($"/api/v1/endpoints/{Uri.EscapeDataString(endpoint)}/waits");

        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Equal("Hello again", (await environment.ChatAsync(stream: false)).Text);
        var audit = environment.Router.Services.GetRequiredService<AuditLog>();
        var entry = Assert.Single(await audit.ReadDayAsync(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)).ToListAsync());
        Assert.Equal(("endpoint.waits.cleared", endpoint), (entry.Action, entry.Target));
        Assert.Equal(64, entry.Actor.Length);
    }

    [Theory]
    [InlineData("/api/v1/endpoints/acme%2Fnothing%40alpha/waits")]
    [InlineData("/api/v1/endpoints/acme/nothing@alpha/waits")]
    [InlineData("/api/v1/endpoints/acme/nothing@alpha")]
    public async Task Clearing_the_waits_of_an_unknown_endpoint_is_404(string path)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("x"));
        using var response = await environment.Router.Management.DeleteAsync(path);

        await ErrorEnvelope.AssertAsync(environment.Router, response, 404, "not_found");
    }

    [Fact]
    public async Task Inference_key_may_not_clear_waits()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("x"));
        using var response = await environment.Router.Client.DeleteAsync("/api/v1/endpoints/acme%2Fone%40alpha/waits");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    /// <summary>Refuses as providers do who quote the request: code and type say nothing but that it is invalid.</summary>
    private static ProviderAnswer RefusesQuoting(int status, Func<string, string> message) => ProviderAnswer.OverHttp(async (context, request) =>
    {
        var user = JsonNode.Parse(request.Body)!["user"]!.GetValue<string>();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = $"{message(user)}: '{user}'", ["type"] = "invalid_request_error", ["param"] = null, ["code"] = null },
        }.ToJsonString());
    });

    /// <summary>Requests whose answers are correct and empty; the last two give no reason for it.</summary>
    private static readonly string[] Empties =
    [
        "\"stop\":[\"a\",\"x\"]",
        "\"stop\":\"x\"",
        "\"messages\":[{\"role\":\"user\",\"content\":\"Go on.\"},{\"role\":\"assistant\",\"content\":\"That is all.\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":\"Only think.\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":\"Say nothing.\"}]",
    ];

    /// <summary>Says x, up to the first stop sequence, or nothing where that is correct.</summary>
    private static ProviderAnswer Obedient => ProviderAnswer.OverHttp(async (context, request) =>
    {
        var stop = request.Json["stop"]?.ToJsonString() ?? "";
        var reasons = request.Body.Contains("Only think.", StringComparison.Ordinal);
        var isSilent = reasons || stop.Contains("\"x\"", StringComparison.Ordinal) || request.Body.Contains("Say nothing.", StringComparison.Ordinal)
            || request.Body.Contains("That is all.", StringComparison.Ordinal);
        string Reasoned(string text) => reasons ? text.Replace("\"reasoning_tokens\":0", "\"reasoning_tokens\":3", StringComparison.Ordinal) : text;
        var said = isSilent ? "" : "x";
        var answer = request.WantsStream ? ProviderAnswer.Stream([.. OpenAIWire.Stream(said).Select(Reasoned)])
            : ProviderAnswer.Body(200, Reasoned(OpenAIWire.Whole(said)));
        await answer.Http!(context, request);
    });

    private static void AssertWell(TestEnvironment environment)
    {
        var registry = environment.Router.Services.GetRequiredService<HealthRegistry>();
        foreach (var endpoint in environment.Router.Services.GetRequiredService<ICatalog>().Current.FindModel(TestEnvironment.Model)!.Endpoints)
        {
            var health = registry.Of(endpoint);
            Assert.Null(health.NotBefore);
            Assert.Null(health.LearnedCap);
            Assert.Equal(0, health.Status);
            Assert.Equal((BreakerState.Closed, BreakerState.Closed), (health.Breaker, health.Credential.State));
        }
    }
}
