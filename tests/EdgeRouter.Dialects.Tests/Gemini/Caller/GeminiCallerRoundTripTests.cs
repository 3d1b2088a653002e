using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Gemini.Caller;
using EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.Caller.GeminiSamples;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>Generated conversations: what the wire writes, this API reads as the same conversation. And every wire takes them.</summary>
public sealed class GeminiCallerRoundTripTests
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
            var target = new WireTarget(Google(GeminiTarget.Gemini3), stream: false) { Fields = new GeminiFields(() => new()) };

            var (written, dropped) = GeminiTarget.Write(request, target);

            Assert.Empty(dropped);
            Assert.Equal(MessagesSamples.Describe(request), MessagesSamples.Describe(Read(written).GetConversation()));
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
            var (body, dropped) = await SendAsync(Read(Next(random)), MessagesSamples.Endpoint(wire, limit: 9000));

            Assert.NotNull(body);
            Assert.DoesNotContain("tools", dropped);
        }
    }

    [Theory]
    [InlineData("gemini", """{"inlineData":{"mimeType":"audio/odd","data":"AA=="}},{"fileData":{"fileUri":"https://x/b"}}""",
        "contents[0].parts[1].inlineData.mimeType")]
    [InlineData("anthropic-messages", """{"inlineData":{"mimeType":"audio/wav","data":"AA=="}}""", "contents[0].parts[1]")]
    [InlineData("gemini", """{"fileData":{"fileUri":"ftp://x/a.png"}},{"fileData":{"fileUri":"https://x/b"}}""", "contents[0].parts[1].fileData.fileUri")]
    public async Task Error_names_the_field_as_the_caller_wrote_it(string wire, string part, string field)
    {
        var request = With($$"""
            "systemInstruction":"s","contents":[{"role":"user","parts":[{"text":"x"},{{part}}]}]
            """);

        var error = (await Assert.ThrowsAsync<RouterException>(() => SendAsync(request, MessagesSamples.Endpoint(wire)))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }

    [Fact]
    public void Every_fact_of_a_request_has_a_name()
    {
        foreach (var fact in Enum.GetValues<RequestFact>()) Assert.NotEmpty(new GeminiCallerApi().FieldOf(new RequestFault(fact)));
    }

    private static string Next(Random random)
    {
        var contents = new JsonArray();
        var calls = 0;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            contents.Add(Turn("user", [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => UserPart(random))]));
            if (random.Next(3) == 0)
            {
                contents.Add(Turn("model", [Signed(Text(random), random)]));
                continue;
            }
            var ids = Enumerable.Range(0, random.Next(1, 3)).Select(_ => $"c{calls++}").ToList();
            contents.Add(Turn("model", [.. ids.Select((id, index) => Call(id, index == 0))]));
            contents.Add(Turn("user", [.. ids.Select(id => Result(random, id)), .. random.Next(2) == 0 ? [] : new[] { Text(random) }]));
            contents.Add(Turn("model", [Text(random)]));
        }
        contents.Add(Turn("user", [Text(random)]));
        var body = new JsonObject { ["contents"] = contents };
        var config = new JsonObject();
        if (random.Next(2) == 0) config["maxOutputTokens"] = 5000;
        if (random.Next(3) == 0) config["stopSequences"] = new JsonArray("x", "y");
        if (random.Next(3) == 0) config["temperature"] = 0.5;
        if (config.Count > 0) body["generationConfig"] = config;
        if (random.Next(2) == 0) body["systemInstruction"] = new JsonObject { ["parts"] = new JsonArray(Text(random)) };
        body["tools"] = JsonNode.Parse("""
            [{"functionDeclarations":[{"name":"f","description":"F","parametersJsonSchema":{"type":"object","properties":{"n":{"type":"integer"}}}}]}]
            """);
        if (random.Next(3) == 0) body["toolConfig"] = JsonNode.Parse("""{"functionCallingConfig":{"mode":"AUTO"}}""");
        return body.ToJsonString();
    }

    private static JsonObject Turn(string role, JsonNode[] parts) => new() { ["role"] = role, ["parts"] = new JsonArray(parts) };

    private static JsonObject UserPart(Random random) => random.Next(4) == 0
        ? new JsonObject { ["inlineData"] = new JsonObject { ["mimeType"] = "image/png", ["data"] = "AA==" } } : Text(random);

    private static JsonObject Signed(JsonObject part, Random random)
    {
        if (random.Next(2) == 0) part["thoughtSignature"] = "c2ln";
        return part;
    }

    private static JsonObject Call(string id, bool isFirst)
    {
        var part = new JsonObject { ["functionCall"] = new JsonObject { ["id"] = id, ["name"] = "f", ["args"] = new JsonObject { ["n"] = 1 } } };
        if (isFirst) part["thoughtSignature"] = "Y2Fs";
        return part;
    }

    private static JsonObject Result(Random random, string id)
    {
        var result = new JsonObject { ["id"] = id, ["name"] = "f", ["response"] = new JsonObject { ["output"] = "fine" } };
        if (random.Next(3) == 0) result["response"] = new JsonObject { ["error"] = "broken" };
        if (random.Next(3) == 0)
            result["parts"] = new JsonArray(new JsonObject { ["inlineData"] = new JsonObject { ["mimeType"] = "image/png", ["data"] = "AA==" } });
        return new JsonObject { ["functionResponse"] = result };
    }

    private static JsonObject Text(Random random) => new() { ["text"] = Words[random.Next(Words.Length)] + random.Next(100) };
}
