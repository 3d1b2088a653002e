using System.Text.Json.Nodes;
using EdgeRouter.Core.Governance;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.Gateway.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Metering;

/// <summary>Exactly one record per request, however it ended, and it says what the answer said.</summary>
public sealed class RecordTests
{
    private const decimal Cost = OpenAIWire.PromptTokens * TestCatalog.PromptPrice + OpenAIWire.CompletionTokens * TestCatalog.CompletionPrice;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_of_a_served_request_agrees_with_the_answer(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        var answer = await environment.ChatAsync(stream, "\"user\":\"u-1\",\"session_id\":\"s-1\"");

        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal(Cost, answer.Usage!["cost"]!.GetValue<decimal>());
        Assert.Equal(Cost, record["usage"]!.GetValue<decimal>());
        Assert.Equal(Cost, record["total_cost"]!.GetValue<decimal>());
        Assert.Equal(answer.Usage["prompt_tokens"]!.GetValue<int>(), record["tokens_prompt"]!.GetValue<int>());
        Assert.Equal(answer.Usage["completion_tokens"]!.GetValue<int>(), record["tokens_completion"]!.GetValue<int>());
        Assert.Equal(OpenAIWire.PromptTokens * TestCatalog.PromptPrice, answer.Usage["cost_details"]!["upstream_inference_prompt_cost"]!.GetValue<decimal>());
        Assert.Equal(OpenAIWire.CompletionTokens * TestCatalog.CompletionPrice,
            answer.Usage["cost_details"]!["upstream_inference_completions_cost"]!.GetValue<decimal>());
        Assert.Equal("measured", record["usage_source"]!.GetValue<string>());
        Assert.Equal(answer.GenerationId, record["id"]!.GetValue<string>());
        Assert.Equal(TestEnvironment.Model, record["model"]!.GetValue<string>());
        Assert.Equal("Provider alpha", record["provider_name"]!.GetValue<string>());
        Assert.Equal("stop", record["finish_reason"]!.GetValue<string>());
        Assert.Equal(stream, record["streamed"]!.GetValue<bool>());
        Assert.False(record["cancelled"]!.GetValue<bool>());
        Assert.Equal("u-1", record["external_user"]!.GetValue<string>());
        Assert.Equal("s-1", record["session_id"]!.GetValue<string>());
        Assert.Equal(200, record["status"]!.GetValue<int>());
        Assert.True(record["latency"]!.GetValue<double>() > 0);
        Assert.True(record["generation_time"]!.GetValue<double>() >= record["latency"]!.GetValue<double>());
        Assert.Single(environment.Tap.Records);
    }

    public static TheoryData<string, string, int, string> Failures => new()
    {
        { "invalid JSON", "{", 400, "invalid_request" },
        { "a wrong type", "{\"model\":\"acme/one\",\"messages\":42}", 400, "invalid_request" },
        { "an unknown model", $"{{\"model\":\"nobody/nothing\",{TestEnvironment.Messages}}}", 400, "invalid_request" },
        { "no endpoint left", $"{{\"model\":\"acme/one\",{TestEnvironment.Messages},\"provider\":{{\"ignore\":[\"alpha\"]}}}}", 404, "not_found" },
        { "a provider that fails", $"{{\"model\":\"acme/one\",{TestEnvironment.Messages}}}", 502, "provider_unavailable" },
        { "a provider that fails on a stream", $"{{\"model\":\"acme/one\",\"stream\":true,{TestEnvironment.Messages}}}", 502, "provider_unavailable" },
        { "a body over the limit", new string(' ', 70_000), 413, "payload_too_large" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Failed_request_has_one_record_with_its_status_and_no_cost(string failure, string body, int status, string errorType)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(402, "Insufficient Balance", "unknown_error"),
            ("Limits:MaxBodyBytes", "65536"));
        // Without a declared length, so that the body's size shows only when it is read.
        using var request = new HttpRequestMessage(HttpMethod.Post, TestEnvironment.ChatPath)
        {
            Content = new StringContent(body, null, "application/json"),
            Headers = { TransferEncodingChunked = true }
        };
        using var response = await environment.Router.Client.SendAsync(request);

        var answer = await CallerAnswer.ReadAsync(response);

        Assert.True(status == answer.Status, $"{failure}: {answer.Body}");
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal(status, record["status"]!.GetValue<int>());
        Assert.Equal(errorType, record["error_type"]!.GetValue<string>());
        Assert.Equal(0, record["usage"]!.GetValue<decimal>());
        Assert.Null(record["tokens_prompt"]);
        Assert.Null(record["finish_reason"]);
        Assert.Single(environment.Tap.Records);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_without_usage_is_counted_and_says_so(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.ByMode(
            ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Twenty bytes of text"), OpenAIWire.Stop, OpenAIWire.Done),
            ProviderAnswer.Body(200, """{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0"""
                + ""","message":{"role":"assistant","content":"Twenty bytes of text"},"finish_reason":"stop"}]}""")));

        var answer = await environment.ChatAsync(stream);

        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal("counted", record["usage_source"]!.GetValue<string>());
        Assert.Equal(5, record["tokens_completion"]!.GetValue<int>());
        Assert.True(record["tokens_prompt"]!.GetValue<int>() > 0);
        Assert.Equal(record["usage"]!.GetValue<decimal>(), answer.Usage!["cost"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Record_is_seen_by_its_own_key_and_by_management_keys_only()
    {
        const string Other = "sk-test-another-inference-key";
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync(services => services.AddSingleton(new KeyRing(
        [
            KeyRing.CallerOf(RouterUnderTest.InferenceKey, KeyKind.Inference),
            KeyRing.CallerOf(RouterUnderTest.ManagementKey, KeyKind.Management),
            KeyRing.CallerOf(Other, KeyKind.Inference),
        ])));
        var answer = await environment.ChatAsync(stream: false);
        var path = $"/api/v1/generation?id={answer.GenerationId}";

        using var other = environment.Router.ClientOf(Other);
        using var toOther = await other.GetAsync(path);
        using var toManagement = await environment.Router.Management.GetAsync(path);

        Assert.Equal(404, (int)toOther.StatusCode);
        Assert.DoesNotContain(TestEnvironment.Model, await toOther.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(200, (int)toManagement.StatusCode);
        await environment.RecordAsync(answer.GenerationId);
    }

    [Theory]
    [InlineData("gen-1760000000-AAabcdefghijklmnopqr")]
    [InlineData("gen-1760000000-AA")]
    [InlineData("chatcmpl-123")]
    [InlineData("..%2F..%2Fetc")]
    public async Task Unknown_generation_is_404(string id)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        using var response = await environment.Router.Client.GetAsync($"/api/v1/generation?id={id}");

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal(404, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["code"]!.GetValue<int>());
    }
    [Fact]
    public async Task Images_that_are_charged_apiece_are_in_the_cost_and_other_files_are_not()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("Two cats"));
        var pricing = new JsonObject { ["prompt"] = "0.000001", ["completion"] = "0.000002", ["image"] = "0.01" };
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha, more: new JsonObject { ["pricing"] = pricing })],
            new JsonObject { ["input_modalities"] = new JsonArray("text", "image", "audio") });
        await environment.StartRouterAsync();
        const string image = """{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}""";
        const string audio = """{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}""";

        var answer = await environment.ChatAsync(stream: false, "\"messages\":[{\"role\":\"user\",\"content\":[" + image + "," + image + "," + audio + "]}]");

        Assert.Equal(Cost + 0.02m, answer.Usage!["cost"]!.GetValue<decimal>());
    }
}
