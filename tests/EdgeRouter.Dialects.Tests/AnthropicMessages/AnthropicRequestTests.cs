using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Whole bodies, and the members that stand beside the conversation.</summary>
public sealed class AnthropicRequestTests
{
    [Fact]
    public void Smallest_request_has_model_max_tokens_and_messages()
    {
        var (json, dropped) = Write(new ChatRequest { Messages = Hello });

        Assert.Equal("""{"model":"claude-sonnet-4-5","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}""", json);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Full_request_carries_everything_that_the_wire_can()
    {
        var request = new ChatRequest
        {
            Model = "anthropic/claude",
            Messages = [Say(ChatRole.System, "Be brief."), Say(ChatRole.Developer, "Use tools."), User("Weather in Zürich?")],
            MaxOutputTokens = 500,
            Sampling = new SamplingParameters { Temperature = 0.5, TopP = 0.9, TopK = 40, Stop = ["END", "STOP"] },
            Tools =
            [
                new ToolDefinition
                {
                    Name = "get_weather",
                    Description = "Weather of a city",
                    Parameters = Parsed("""{"type":"object","properties":{"city":{"type":"string"}}}"""),
                    Strict = true,
                    CacheControl = new CacheControl("1h"),
                },
            ],
            ToolChoice = new ToolChoice(ToolChoiceMode.Required),
            ParallelToolCalls = false,
            ResponseFormat = new ResponseFormat
            {
                Kind = ResponseFormatKind.JsonSchema,
                Name = "answer",
                Schema = Parsed("""{"type":"object"}"""),
                Strict = true
            },
            Verbosity = "low",
            ServiceTier = "auto",
            User = "user-1",
        };

        var (json, dropped) = Write(request, Target(stream: true));

        const string Expected = """
            {"model":"claude-sonnet-4-5","max_tokens":500,"stream":true,
            "system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Use tools."}],
            "messages":[{"role":"user","content":[{"type":"text","text":"Weather in Zürich?"}]}],
            "tools":[{"name":"get_weather","description":"Weather of a city",
            "input_schema":{"type":"object","properties":{"city":{"type":"string"}}},"strict":true,
            "cache_control":{"type":"ephemeral","ttl":"1h"}}],
            "tool_choice":{"type":"any","disable_parallel_tool_use":true},
            "temperature":0.5,"top_p":0.9,"top_k":40,"stop_sequences":["END","STOP"],
            "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}},
            "service_tier":"auto","metadata":{"user_id":"c6c289e49e9c05b2145860387b73bcb1"}}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), json);
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData(700, 8192, "700")]
    [InlineData(null, 8192, "8192")]
    [InlineData(null, null, "4096")]
    [InlineData(9000, 8192, "9000")] // never clamped in silence: the provider says that it is too much
    public void Max_tokens_is_the_request_s_else_the_endpoint_s_else_the_constant(int? asked, int? limit, string expected) =>
        Assert.Equal(expected, Member(new ChatRequest { Messages = Hello, MaxOutputTokens = asked }, "max_tokens", Target(limit: limit)));

    [Theory]
    [InlineData("auto", "\"auto\"", null)]
    [InlineData("default", "\"standard_only\"", null)]
    [InlineData("priority", null, "service_tier")]
    [InlineData("flex", null, "service_tier")]
    public void Service_tier_is_mapped_or_named(string tier, string? expected, string? lost)
    {
        var request = new ChatRequest { Messages = Hello, ServiceTier = tier };

        Assert.Equal(expected, Member(request, "service_tier"));
        Assert.Equal(lost is null ? [] : [lost], Write(request).Dropped);
    }

    [Fact]
    public void User_id_leaves_only_as_a_hash() =>
        Assert.DoesNotContain("jane@example.com", Write(new ChatRequest { Messages = Hello, User = "jane@example.com" }).Json);

    [Theory]
    [InlineData(ResponseFormatKind.JsonObject)]
    [InlineData(ResponseFormatKind.Grammar)]
    [InlineData(ResponseFormatKind.Python)]
    public void Response_formats_other_than_a_schema_are_dropped_and_named(ResponseFormatKind kind)
    {
        var (json, dropped) = Write(new ChatRequest { Messages = Hello, ResponseFormat = new ResponseFormat { Kind = kind, Grammar = "x" } });

        Assert.DoesNotContain("output_config", json);
        Assert.Equal(["response_format"], dropped);
    }

    [Fact]
    public void Schema_without_support_at_the_endpoint_is_dropped_and_named()
    {
        var format = new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, Schema = Parsed("{}") };
        var target = Target(supported: Everything & ~RequestParameters.StructuredOutputs);

        var (json, dropped) = Write(new ChatRequest { Messages = Hello, ResponseFormat = format }, target);

        Assert.DoesNotContain("output_config", json);
        Assert.Equal(["response_format"], dropped);
    }

    [Fact]
    public void Schema_is_carried_byte_for_byte()
    {
        const string Schema = """{ "type" : "object", "b": 1.50, "a": "\u00fc" }""";
        var format = new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, Schema = Parsed(Schema), Description = "an answer" };
        var (json, dropped) = Write(new ChatRequest { Messages = Hello, ResponseFormat = format });

        Assert.Contains($$"""{"type":"json_schema","schema":{{Schema}}}""", json);
        Assert.Equal(["response_format.json_schema.description"], dropped);
    }

    [Fact]
    public void Text_format_is_no_loss() =>
        Assert.Empty(Write(new ChatRequest { Messages = Hello, ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.Text } }).Dropped);

    [Fact]
    public void Path_and_needs_are_those_of_the_messages_api()
    {
        var dialect = new AnthropicMessagesWire();

        Assert.Equal("anthropic-messages", dialect.Name);
        Assert.Equal("messages", dialect.GetPath(Operation.Chat, "claude-sonnet-4-5", stream: true));
        Assert.False(dialect.NeedsInlineData(new ImagePart("https://example.com/a.png")));
        Assert.False(dialect.NeedsInlineData(new FilePart("a.pdf", "https://example.com/a.pdf", null)));
    }

    [Fact]
    public void What_the_dialect_claims_to_carry_is_not_dropped()
    {
        var lost = RequestParameterNames.ToNames(new AnthropicMessagesWire().Carries);
        var (_, dropped) = Write(AnthropicDroppedTests.EverythingAsked);

        Assert.Empty(dropped.Intersect(lost));
    }
}
