using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.BedrockConverse.Wire;
using EdgeRouter.Dialects.Validation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.BedrockConverse;

public sealed class ConverseRequestTests
{
    private const string Png = "data:image/png;base64,AAAA";

    public static readonly TheoryData<ChatMessage, string> Contents = new()
    {
        { User("Hello"), """{"role":"user","content":[{"text":"Hello"}]}""" },
        { User(new ImagePart(Png)), """{"role":"user","content":[{"image":{"format":"png","source":{"bytes":"AAAA"}}}]}""" },
        { User(new ImagePart("data:image/jpg;base64,AAAA")), """{"role":"user","content":[{"image":{"format":"jpeg","source":{"bytes":"AAAA"}}}]}""" },
        {
            User(new TextPart("Read"), new FilePart("a/b  \"c\".pdf", "data:application/pdf;base64,AAAA", null)),
            """{"role":"user","content":[{"text":"Read"},{"document":{"format":"pdf","name":"a b c pdf 1","source":{"bytes":"AAAA"}}}]}"""
        },
        {
            User(new FilePart(null, "data:text/plain;base64,R3LDvMOfZQ==", null)),
            """{"role":"user","content":[{"document":{"format":"txt","name":"document 1","source":{"bytes":"R3LDvMOfZQ=="}}}]}"""
        },
        {
            User(new TextPart("Keep") { CacheControl = new CacheControl("1h") }),
            """{"role":"user","content":[{"text":"Keep"},{"cachePoint":{"type":"default","ttl":"1h"}}]}"""
        },
        {
            Calls(new ToolCallPart("c:1", "f", """{"a":1}""")),
            """{"role":"assistant","content":[{"toolUse":{"toolUseId":"c_1_7c9d3005","name":"f","input":{"a":1}}}]}"""
        },
        {
            new ChatMessage { Role = ChatRole.Tool, Content = [new ToolResultPart("c1", [new TextPart("42"), new ImagePart(Png)]) { IsError = true }] },
            """{"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"42"},{"image":{"format":"png","source":{"bytes":"AAAA"}}}],"""
                + "\"status\":\"error\"}}]}"
        },
        { Result("c1"), """{"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[]}}]}""" },
        {
            Thinks(ReasoningFormats.Anthropic),
            """{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"Hm","signature":"s1"}}},"""
                + """{"reasoningContent":{"redactedContent":"ZGF0YQ=="}},{"text":"So"}]}"""
        },
        // Reasoning of another provider is never sent.
        { Thinks(ReasoningFormats.Gemini), """{"role":"assistant","content":[{"text":"So"}]}""" },
    };

    [Theory, MemberData(nameof(Contents))]
    public void Content_is_written_in_the_wires_blocks(ChatMessage message, string expected)
    {
        using var body = JsonDocument.Parse(ConverseTarget.Body(message));
        Assert.Equal(expected, body.RootElement.GetProperty("messages")[0].GetRawText());
    }

    [Fact]
    public void Instructions_join_system_and_turns_of_one_role_join()
    {
        var body = ConverseTarget.Body(Say(ChatRole.System, "One"), User("a"), Say(ChatRole.Developer, "Two"), User("b"), Assistant("c"), User("d"));

        Assert.Equal("""{"system":[{"text":"One"},{"text":"Two"}],"messages":[{"role":"user","content":[{"text":"a"},{"text":"b"}]},"""
            + """{"role":"assistant","content":[{"text":"c"}]},{"role":"user","content":[{"text":"d"}]}]}""", body);
    }

    [Fact]
    public void Sampling_is_the_inference_configuration_and_what_has_no_place_is_named()
    {
        var request = new ChatRequest
        {
            Messages = Hello,
            MaxOutputTokens = 100,
            Sampling = new SamplingParameters { Temperature = 0.5, TopP = 0.9, TopK = 5, Stop = ["END", " "], Seed = 7, MinP = 0.1 },
            User = "u",
            Verbosity = "low",
            ServiceTier = "flex",
        };

        var (body, dropped) = ConverseTarget.Write(request, ConverseTarget.Of("meta.llama3-8b"));

        Assert.EndsWith("\"" + """inferenceConfig":{"maxTokens":100,"temperature":0.5,"topP":0.9,"stopSequences":["END"]}}""", body, StringComparison.Ordinal);
        Assert.Equal(["min_p", "seed", "service_tier", "stop", "top_k", "user", "verbosity"], dropped.Order());
    }

