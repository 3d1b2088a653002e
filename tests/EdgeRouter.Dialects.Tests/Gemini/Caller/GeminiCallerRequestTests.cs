using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.Caller.GeminiSamples;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>Which bodies are refused, and what routing learns of the others.</summary>
public sealed class GeminiCallerRequestTests
{
    private const string Turn = "{\"contents\":[{\"role\":\"user\",\"parts\":[@]}]}";
    private const string Said = "{\"contents\":[{\"role\":\"model\",\"parts\":[@]}]}";
    private const string Chooses = "the router chooses the model";
    private const string Acts = "acts with the identity of the operator";

    [Theory]
    [InlineData("{}", "contents")]
    [InlineData("{\"contents\":[]}", "contents")]
    [InlineData("{\"contents\":null}", "contents")]
    [InlineData("{\"contents\":\"Hi\"}", "contents")]
    [InlineData("{\"contents\":[{\"role\":\"system\",\"parts\":[{\"text\":\"x\"}]}]}", "contents[0].role")]
    [InlineData("{\"contents\":[{\"role\":\"user\"}]}", "contents[0].parts")]
    [InlineData("{\"contents\":[{\"role\":\"user\",\"parts\":[]}]}", "contents[0].parts")]
    [InlineData(Turn, "contents[0].parts[0]", "{}")]
    [InlineData(Turn, "contents[0].parts[0].text", "{\"text\":1}")]
    [InlineData(Turn, "contents[0].parts[0]", "{\"text\":\"x\",\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}}")]
    [InlineData(Turn, "contents[0].parts[0].inlineData.mimeType", "{\"inlineData\":{\"data\":\"AA==\"}}")]
    [InlineData(Turn, "contents[0].parts[0].inline_data.data", "{\"inline_data\":{\"mime_type\":\"image/png\",\"data\":\"\"}}")]
    [InlineData(Turn, "contents[0].parts[0].fileData.fileUri", "{\"fileData\":{\"mimeType\":\"image/png\"}}")]
    [InlineData(Turn, "contents[0].parts[0].functionCall", "{\"functionCall\":{\"name\":\"f\"}}")]
    [InlineData(Turn, "contents[0].parts[0].functionResponse.name", "{\"functionResponse\":{\"response\":{}}}")]
    [InlineData(Turn, "contents[0].parts[0].functionResponse.response", "{\"functionResponse\":{\"name\":\"f\",\"response\":\"x\"}}")]
    [InlineData(Turn, "contents[0].parts[0].functionResponse.parts[0]", "{\"functionResponse\":{\"name\":\"f\",\"parts\":[{\"text\":\"x\"}]}}")]
    [InlineData(Said, "contents[0].parts[0].functionResponse", "{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}")]
    [InlineData(Said, "contents[0].parts[0].functionCall.args", "{\"functionCall\":{\"name\":\"f\",\"args\":\"{}\"}}")]
    [InlineData(Said, "contents[0].parts[0].thought", "{\"text\":\"x\",\"thought\":\"yes\"}")]
    [InlineData(Said, "contents[0].parts[0].thoughtSignature", "{\"text\":\"x\",\"thoughtSignature\":7}")]
    [InlineData("{#,\"contents\":[]}", "contents")]
    [InlineData("{#,\"systemInstruction\":{\"parts\":[{\"inlineData\":{}}]}}", "systemInstruction.parts[0].text")]
    [InlineData("{#,\"systemInstruction\":[]}", "systemInstruction")]
    [InlineData("{#,\"systemInstruction\":\"a\",\"system_instruction\":\"b\"}", "system_instruction")]
    [InlineData("{#,\"generation_config\":{\"top_p\":1,\"topP\":1}}", "generation_config.topP")]
    [InlineData("{#,\"generationConfig\":{\"TopP\":1}}", "generationConfig.TopP")]
    [InlineData("{#,\"generationconfig\":{}}", "generationconfig")]
    [InlineData("{#,\"Generation_Config\":{}}", "Generation_Config")]
    [InlineData("{#,\"generationConfig\":{\"temperature\":3}}", "generationConfig.temperature")]
    [InlineData("{#,\"generationConfig\":{\"topK\":1.5}}", "generationConfig.topK")]
    [InlineData("{#,\"generationConfig\":{\"maxOutputTokens\":0}}", "generationConfig.maxOutputTokens")]
    [InlineData("{#,\"generationConfig\":{\"maxOutputTokens\":\"100\"}}", "generationConfig.maxOutputTokens")]
    [InlineData("{#,\"generationConfig\":{\"candidateCount\":129}}", "generationConfig.candidateCount")]
    [InlineData("{#,\"generationConfig\":{\"stopSequences\":\"x\"}}", "generationConfig.stopSequences")]
    [InlineData("{#,\"generationConfig\":{\"seed\":3000000000}}", "generationConfig.seed")]
    [InlineData("{#,\"generationConfig\":{\"logprobs\":21}}", "generationConfig.logprobs")]
    [InlineData("{#,\"generationConfig\":{\"responseLogprobs\":1}}", "generationConfig.responseLogprobs")]
    [InlineData("{#,\"generationConfig\":{\"responseMimeType\":\"application/xml\"}}", "generationConfig.responseMimeType")]
    [InlineData("{#,\"generationConfig\":{\"responseSchema\":\"x\"}}", "generationConfig.responseSchema")]
    [InlineData("{#,\"generationConfig\":{\"responseSchema\":{},\"responseJsonSchema\":{}}}", "generationConfig.responseJsonSchema")]
    [InlineData("{#,\"generationConfig\":{\"responseModalities\":[\"SMELL\"]}}", "generationConfig.responseModalities[0]")]
    [InlineData("{#,\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":-2}}}", "generationConfig.thinkingConfig.thinkingBudget")]
    [InlineData("{#,\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"EXTREME\"}}}", "generationConfig.thinkingConfig.thinkingLevel")]
    [InlineData("{#,\"generationConfig\":{\"speechConfig\":{\"voiceConfig\":{\"prebuiltVoiceConfig\":{\"voiceName\":\"\"}}}}}",
        "generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName")]
    [InlineData("{#,\"tools\":[{\"functionDeclarations\":[{\"description\":\"x\"}]}]}", "tools[0].functionDeclarations[0].name")]
    [InlineData("{#,\"tools\":[{\"function_declarations\":[{\"name\":\"f\",\"parameters\":{},\"parameters_json_schema\":{}}]}]}",
        "tools[0].function_declarations[0].parametersJsonSchema")]
    [InlineData("{#,\"tools\":\"x\"}", "tools")]
    [InlineData("{#,\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"SOMETIMES\"}}}", "toolConfig.functionCallingConfig.mode")]
    [InlineData("{#,\"toolConfig\":{\"functionCallingConfig\":{\"allowedFunctionNames\":[1]}}}", "toolConfig.functionCallingConfig.allowedFunctionNames[0]")]
    [InlineData("{#,\"safetySettings\":{}}", "safetySettings")]
    [InlineData("{#,\"cachedContent\":\"\"}", "cachedContent")]
    [InlineData("{#,\"serviceTier\":\"gold\"}", "serviceTier")]
    [InlineData("{#,\"provider\":{\"ordre\":[]}}", "provider.ordre")]
    [InlineData("{#,\"plugins\":[{\"id\":\"web\"}]}", "plugins[0].enabled")]
    public void Invalid_body_is_refused_by_the_name_of_its_member(string body, string field, string part = "")
    {
        var given = body.Replace("#", Hello, StringComparison.Ordinal).Replace("@", part, StringComparison.Ordinal);

        var error = Assert.Throws<RouterException>(() => Read(given)).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }

    [Theory]
    [InlineData("\"generationConfig\":{\"routingConfig\":{\"manualMode\":{\"modelName\":\"m\"}}}", "generationConfig.routingConfig", Chooses)]
    [InlineData("\"generation_config\":{\"routing_config\":{}}", "generation_config.routing_config", Chooses)]
    [InlineData("\"generationConfig\":{\"modelSelectionConfig\":{}}", "generationConfig.modelSelectionConfig", Chooses)]
    [InlineData("\"generationConfig\":{\"model_selection_config\":{}}", "generationConfig.model_selection_config", Chooses)]
    [InlineData("\"tools\":[{\"retrieval\":{\"vertexAiSearch\":{\"datastore\":\"d\"}}}]", "tools[0].retrieval", Acts)]
    [InlineData("\"tools\":{\"retrieval\":{}}", "tools.retrieval", Acts)]
    [InlineData("\"tools\":[{},{\"mcpServers\":[{\"streamableHttpTransport\":{\"url\":\"https://x\"}}]}]", "tools[1].mcpServers", Acts)]
    [InlineData("\"tools\":[{\"mcp_servers\":[]}]", "tools[0].mcp_servers", Acts)]
    public void What_would_escape_the_router_is_refused_with_the_reason(string members, string field, string reason)
    {
        var error = Assert.Throws<RouterException>(() => With(members)).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Routing_facts_are_found()
    {
        var facts = With("""
            "models":["acme/two"],"session_id":"s","provider":{"only":["alpha"]},"user":"u","serviceTier":"standard",
            "generationConfig":{"maxOutputTokens":500.0,"topK":40.0,"candidateCount":2,"stopSequences":["x"],"responseLogprobs":true,"logprobs":3,
              "responseMimeType":"application/json","responseSchema":{"type":"OBJECT"},"thinkingConfig":{"thinkingBudget":2000},
              "responseModalities":["TEXT","IMAGE"]},
            "tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT"}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY"}},
            "contents":[{"parts":[{"text":"Look"},{"inlineData":{"mimeType":"image/png","data":"AA=="}},{"inlineData":{"mimeType":"audio/wav","data":"AA=="}},
              {"inlineData":{"mimeType":"application/pdf","data":"AA=="}},{"inlineData":{"mimeType":"video/mp4","data":"AA=="}}]}]
            """).Facts;

        Assert.Equal(("acme/one", "acme/two", "s", 500, 2, 2000), (facts.Model, facts.FallbackModels.Single(), facts.SessionId, facts.MaxOutputTokens,
            facts.ChoiceCount, facts.ReasoningTokens));
        Assert.Equal(("u", "default", 4, 1), (facts.User, facts.ServiceTier, facts.MediaCount, facts.ImageCount));
        Assert.Equal(InputModalities.Image | InputModalities.Audio | InputModalities.File | InputModalities.Video, facts.Modalities);
        Assert.Equal((true, false, true), (facts.WantsImageOutput, facts.WantsAudioOutput, facts.ExcludeReasoning));
        Assert.Equal(["alpha"], facts.Preferences.Only!);
        Assert.Equal(RequestParameters.MaxTokens | RequestParameters.TopK | RequestParameters.ChoiceCount | RequestParameters.Stop | RequestParameters.Logprobs
            | RequestParameters.TopLogprobs | RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs | RequestParameters.Reasoning
            | RequestParameters.Modalities | RequestParameters.User | RequestParameters.ServiceTier | RequestParameters.Tools | RequestParameters.ToolChoice,
            facts.Parameters);
        Assert.True(facts.OffersTool("f"));
        Assert.False(facts.OffersTool("g"));
        Assert.True(facts.TextBytes >= "Lookf{\"type\":\"OBJECT\"}{\"type\":\"OBJECT\"}".Length);
    }

    [Theory]
    [InlineData("\"generationConfig\":{\"candidateCount\":1,\"responseModalities\":[\"TEXT\"],\"logprobs\":0,\"responseLogprobs\":false,\"stopSequences\":[],"
        + "\"responseMimeType\":\"text/plain\",\"thinkingConfig\":{}},\"tools\":[],\"safetySettings\":[],\"serviceTier\":\"unspecified\"")]
    [InlineData("\"generationConfig\":null,\"tools\":null,\"toolConfig\":null,\"systemInstruction\":null,\"safetySettings\":null,\"labels\":null")]
    public void What_asks_for_nothing_uses_no_parameter(string members) => Assert.Equal(RequestParameters.None, With(members).Facts.Parameters);

    [Theory]
    [InlineData("\"tools\":[{\"googleSearch\":{}}]", "the tool googleSearch", true)]
    [InlineData("\"tools\":[{\"google_search\":{}}]", "the tool googleSearch", true)]
    [InlineData("\"tools\":{\"codeExecution\":{}}", "the tool codeExecution")]
    [InlineData("\"tools\":[{\"urlContext\":{}}]", "the tool urlContext")]
    [InlineData("\"tools\":[{\"somethingNew\":{}}]", "a tool that the router does not know")]
    [InlineData("\"cachedContent\":\"cachedContents/x\"", "cachedContent")]
    [InlineData("\"generationConfig\":{\"responseMimeType\":\"text/x.enum\"}", "the answer's type text/x.enum")]
    [InlineData("\"generationConfig\":{\"speechConfig\":{\"multiSpeakerVoiceConfig\":{}}}", "speechConfig.multiSpeakerVoiceConfig")]
    public void What_only_one_api_has_makes_other_wires_ineligible(string members, string what, bool searches = false)
    {
        var facts = With(members).Facts;

        Assert.Equal((WireNames.Gemini, what, searches), (facts.RequiredWire, facts.RequiredFor, facts.AsksForSearch));
    }

    [Theory]
    [InlineData("{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"}}", "a part with executableCode")]
    [InlineData("{\"code_execution_result\":{\"outcome\":\"OUTCOME_OK\"}}", "a part with codeExecutionResult")]
    [InlineData("{\"toolCall\":{}}", "a part with toolCall")]
    [InlineData("{\"somethingNew\":{}}", "a part of a kind that the router does not know")]
    [InlineData("{\"fileData\":{\"fileUri\":\"gs://b/a.png\",\"mimeType\":\"image/png\"}}", "a fileUri of Google's storage")]
    [InlineData("{\"fileData\":{\"fileUri\":\"https://generativelanguage.googleapis.com/v1beta/files/abc\"}}", "a fileUri of Google's storage")]
    public void Part_that_only_one_api_has_makes_other_wires_ineligible(string part, string what)
    {
        var facts = Saying("model", part).Facts;

        Assert.Equal((WireNames.Gemini, what), (facts.RequiredWire, facts.RequiredFor));
    }

    [Theory]
    [InlineData("{\"text\":\"x\",\"videoMetadata\":{\"fps\":1},\"thoughtSignature\":\"skip_thought_signature_validator\"}")]
    [InlineData("{\"thoughtSignature\":\"c2ln\"}")]
    [InlineData("{\"functionCall\":{\"name\":\"f\"}}")]
    public void What_every_wire_carries_or_may_miss_leaves_them_eligible(string part) => Assert.Null(Saying("model", part).Facts.RequiredWire);

    [Theory]
    [InlineData("{\"text\":\"x\",\"thoughtSignature\":\"c2ln\"}", true)]
    [InlineData("{\"text\":\"x\",\"thoughtSignature\":\"skip_thought_signature_validator\"}", false)]
    [InlineData("{\"text\":\"x\",\"thoughtSignature\":\"\"}", false)]
    public void Real_signature_keeps_the_conversation_where_it_is(string part, bool isSigned) =>
        Assert.Equal(isSigned, Saying("model", part).Facts.HasSignedReasoning);

    [Fact]
    public void Results_keep_the_request_in_its_loop_until_the_user_says_more()
    {
        const string Call = "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}";
        const string More = "{\"role\":\"model\",\"parts\":[{\"text\":\"\"}]}";
        const string Result = "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}";
        const string Old = "{\"role\":\"function\",\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}";
        Assert.True(LoopOf(Call, Result));
        Assert.True(LoopOf(Call, More, Result));
        Assert.True(LoopOf(Call, Old));
        Assert.False(LoopOf(Call, "{\"role\":\"user\",\"parts\":[{\"text\":\"Never mind.\"}]}"));
        Assert.False(LoopOf(Result));

        static bool LoopOf(params string[] contents) =>
            With($"\"contents\":[{{\"role\":\"user\",\"parts\":[{{\"text\":\"x\"}}]}},{string.Join(',', contents)}]").Facts.InToolLoop;
    }

    [Fact]
    public void Calls_are_bounded_over_all_contents_of_a_turn()
    {
        const string User = "{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}";
        const string Call = "{\"functionCall\":{\"name\":\"f\"}}";

        With($"\"contents\":[{Calls(1_000)},{Calls(24)},{User},{Calls(1_000)},{Calls(24)}]");
        var error = Assert.Throws<RouterException>(() => With($"\"contents\":[{User},{Calls(1_000)},{Calls(25)}]")).Error;

        Assert.Equal((400, "contents[2].parts[24]"), (error.Status, error.Field));

        static string Calls(int count) => $"{{\"role\":\"model\",\"parts\":[{string.Join(',', Enumerable.Repeat(Call, count))}]}}";
    }

    [Theory]
    [InlineData("[{\"name\":\"g\"}]")]
    [InlineData("{\"name\":\"g\"}")]
    public void Functions_are_bounded_over_all_tools(string last)
    {
        const string First = "{\"name\":\"f\"}";

        Read(Declaring(1_023));
        var error = Assert.Throws<RouterException>(() => Read(Declaring(1_024))).Error;

        Assert.Equal((400, "tools[2].function_declarations"), (error.Status, error.Field));

        string Declaring(int count) =>
            $"{{{Hello},\"tools\":[{{\"functionDeclarations\":[{string.Join(',', Enumerable.Repeat(First, count))}]}},"
            + $"{{\"googleSearch\":{{}}}},{{\"function_declarations\":{last}}}]}}";
    }

    [Fact]
    public void Lists_longer_than_their_bounds_are_refused()
    {
        foreach (var (field, before, item, after, most) in Lists())
        {
            Read(Body(before, item, after, most));
            var error = Assert.Throws<RouterException>(() => Read(Body(before, item, after, most + 1))).Error;
            Assert.Equal((400, field), (error.Status, error.Field));
        }

        static string Body(string before, string item, string after, int count) => new StringBuilder("{")
            .Append(before).AppendJoin(',', Enumerable.Repeat(item, count)).Append(after).Append('}').ToString();

        static IEnumerable<(string Field, string Before, string Item, string After, int Most)> Lists() =>
        [
            ("contents", "\"contents\":[", "{\"parts\":{\"text\":\"\"}}", "]", 10_000),
            ("contents[0].parts", "\"contents\":[{\"parts\":[", "{\"text\":\"\"}", "]}]", 1_000),
            ("systemInstruction.parts", Hello + ",\"systemInstruction\":{\"parts\":[", "{\"text\":\"\"}", "]}", 1_000),
            ("tools", Hello + ",\"tools\":[", "{}", "]", 1_024),
            ("tools[0].functionDeclarations", Hello + ",\"tools\":[{\"functionDeclarations\":[", "{\"name\":\"f\"}", "]}]", 1_024),
            ("generationConfig.stopSequences", Hello + ",\"generationConfig\":{\"stopSequences\":[", "\"\"", "]}", 64),
            ("safetySettings", Hello + ",\"safetySettings\":[", "{}", "]", 64),
        ];
    }
}
