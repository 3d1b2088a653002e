using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>What has no place on the wire, or none at the endpoint, is named; what asks for nothing is not.</summary>
public sealed class AnthropicDroppedTests
{
    public static readonly ChatRequest EverythingAsked = new()
    {
        Messages = Hello,
        MaxOutputTokens = 100,
        ChoiceCount = 2,
        Sampling = new SamplingParameters
        {
            Temperature = 0.5,
            TopP = 0.5,
            TopK = 5,
            MinP = 0.1,
            TopA = 0.1,
            FrequencyPenalty = 1,
            PresencePenalty = -1,
            RepetitionPenalty = 1.1,
            Seed = 7,
            Stop = ["a"],
            Logprobs = true,
            TopLogprobs = 3,
        },
        Tools = [new ToolDefinition { Name = "f" }],
        ToolChoice = new ToolChoice(ToolChoiceMode.Required),
        ParallelToolCalls = false,
        ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, Schema = Parsed("{}") },
        Modalities = ["text", "image"],
        CacheControl = new CacheControl(),
        Verbosity = "low",
        ServiceTier = "auto",
        User = "u",
        Extensions = new Dictionary<string, System.Text.Json.JsonElement>
        {
            ["logit_bias"] = Parsed("""{"50256":-100}"""),
            ["prediction"] = Parsed("""{"type":"content","content":"x"}"""),
            ["audio"] = Parsed("""{"voice":"alloy","format":"wav"}"""),
            ["image_config"] = Parsed("{}"),
            ["web_search_options"] = Parsed("{}"),
            ["prompt_cache_key"] = Parsed("\"k\""),
            ["prompt_cache_options"] = Parsed("{}"),
            ["frobnicate"] = Parsed("1"),
        },
    };

    [Fact]
    public void Parameters_without_a_place_on_the_wire_are_named_in_openai_spelling() =>
        Assert.Equal(
            [
                "min_p", "top_a", "frequency_penalty", "presence_penalty", "repetition_penalty", "seed", "logprobs", "top_logprobs", "n", "modalities",
                    "logit_bias",
                "prediction", "audio", "image_config", "web_search_options", "prompt_cache_key", "prompt_cache_options", "frobnicate",
            ],
            Write(EverythingAsked).Dropped);

    [Fact]
    public void Every_loss_is_a_parameter_that_the_dialect_does_not_claim()
    {
        var carries = new AnthropicMessagesWire().Carries;
        foreach (var name in Write(EverythingAsked).Dropped)
            if (RequestParameterNames.ByName.TryGetValue(name, out var bit)) Assert.Equal(RequestParameters.None, carries & bit);
    }

    [Fact]
    public void Values_that_ask_for_nothing_are_not_named()
    {
        var request = new ChatRequest
        {
            Messages = Hello,
            ChoiceCount = 1,
            Sampling = new SamplingParameters
            {
                Temperature = 1,
                TopP = 1,
                TopK = 0,
                MinP = 0,
                TopA = 0,
                FrequencyPenalty = 0,
                PresencePenalty = 0,
                RepetitionPenalty = 1,
                Stop = [],
                Logprobs = false,
                TopLogprobs = 0,
            },
            ToolChoice = new ToolChoice(ToolChoiceMode.Auto),
            ParallelToolCalls = true,
            Modalities = ["text"],
            Reasoning = new ReasoningOptions { Exclude = true },
        };

        var (json, dropped) = Write(request);

        Assert.Empty(dropped);
        Assert.Equal(
            """{"model":"claude-sonnet-4-5","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}],"temperature":1}""",
            json);
    }

    public static TheoryData<RequestParameters, string> Refusals => new()
    {
        { RequestParameters.Temperature, "temperature" },
        { RequestParameters.TopP, "top_p" },
        { RequestParameters.TopK, "top_k" },
        { RequestParameters.Stop, "stop" },
        { RequestParameters.Tools, "tools" },
        { RequestParameters.ToolChoice, "tool_choice" },
        { RequestParameters.ParallelToolCalls, "parallel_tool_calls" },
        { RequestParameters.StructuredOutputs, "response_format" },
        { RequestParameters.CacheControl, "cache_control" },
        { RequestParameters.Verbosity, "verbosity" },
        { RequestParameters.ServiceTier, "service_tier" },
        { RequestParameters.User, "user" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_the_provider_refuses_is_left_out_and_named(RequestParameters refused, string name)
    {
        var (_, everything) = Write(EverythingAsked);
        var (json, dropped) = Write(EverythingAsked, Target(refused: refused));

        Assert.Contains(name, dropped.Except(everything));
        Assert.NotEqual(Write(EverythingAsked).Json, json);
    }

    [Fact]
    public void Reasoning_that_the_endpoint_does_not_list_is_left_out_and_named()
    {
        var request = new ChatRequest { Messages = Hello, Reasoning = new ReasoningOptions { Effort = "high" } };
        var (json, dropped) = Write(request, Target(supported: Everything & ~RequestParameters.Reasoning));

        Assert.DoesNotContain("thinking", json);
        Assert.Equal(["reasoning"], dropped);
    }
}
