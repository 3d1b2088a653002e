using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Gemini.Caller;
using EdgeRouter.Dialects.Gemini.Caller.Requests;
using EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;
using EdgeRouter.Dialects.Gemini.PassThrough;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.Caller.GeminiSamples;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>Requests to providers that speak Gemini too: what passes as it is, what is left out, and when the body is translated instead.</summary>
public sealed class GeminiSplicerTests
{
    [Fact]
    public async Task Body_passes_as_it_is_without_the_routers_members()
    {
        const string Given = """
            "contents":[{"parts":[{"text":"H\u00e9","videoMetadata":{"fps":1}},{"newThing":{"a":1}}],"role":"user"}],
            "tools":[{"googleSearch":{}},{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT"}}]}],
            "toolConfig":{"functionCallingConfig":{"mode":"VALIDATED","allowedFunctionNames":["f"]}},"safetySettings":[{"category":"X","threshold":"OFF"}],
            "cachedContent":"cachedContents/x","x_own":{"deep":[1]},
            "generationConfig":{"topK":40,"mediaResolution":"LOW","thinkingConfig":{"includeThoughts":true}}
            """;

        var (body, dropped) = await SendAsync(With(Given
            + ",\"provider\":{\"only\":[\"alpha\"]},\"models\":[\"acme/two\"],\"session_id\":\"s\",\"model\":\"acme/one\""), Google());

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($"{{{Given}}}"), body), body.ToJsonString());
        Assert.Empty(dropped);
    }

    [Fact]
    public async Task Names_in_snake_case_and_a_string_of_instructions_are_written_as_Google_wants_them()
    {
        var (body, _) = await SendAsync(
            With("\"system_instruction\":\"Be \\\"brief\\\".\",\"generation_config\":{\"top_p\":0.5},\"service_tier\":\"priority\""),
            Google(tag: "alpha/priority"));

        Assert.Equal("{\"parts\":[{\"text\":\"Be \\u0022brief\\u0022.\"}]}", body["systemInstruction"]!.ToJsonString());
        Assert.Equal("{\"top_p\":0.5}", body["generationConfig"]!.ToJsonString());
        Assert.Equal("priority", (string?)body["serviceTier"]);
    }

    [Fact]
    public async Task What_an_endpoint_does_not_take_is_left_out_and_named()
    {
        const RequestParameters Refused = RequestParameters.TopK | RequestParameters.Reasoning | RequestParameters.Tools | RequestParameters.Unknown;
        var (body, dropped) = await SendAsync(With("""
            "generationConfig":{"topK":40,"temperature":1,"thinkingConfig":{"thinkingBudget":5}},"tools":[{"functionDeclarations":[{"name":"f"}]}],
            "toolConfig":{"functionCallingConfig":{"mode":"ANY"}},"safetySettings":[{}],"x_own":1,"user":"u"
            """), Google(refused: Refused));

        Assert.Equal("{\"temperature\":1}", body["generationConfig"]!.ToJsonString());
        Assert.Equal(["contents", "generationConfig"], body.AsObject().Select(member => member.Key).Order());
        Assert.Equal(["generationConfig.thinkingConfig", "generationConfig.topK", "safetySettings", "toolConfig", "tools", "user", "x_own"],
            dropped.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(GeminiTarget.Gemini2, "")]
    [InlineData(GeminiTarget.Gemini2, "\"systemInstruction\":{\"parts\":[{\"text\":\"S\"}]},\"generationConfig\":{\"temperature\":1,\"topP\":0.5,\"topK\":3}")]
    [InlineData(GeminiTarget.Gemini2, "\"generationConfig\":{\"maxOutputTokens\":9,\"stopSequences\":[\"x\"],\"seed\":1,\"candidateCount\":2}")]
    [InlineData(GeminiTarget.Gemini2, "\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"type\":\"object\"}}")]
    [InlineData(GeminiTarget.Gemini2, "\"generationConfig\":{\"responseLogprobs\":true,\"logprobs\":2,\"presencePenalty\":1,\"frequencyPenalty\":1}")]
    [InlineData(GeminiTarget.Gemini2, "\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":2048,\"includeThoughts\":true}}")]
    [InlineData(GeminiTarget.Gemini3, "\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"low\",\"includeThoughts\":true}}")]
    [InlineData(GeminiTarget.Gemini3, "\"generationConfig\":{\"responseModalities\":[\"TEXT\",\"IMAGE\"],\"imageConfig\":{\"aspectRatio\":\"1:1\"}}")]
    [InlineData(GeminiTarget.Gemini2, "\"generationConfig\":{\"responseModalities\":[\"AUDIO\"],\"speechConfig\":{\"voiceConfig\":"
        + "{\"prebuiltVoiceConfig\":{\"voiceName\":\"Kore\"}}}}")]
    [InlineData(GeminiTarget.Gemini2, "\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"parametersJsonSchema\":{\"type\":\"object\"}}]}],"
        + "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}}")]
    [InlineData(GeminiTarget.Gemini3, "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"},"
        + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}}]},"
        + "{\"role\":\"model\",\"parts\":[{\"text\":\"b\",\"thoughtSignature\":\"c2ln\"},{\"functionCall\":{\"id\":\"c\",\"name\":\"f\",\"args\":{\"a\":1}},"
        + "\"thoughtSignature\":\"Y2Fs\"},{\"functionCall\":{\"id\":\"d\",\"name\":\"f\",\"args\":{}}}]},{\"role\":\"user\",\"parts\":["
        + "{\"functionResponse\":{\"id\":\"c\",\"name\":\"f\",\"response\":{\"x\":1}}},{\"functionResponse\":{\"id\":\"d\",\"name\":\"f\","
        + "\"response\":{\"error\":\"no\"}}}]}]")]
    public async Task Spliced_body_is_what_the_content_model_would_send(string model, string members)
    {
        var request = With(members);
        var target = new WireTarget(Google(model), stream: false) { Fields = new GeminiFields(() => new()) };
        Assert.True(GeminiSplicer.CanSplice(Scan(members), target));

        var (spliced, droppedBySplicer) = await SendAsync(request, Google(model));
        var (canonical, dropped) = GeminiTarget.Write(request.GetConversation(), target);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(canonical), spliced), $"{canonical}\n--- spliced:\n{spliced.ToJsonString()}");
        Assert.Equal(dropped, droppedBySplicer);
    }

    [Theory]
    [InlineData(GeminiTarget.Gemini2, "\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"LOW\"}}", "thinkingBudget")]
    [InlineData(GeminiTarget.Gemini2, "\"contents\":[{\"parts\":[{\"fileData\":{\"fileUri\":\"https://x/a.png\",\"mimeType\":\"image/png\"}}]}]", "")]
    [InlineData(GeminiTarget.Gemini3, "\"contents\":[{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"id\":\"c\",\"name\":\"f\"}}]}]",
        "skip_thought_signature_validator")]
    [InlineData(GeminiTarget.Gemini3, "\"contents\":[{\"role\":\"model\",\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}}]}]",
        "skip_thought_signature_validator")]
    [InlineData(GeminiTarget.Gemini2, "\"contents\":[{\"parts\":[{\"text\":\"a\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"b\"},"
        + "{\"text\":\"\",\"thought\":true,"
        + "\"thoughtSignature\":\"ZGF0YTplZGdlcm91dGVyLmFudGhyb3BpYy1jbGF1ZGUtdjEuLmQ=\"}]}]", "")]
    [InlineData(GeminiTarget.Gemini2, "\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\"}]}],"
        + "\"generationConfig\":{\"responseMimeType\":\"application/json\"}", "")]
    public async Task Body_that_needs_a_change_goes_through_the_content_model(string model, string members, string written)
    {
        Assert.False(GeminiSplicer.CanSplice(Scan(members), new WireTarget(Google(model), stream: false) { Fields = new GeminiFields(() => new()) }));
        if (members.Contains("https://x", StringComparison.Ordinal)) return; // nothing is fetched here

        var (body, _) = await SendAsync(With(members), Google(model));

        Assert.Contains(written, body.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ZGF0YTplZGdlcm91dGVy", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_that_would_lose_a_tool_of_Googles_is_refused()
    {
        var request = With("\"tools\":[{\"googleSearch\":{}}],\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"LOW\"}}");

        var error = (await Assert.ThrowsAsync<RouterException>(() => SendAsync(request, Google()))).Error;

        Assert.Equal(400, error.Status);
        Assert.Contains("the tool googleSearch", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    public async Task What_another_wire_cannot_carry_has_the_name_that_the_caller_wrote(string wire)
    {
        var (_, dropped) = await SendAsync(With("""
            "safetySettings":[{}],"x_own":1,"labels":{},"generationConfig":{"mediaResolution":"LOW","newThing":1},
            "toolConfig":{"retrievalConfig":{}},"contents":[{"parts":[{"text":"x","videoMetadata":{}}]}],
            "tools":[{"functionDeclarations":[{"name":"f","response":{}}]}]
            """), AnthropicMessages.Caller.MessagesSamples.Endpoint(wire));

        Assert.Equal(["contents.parts.videoMetadata", "generationConfig.mediaResolution", "generationConfig.newThing", "labels", "safetySettings",
            "toolConfig.retrievalConfig", "tools.functionDeclarations.response", "x_own"], dropped.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("openai-chat", "{\"type\":\"string\"}")]
    [InlineData("anthropic-messages", "{\"type\":\"string\"}")]
    [InlineData("gemini", "{\"type\":\"STRING\"}")]
    public async Task Types_of_a_schema_are_in_lower_case_for_other_wires(string wire, string type)
    {
        var (body, _) = await SendAsync(With("""
            "tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}}]}]
            """), AnthropicMessages.Caller.MessagesSamples.Endpoint(wire));

        Assert.Contains($"\"properties\":{{\"a\":{type}}}", body.ToJsonString(), StringComparison.Ordinal);
    }

    private static GeminiScan Scan(string members)
    {
        var body = members.Contains("\"contents\"", StringComparison.Ordinal) ? $"{{{members}}}" : $"{{{Hello}{(members.Length > 0 ? "," : "")}{members}}}";
        return GeminiScanner.Scan(new GeminiCall("acme/one", Streams: false, IsArray: false), System.Text.Encoding.UTF8.GetBytes(body));
    }
}
