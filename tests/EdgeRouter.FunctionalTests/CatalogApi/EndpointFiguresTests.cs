using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.FunctionalTests.Stubs;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>What requests teach the router of an endpoint, as <c>GET /models/{author}/{slug}/endpoints</c> and its routing see it.</summary>
public sealed class EndpointFiguresTests
{
    private const string Tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"clock\",\"parameters\":{\"type\":\"object\"}}}]";

    [Fact]
    public async Task Endpoint_tells_uptime_latency_and_throughput_of_the_requests_it_served()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        var untried = (await EndpointsAsync(environment))[0]!;
        Assert.Null(untried["uptime_last_5m"]);
        Assert.Null(untried["latency_last_30m"]);
        for (var i = 0; i < 3; i++) await environment.ChatAsync(stream: true);
        environment["alpha"].Answer = OpenAIWire.Fails(500);
        await environment.ChatAsync(stream: true);

        var endpoint = (await EndpointsAsync(environment))[0]!;

        foreach (var window in (string[])["5m", "30m", "1d"]) Assert.Equal(75, endpoint[$"uptime_last_{window}"]!.GetValue<double>());
        foreach (var percentile in (string[])["p50", "p75", "p90", "p99"])
        {
            Assert.InRange(endpoint["latency_last_30m"]![percentile]!.GetValue<double>(), 0.1, 30_000);
            Assert.InRange(endpoint["throughput_last_30m"]![percentile]!.GetValue<double>(), 0.01, 100_000);
        }
        Assert.Equal(0, endpoint["status"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("openai-chat", "clock", "{\\\"zone\\\":\\\"UTC\\\"}", false)]
    [InlineData("openai-chat", "clock", "{\\\"zone\\\":", true)]
    [InlineData("openai-chat", "watch", "{}", true)]
    [InlineData("anthropic-messages", "clock", "{\\\"zone\\\":\\\"UTC\\\"}", false)]
    [InlineData("anthropic-messages", "watch", "{}", true)]
    public async Task Bad_tool_calls_count_against_the_endpoint_on_both_ways_through_the_router(string dialect, string name, string arguments, bool bad)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", dialect == "openai-chat" ? CallsOpenAI(name, arguments) : CallsAnthropic(name, arguments), dialect);
        await environment.StartRouterAsync();

        foreach (var stream in (bool[])[false, true]) Assert.Equal("tool_calls", (await environment.ChatAsync(stream, Tools)).FinishReason);

        Assert.Equal(2, alpha.Requests.Count);
        var statistics = Health(environment).Statistics(HealthWindow.FiveMinutes);
        Assert.Equal((2, bad ? 2 : 0), (statistics.ToolAnswers, statistics.BadToolAnswers));
    }

    [Fact]
    public async Task Answers_without_tool_calls_say_nothing_of_tool_calling()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        await environment.ChatAsync(stream: true, Tools);

        Assert.Null(Health(environment).Statistics(HealthWindow.FiveMinutes).ToolCallErrorRate);
    }

    private static EndpointHealth Health(TestEnvironment environment)
    {
        var services = environment.Router.Services;
        return services.GetRequiredService<HealthRegistry>().Of(services.GetRequiredService<ICatalog>().Current.FindModel(TestEnvironment.Model)!.Endpoints[0]);
    }

    private static async Task<JsonArray> EndpointsAsync(TestEnvironment environment) =>
        JsonNode.Parse(await environment.Router.Client.GetStringAsync($"/api/v1/models/{TestEnvironment.Model}/endpoints"))!["data"]!["endpoints"]!.AsArray();

    private static ProviderAnswer CallsOpenAI(string name, string arguments)
    {
        var half = arguments.Length / 2;
        while (arguments[half - 1] == '\\') half--;
        static string Chunk(string delta, string finish) =>
            $"data: {{\"id\":\"c\",\"choices\":[{{\"index\":0,\"delta\":{{{delta}}},\"finish_reason\":{finish}}}]}}\n\n";
        var call = $"\"tool_calls\":[{{\"id\":\"call_1\",\"type\":\"function\",\"function\":{{\"name\":\"{name}\",\"arguments\":\"{arguments}\"}}}}]";
        return ProviderAnswer.ByMode(
            ProviderAnswer.Stream(
                Chunk($"\"tool_calls\":[{{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{{\"name\":\"{name}\","
                    + $"\"arguments\":\"{arguments[..half]}\"}}}}]", "null"),
                Chunk($"\"tool_calls\":[{{\"index\":0,\"function\":{{\"arguments\":\"{arguments[half..]}\"}}}}]", "null"),
                Chunk("", "\"tool_calls\""), OpenAIWire.Usage, OpenAIWire.Done),
            ProviderAnswer.Body(200, $"{{\"id\":\"c\",\"choices\":[{{\"index\":0,\"message\":{{\"role\":\"assistant\",\"content\":null,{call}}},"
                + $"\"finish_reason\":\"tool_calls\"}}]}}"));
    }

    private static ProviderAnswer CallsAnthropic(string name, string arguments)
    {
        var stream = AnthropicWire.Stream("x");
        stream[1] = $"event: content_block_start\ndata: {{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{{\"type\":\"tool_use\","
            + $"\"id\":\"toolu_1\",\"name\":\"{name}\",\"input\":{{}}}}}}\n\n";
        stream[3] = $"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"input_json_delta\","
            + $"\"partial_json\":\"{arguments}\"}}}}\n\n";
        stream[5] = stream[5].Replace("end_turn", "tool_use", StringComparison.Ordinal);
        var whole = AnthropicWire.Whole("x").Replace("end_turn", "tool_use", StringComparison.Ordinal)
            .Replace("{\"type\":\"text\",\"text\":\"x\"}",
                $"{{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"{name}\",\"input\":{arguments.Replace("\\", "", StringComparison.Ordinal)}}}",
                StringComparison.Ordinal);
        return ProviderAnswer.ByMode(ProviderAnswer.Stream(stream), ProviderAnswer.Body(200, whole));
    }
}