    [Theory]
    [InlineData(2.0, 0.9, """{"topP":0.9}""", "temperature")]
    [InlineData(1.0, 1.0, """{"temperature":1}""", "")]
    public void Values_that_the_wire_refuses_are_dropped(double temperature, double topP, string expected, string named)
    {
        var (body, dropped) = ConverseTarget.Write(
            new ChatRequest { Messages = Hello, Sampling = new SamplingParameters { Temperature = temperature, TopP = topP } }, ConverseTarget.Of("x"));

        Assert.EndsWith($"\"inferenceConfig\":{expected}}}", body, StringComparison.Ordinal);
        Assert.Equal(named, string.Join(',', dropped));
    }

    [Theory]
    [InlineData(ConverseTarget.Claude, """{"thinking":{"type":"enabled","budget_tokens":2000}}""", "top_k")]
    [InlineData("amazon.nova-2-lite-v1:0", """{"inferenceConfig":{"topK":5},"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}""",
        "reasoning.max_tokens")]
    [InlineData("openai.gpt-oss-120b-1:0", """{"reasoning_effort":"medium"}""", "reasoning.max_tokens,top_k")]
    [InlineData("meta.llama3-8b", null, "reasoning,top_k")]
    public void Reasoning_and_top_k_are_members_of_the_models_family(string model, string? fields, string named)
    {
        var request = new ChatRequest
        {
            Messages = Hello,
            MaxOutputTokens = 5000,
            Sampling = new SamplingParameters { TopK = 5 },
            Reasoning = new ReasoningOptions { MaxTokens = 2000 },
        };

        var (body, dropped) = ConverseTarget.Write(request, ConverseTarget.Of(model));

        using var json = JsonDocument.Parse(body);
        Assert.Equal(fields, json.RootElement.TryGetProperty("additionalModelRequestFields", out var own) ? own.GetRawText() : null);
        Assert.Equal(5000, json.RootElement.GetProperty("inferenceConfig").GetProperty("maxTokens").GetInt32());
        Assert.Equal(named, string.Join(',', dropped.Order()));
    }

