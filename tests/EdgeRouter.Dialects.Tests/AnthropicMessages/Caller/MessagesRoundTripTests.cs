using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Caller;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.Caller.MessagesSamples;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;

/// <summary>Generated conversations: what the wire writes, this API reads as the same conversation. And every wire takes them.</summary>
public sealed class MessagesRoundTripTests
{
    private const int Rounds = 300;
    private static readonly string[] Words = ["a", "word ", "é漢😀", "\"quoted\"\n", "line two"];

    [Fact]
    public void Conversation_that_the_wire_writes_is_read_as_it_was()
    {
        var random = new Random(20261130);
        for (var round = 0; round < Rounds; round++)
        {
            var request = Read(Next(random)).GetConversation();
            var target = new WireTarget(Endpoint(WireNames.AnthropicMessages, limit: 9000), stream: false) { Fields = new MessagesFields(() => []) };
            var output = new System.Buffers.ArrayBufferWriter<byte>();

            new AnthropicMessagesWire().WriteRequest(request, target, output, []);

            var again = Read(JsonNode.Parse(output.WrittenSpan)!.ToJsonString()).GetConversation();
            Assert.Equal(Describe(request with { MaxOutputTokens = request.MaxOutputTokens ?? 9000 }), Describe(again));
        }
    }

    [Theory]
    [InlineData(WireNames.OpenAIChat)]
    [InlineData(WireNames.AnthropicMessages)]
    [InlineData(WireNames.Gemini)]
    public async Task Every_wire_takes_every_conversation(string wire)
    {
        var random = new Random(20261201);
        for (var round = 0; round < Rounds; round++)
        {
            var (body, dropped) = await SendAsync(Read(Next(random)), Endpoint(wire, limit: 9000));

            Assert.NotNull(body);
            Assert.DoesNotContain("tools", dropped);
        }
    }

    [Theory]
    [InlineData("gemini", """{"type":"image","source":{"type":"url","url":"ftp://x"}}""", "messages[1].content[1].source")]
    [InlineData("gemini", """{"type":"tool_result","tool_use_id":"c","content":"y"}""", "messages[1].content[1].tool_use_id")]
    [InlineData("anthropic-messages", """{"type":"image","source":{"type":"url","url":"ftp://x"}},{"type":"tool_result","tool_use_id":"a b"}""",
        "messages[1].content[1].source")]
    public async Task Error_names_the_field_as_the_caller_wrote_it(string wire, string block, string field)
    {
        // Late instructions keep it from being passed through.
        var request = With($$"""
            "system":"s","messages":[{"role":"system","content":"t"},{"role":"user","content":[{"type":"text","text":"x"},{{block}}]}]
            """);

        var error = (await Assert.ThrowsAsync<RouterException>(() => SendAsync(request, Endpoint(wire)))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }

    [Theory]
    [InlineData("openai-chat", "context_management output_config.task_budget x_own")]
    [InlineData("gemini", "context_management metadata.user_id output_config.effort output_config.task_budget x_own")]
    public async Task What_a_wire_cannot_carry_has_the_name_that_the_caller_wrote(string wire, string names)
    {
        var (_, dropped) = await SendAsync(With("""
            "metadata":{"user_id":"u"},"output_config":{"effort":"low","task_budget":{"type":"tokens","total":1}},"context_management":{},"x_own":1
            """), Endpoint(wire));

        Assert.Equal(names, string.Join(' ', dropped.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_fact_of_a_request_has_a_name()
    {
        foreach (var fact in Enum.GetValues<RequestFact>().Except([RequestFact.OutputCount]))
            Assert.NotEmpty(new MessagesCallerApi().FieldOf(new RequestFault(fact)));
    }

    private static string Next(Random random)
    {
        var turns = new JsonArray();
        var calls = 0;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            turns.Add(Turn("user", [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => UserBlock(random))]));
            if (random.Next(3) == 0)
            {
                turns.Add(Turn("assistant", [.. Thoughts(random), Text(random)]));
                continue;
            }
            var ids = Enumerable.Range(0, random.Next(1, 3)).Select(_ => $"c{calls++}").ToList();
            turns.Add(Turn("assistant", [.. Thoughts(random),
                .. ids.Select(id => Block("tool_use", ("id", id), ("name", "f"), ("input", new JsonObject { ["n"] = 1 })))]));
            turns.Add(Turn("user", [.. ids.Select(id => Result(random, id)), .. random.Next(2) == 0 ? [] : new[] { Text(random) }]));
            turns.Add(Turn("assistant", [Text(random)]));
        }
        turns.Add(Turn("user", [Text(random)]));
        var body = new JsonObject { ["model"] = "acme/one", ["messages"] = turns };
        if (random.Next(2) == 0) body["system"] = new JsonArray(Text(random));
        if (random.Next(2) == 0) body["max_tokens"] = 5000;
        if (random.Next(3) == 0) body["stop_sequences"] = new JsonArray("x", "y");
        body["tools"] = new JsonArray(Block("custom", ("name", "f"), ("description", "F"),
            ("input_schema", JsonNode.Parse("""{"type":"object","properties":{"n":{"type":"integer"}}}""")!)));
        if (random.Next(3) == 0) body["tool_choice"] = Block("auto", ("disable_parallel_tool_use", true));
        return body.ToJsonString();
    }

    private static JsonObject Turn(string role, JsonNode[] blocks) => new() { ["role"] = role, ["content"] = new JsonArray(blocks) };

    private static JsonObject UserBlock(Random random) => random.Next(4) switch
    {
        0 => Block("image", ("source", Block("base64", ("media_type", "image/png"), ("data", "AA=="))), ("cache_control", Block("ephemeral"))),
        1 => Block("document", ("title", "T"), ("source", Block("text", ("media_type", "text/plain"), ("data", "plain")))),
        _ => Text(random),
    };

    private static IEnumerable<JsonNode> Thoughts(Random random)
    {
        if (random.Next(2) == 0) yield return Block("thinking", ("thinking", "Hm"), ("signature", "sig"));
        if (random.Next(4) == 0) yield return Block("redacted_thinking", ("data", "d"));
    }

    private static JsonObject Result(Random random, string id) => random.Next(3) switch
    {
        0 => Block("tool_result", ("tool_use_id", id), ("is_error", true), ("content", "broken")),
        1 => Block("tool_result", ("tool_use_id", id), ("content", new JsonArray(Text(random),
            Block("image", ("source", Block("base64", ("media_type", "image/png"), ("data", "AA==")))))), ("cache_control", Block("ephemeral", ("ttl", "1h")))),
        _ => Block("tool_result", ("tool_use_id", id), ("content", "fine")),
    };

    private static JsonObject Text(Random random) => Block("text", ("text", Words[random.Next(Words.Length)] + random.Next(100)));

    private static JsonObject Block(string type, params (string Name, JsonNode Value)[] members)
    {
        var block = new JsonObject { ["type"] = type };
        foreach (var (name, value) in members) block[name] = value;
        return block;
    }
}