    [Fact]
    public void Family_of_a_profile_is_that_of_the_catalogs_model()
    {
        var request = new ChatRequest { Messages = Hello, Sampling = new SamplingParameters { TopK = 5 } };

        Assert.Contains("\"additionalModelRequestFields\":{\"top_k\":5}", ConverseTarget.Write(request,
            ConverseTarget.Of("arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc", id: "anthropic/claude-sonnet-4.5")).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Model_that_decides_itself_takes_an_effort()
    {
        var (body, dropped) = ConverseTarget.Write(new ChatRequest { Messages = Hello, Reasoning = new ReasoningOptions { Effort = "high" } },
            ConverseTarget.Of("anthropic.claude-opus-4-8", RequestParameters.Reasoning | RequestParameters.MaxTokens));

        Assert.Contains("\"additionalModelRequestFields\":{\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}}", body, StringComparison.Ordinal);
        Assert.EndsWith("\"" + """outputConfig":{"effort":"high"}}""", body, StringComparison.Ordinal);
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData(ToolChoiceMode.Auto, "", "")]
    [InlineData(ToolChoiceMode.Required, ""","toolChoice":{"any":{}}""", "")]
    [InlineData(ToolChoiceMode.Function, ""","toolChoice":{"tool":{"name":"f"}}""", "")]
    public void Tools_and_their_choice_are_the_tool_configuration(ToolChoiceMode mode, string choice, string named)
    {
        var request = new ChatRequest
        {
            Messages = Hello,
            Tools =
            [
                new ToolDefinition
                {
                    Name = "f",
                    Description = "does",
                    Parameters = JsonElement.Parse("""{"properties":{"a":{"type":"string"}}}"""),
                    Strict = true,
                },
                new ToolDefinition { Name = "g", CacheControl = new CacheControl() },
            ],
            ToolChoice = new ToolChoice(mode, mode == ToolChoiceMode.Function ? "f" : null),
        };

        var (body, dropped) = ConverseTarget.Write(request, ConverseTarget.Of("x"));

        Assert.EndsWith("\"" + """toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"does","inputSchema":{"json":{"type":"object","""
            + "\"" + """properties":{"a":{"type":"string"}}}},"strict":true}},"""
            + """{"toolSpec":{"name":"g","inputSchema":{"json":{"type":"object","properties":{}}}}},"""
            + """{"cachePoint":{"type":"default"}}]""" + choice + "}}", body, StringComparison.Ordinal);
        Assert.Equal(named, string.Join(',', dropped));
    }

    [Fact]
    public void Forbidden_tools_are_left_out_and_those_that_were_called_are_declared()
    {
        var tools = new[] { new ToolDefinition { Name = "f" } };
        var called = new ChatMessage[] { User("a"), Calls(new ToolCallPart("c1", "old", "{}")), Result("c1", new TextPart("r")) };

        Assert.DoesNotContain("toolConfig", ConverseTarget.Write(new ChatRequest { Messages = Hello, Tools = tools, ToolChoice = new(ToolChoiceMode.None) },
            ConverseTarget.Of("x")).Body, StringComparison.Ordinal);
        Assert.EndsWith("\"" + """toolConfig":{"tools":[{"toolSpec":{"name":"old","inputSchema":{"json":{"type":"object","properties":{}}}}}]}}""",
            ConverseTarget.Body(called), StringComparison.Ordinal);
        var (body, dropped) = ConverseTarget.Write(new ChatRequest { Messages = called, Tools = tools, ToolChoice = new(ToolChoiceMode.None) },
            ConverseTarget.Of("x"));
        Assert.Contains("\"name\":\"old\"", body, StringComparison.Ordinal);
        Assert.Equal(["tool_choice"], dropped);
    }

    [Fact]
    public void Called_tools_that_are_not_offered_are_declared_once_and_bounded()
    {
        static ChatRequest Request(int others) => new()
        {
            Messages =
            [
                User("a"),
                Calls([new ToolCallPart("own", "own", "{}"),
                    .. Enumerable.Range(0, 3 * others).Select(i => new ToolCallPart($"c{i}", $"f{i % others}", "{}"))]),
            ],
            Tools = [new ToolDefinition { Name = "own" }],
        };

        using var body = JsonDocument.Parse(ConverseTarget.Write(Request(RequestBounds.Tools), ConverseTarget.Of("x")).Body);
        var error = Assert.Throws<RouterException>(() => ConverseTarget.Write(Request(RequestBounds.Tools + 1), ConverseTarget.Of("x"))).Error;

        Assert.Equal(["own", .. Enumerable.Range(0, RequestBounds.Tools).Select(i => $"f{i}")],
            body.RootElement.GetProperty("toolConfig").GetProperty("tools").EnumerateArray()
                .Select(tool => tool.GetProperty("toolSpec").GetProperty("name").GetString()!));
        Assert.Equal(400, error.Status);
        Assert.Contains($"at most {RequestBounds.Tools} tools that are not offered", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_of_the_answer_is_sent_as_a_text()
    {
        var request = new ChatRequest
        {
            Messages = Hello,
            ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, Name = "n", Schema = JsonElement.Parse("""{"type":"object"}""") },
        };

        var (body, dropped) = ConverseTarget.Write(request, ConverseTarget.Of("x"));

        using var json = JsonDocument.Parse(body);
        var format = json.RootElement.GetProperty("outputConfig").GetProperty("textFormat");
        Assert.Equal("json_schema", format.GetProperty("type").GetString());
        Assert.Equal("""{"type":"object"}""", format.GetProperty("structure").GetProperty("jsonSchema").GetProperty("schema").GetString());
        Assert.Empty(dropped);
        Assert.Equal(["response_format"], ConverseTarget.Write(new ChatRequest
        {
            Messages = Hello,
            ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonObject },
        }, ConverseTarget.Of("x")).Dropped);
    }

    [Theory]
    [InlineData("anthropic.claude-v1:0", false, "model/anthropic.claude-v1%3A0/converse")]
    [InlineData("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x", true,
        "model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x/converse-stream")]
    [InlineData("../admin?a#b", false, "model/..%2Fadmin%3Fa%23b/converse")]
    public void Model_is_in_the_path_and_cannot_leave_its_place(string model, bool stream, string path) =>
        Assert.Equal(path, new BedrockConverseWire().GetPath(Operation.Chat, model, stream));

    [Fact]
    public void Media_by_url_must_be_fetched_first()
    {
        var wire = new BedrockConverseWire();

        Assert.True(wire.NeedsInlineData(new ImagePart("https://a.example/b.png")));
        Assert.True(wire.NeedsInlineData(new FilePart(null, "http://a.example/b.pdf", null)));
        Assert.False(wire.NeedsInlineData(new ImagePart(Png)));
        Assert.Throws<RouterException>(() => ConverseTarget.Body(User(new ImagePart("https://a.example/b.png"))));
        Assert.Throws<RouterException>(() => ConverseTarget.Body(User(new FilePart(null, null, "file-1"))));
    }

    private static ChatMessage Thinks(string format) => new()
    {
        Role = ChatRole.Assistant,
        Content =
        [
            new ReasoningPart(ReasoningKind.Text) { Text = "Hm", Signature = "s1", Format = format },
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "ZGF0YQ==", Format = format },
            new TextPart("So"),
        ],
    };

}
