using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.OpenAIResponses.Caller;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.Validation;
using Xunit;
using static EdgeRouter.Dialects.Tests.OpenAIResponses.Caller.ResponsesSamples;

namespace EdgeRouter.Dialects.Tests.OpenAIResponses.Caller;

/// <summary>What a body means, and which bodies are refused.</summary>
public sealed class ResponsesRequestTests
{
    private const string Said = "\"input\":[{\"role\":\"user\",\"content\":[#]}]";
    private const string Items = "\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},#]";

    [Theory]
    [InlineData("{\"model\":\"acme/one\"}", "input")]
    [InlineData("{\"input\":[]}", "input")]
    [InlineData("{\"input\":null}", "input")]
    [InlineData("{\"input\":{}}", "input")]
    [InlineData("{\"input\":[\"Hi\"]}", "input[0]")]
    [InlineData("{\"input\":[{\"content\":\"x\"}]}", "input[0].role")]
    [InlineData("{\"input\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "input[0].role")]
    [InlineData("{\"input\":[{\"type\":\"message\",\"content\":\"x\"}]}", "input[0].role")]
    [InlineData("{\"input\":[{\"type\":\"sound\"}]}", "input[0].type")]
    [InlineData("{\"input\":[{\"type\":7}]}", "input[0].type")]
    [InlineData("{\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]}", "input[0]")]
    [InlineData("{\"input\":[{\"id\":\"msg_1\"}]}", "input[0].role")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":7}]}", "input[0].content")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"role\":\"user\",\"content\":\"x\"}]}", "input[0].role")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"sound\"}]}]}", "input[0].content[0].type")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}", "input[0].content[0].type")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\"}]}]}", "input[0].content[0].type")]
    [InlineData("{\"input\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"x\"}]}]}", "input[0].content[0].type")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}]}", "input[0].content[0].text")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]}", "input[0].content[0].image_url")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":{\"url\":\"x\"}}]}]}", "input[0].content[0].image_url")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"x\",\"detail\":\"huge\"}]}]}",
        "input[0].content[0].detail")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"filename\":\"x\"}]}]}", "input[0].content[0].file_data")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA==\"}}]}]}",
        "input[0].content[0].input_audio.format")]
    [InlineData("{\"input\":[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{}\"}]}", "input[0].call_id")]
    [InlineData("{\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"arguments\":\"{}\"}]}", "input[0].name")]
    [InlineData("{\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":{}}]}", "input[0].arguments")]
    [InlineData("{\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\"}]}", "input[0].output")]
    [InlineData("{\"input\":[{\"type\":\"function_call_output\",\"output\":\"x\"}]}", "input[0].call_id")]
    [InlineData("{\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":[{\"type\":\"output_text\",\"text\":\"x\"}]}]}",
        "input[0].output[0].type")]
    [InlineData("{\"input\":[{\"type\":\"custom_tool_call\",\"call_id\":\"c\",\"name\":\"f\"}]}", "input[0].input")]
    [InlineData("{\"input\":[{\"type\":\"reasoning\",\"summary\":\"x\"}]}", "input[0].summary")]
    [InlineData("{\"input\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"reasoning_text\",\"text\":\"x\"}]}]}", "input[0].summary[0].type")]
    [InlineData("{\"input\":[{\"type\":\"reasoning\",\"encrypted_content\":1}]}", "input[0].encrypted_content")]
    [InlineData("{\"input\":[{\"type\":\"additional_tools\",\"role\":\"developer\"}]}", "input[0].tools")]
    [InlineData("{\"input\":[{\"type\":\"additional_tools\",\"tools\":[{\"type\":\"openrouter:web_search\"}]}]}", "input[0].tools[0].type")]
    [InlineData("{\"input\":[{\"type\":\"additional_tools\",\"tools\":[{\"type\":\"function\"}]}]}", "input[0].tools[0].name")]
    [InlineData("{#,\"instructions\":[]}", "instructions")]
    [InlineData("{#,\"previous_response_id\":\"resp_1\"}", "previous_response_id")]
    [InlineData("{#,\"conversation\":\"conv_1\"}", "conversation")]
    [InlineData("{#,\"prompt\":{\"id\":\"pmpt_1\"}}", "prompt")]
    [InlineData("{#,\"store\":true}", "store")]
    [InlineData("{#,\"background\":true}", "background")]
    [InlineData("{#,\"max_output_tokens\":0}", "max_output_tokens")]
    [InlineData("{#,\"max_output_tokens\":1,\"max_output_tokens\":2}", "max_output_tokens")]
    [InlineData("{#,\"MAX_OUTPUT_TOKENS\":1}", "MAX_OUTPUT_TOKENS")]
    [InlineData("{#,\"max_tool_calls\":0}", "max_tool_calls")]
    [InlineData("{#,\"temperature\":2.5}", "temperature")]
    [InlineData("{#,\"top_p\":\"1\"}", "top_p")]
    [InlineData("{#,\"top_logprobs\":21}", "top_logprobs")]
    [InlineData("{#,\"tools\":{}}", "tools")]
    [InlineData("{#,\"tools\":[{\"name\":\"f\"}]}", "tools[0].type")]
    [InlineData("{#,\"tools\":[{\"type\":\"function\"}]}", "tools[0].name")]
    [InlineData("{#,\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":[]}]}", "tools[0].parameters")]
    [InlineData("{#,\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"strict\":1}]}", "tools[0].strict")]
    [InlineData("{#,\"tools\":[{\"type\":\"openrouter:web_search\"}]}", "tools[0].type")]
    [InlineData("{#,\"tools\":[{\"type\":\"\"}]}", "tools[0].type")]
    [InlineData("{#,\"tools\":[{\"type\":\"custom\",\"name\":\"f\",\"format\":{\"type\":\"grammar\",\"syntax\":\"bnf\",\"definition\":\"x\"}}]}",
        "tools[0].format.syntax")]
    [InlineData("{#,\"tools\":[{\"type\":\"namespace\",\"name\":\"n\"}]}", "tools[0].tools")]
    [InlineData("{#,\"tools\":[{\"type\":\"namespace\",\"name\":\"n\",\"tools\":[{\"type\":\"web_search\"}]}]}", "tools[0].tools[0].type")]
    [InlineData("{#,\"tool_choice\":\"any\"}", "tool_choice")]
    [InlineData("{#,\"tool_choice\":{\"type\":\"function\"}}", "tool_choice.name")]
    [InlineData("{#,\"tool_choice\":{\"type\":\"allowed_tools\",\"tools\":[]}}", "tool_choice.mode")]
    [InlineData("{#,\"parallel_tool_calls\":1}", "parallel_tool_calls")]
    [InlineData("{#,\"reasoning\":{\"effort\":\"extreme\"}}", "reasoning.effort")]
    [InlineData("{#,\"reasoning\":{\"summary\":\"long\"}}", "reasoning.summary")]
    [InlineData("{#,\"reasoning\":{\"effort\":\"low\",\"max_tokens\":100}}", "reasoning.max_tokens")]
    [InlineData("{#,\"text\":{\"format\":{\"type\":\"xml\"}}}", "text.format.type")]
    [InlineData("{#,\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\"}}}", "text.format.schema")]
    [InlineData("{#,\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a b\",\"schema\":{}}}}", "text.format.name")]
    [InlineData("{#,\"text\":{\"verbosity\":\"none\"}}", "text.verbosity")]
    [InlineData("{#,\"include\":\"reasoning.encrypted_content\"}", "include")]
    [InlineData("{#,\"truncation\":\"middle\"}", "truncation")]
    [InlineData("{#,\"metadata\":{\"a\":1}}", "metadata.a")]
    [InlineData("{#,\"service_tier\":\"gold\"}", "service_tier")]
    [InlineData("{#,\"stream\":\"yes\"}", "stream")]
    [InlineData("{#,\"provider\":{\"ordre\":[]}}", "provider.ordre")]
    [InlineData("{#,\"plugins\":[{\"id\":\"web\"}]}", "plugins[0].enabled")]
    public void Invalid_body_is_refused_by_the_name_of_its_member(string body, string field)
    {
        var error = Assert.Throws<RouterException>(() => Read(body.Replace("#", Hello, StringComparison.Ordinal))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }

    [Theory]
    [InlineData("\"previous_response_id\":null,\"conversation\":null,\"prompt\":null,\"store\":false,\"background\":false")]
    [InlineData("\"store\":null,\"background\":null,\"instructions\":null,\"tools\":null,\"reasoning\":null,\"text\":null,\"metadata\":null,\"include\":null")]
    [InlineData("\"tool_choice\":\"auto\",\"parallel_tool_calls\":true,\"truncation\":\"disabled\",\"top_logprobs\":0,\"reasoning\":{},\"text\":{}")]
    public void What_asks_for_nothing_uses_no_parameter(string members)
    {
        var facts = With(members).Facts;

        Assert.Equal((RequestParameters.None, null), (facts.Parameters, facts.RequiredWire));
    }

    [Fact]
    public void Routing_facts_are_found()
    {
        var facts = With("""
            "models":["acme/two"],"session_id":"s","stream":true,"max_output_tokens":500,"provider":{"only":["alpha"]},"instructions":"Be brief.",
            "reasoning":{"max_tokens":2000,"summary":"auto"},"safety_identifier":"u","service_tier":"fast","prompt_cache_key":"k",
            "text":{"verbosity":"low","format":{"type":"json_schema","name":"a","schema":{"type":"object"}}},
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"custom","name":"g"},
              {"type":"namespace","name":"n","description":"d","tools":[{"type":"function","name":"h"}]}],
            "tool_choice":"required","parallel_tool_calls":false,"include":["message.output_text.logprobs"],
            "input":[{"role":"user","content":[{"type":"input_text","text":"Look"},{"type":"input_image","image_url":"https://x/a.png"}]}]
            """).Facts;

        Assert.Equal(("acme/one", "acme/two", "s", true, 500, 2000), (facts.Model, facts.FallbackModels.Single(), facts.SessionId, facts.Stream,
            facts.MaxOutputTokens, facts.ReasoningTokens));
        Assert.Equal(("u", "priority", "k", 1, InputModalities.Image),
            (facts.User, facts.ServiceTier, facts.PromptCacheKey, facts.ImageCount, facts.Modalities));
        Assert.Equal(["alpha"], facts.Preferences.Only!);
        Assert.Equal(RequestParameters.MaxTokens | RequestParameters.Reasoning | RequestParameters.User | RequestParameters.ServiceTier
            | RequestParameters.PromptCacheKey | RequestParameters.Verbosity | RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs
            | RequestParameters.Tools | RequestParameters.ToolChoice | RequestParameters.ParallelToolCalls | RequestParameters.Logprobs, facts.Parameters);
        Assert.True(facts.OffersTool("f") && facts.OffersTool("g") && facts.OffersTool("n__h") && facts.OffersTool("h"));
        Assert.False(facts.OffersTool("i"));
        Assert.True(facts.TextBytes >= "Be brief.Lookf{\"type\":\"object\"}".Length);
    }

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]", "a tool of type 'web_search'")]
    [InlineData("\"tools\":[{\"type\":\"computer_use_preview\",\"display_width\":1}]", "a tool of type 'computer_use_preview'")]
    [InlineData("\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]", "a tool of type 'code_interpreter'")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":{\"type\":\"file_search\"}", "a choice of type 'file_search'")]
    [InlineData(Items, "an item of type 'web_search_call'", "{\"type\":\"web_search_call\",\"id\":\"ws_1\",\"status\":\"completed\"}")]
    [InlineData(Items, "an item of type 'compaction'", "{\"type\":\"compaction\",\"encrypted_content\":\"x\"}")]
    [InlineData(Items, "an item of type 'additional_tools'", "{\"type\":\"additional_tools\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}")]
    [InlineData(Said, "an image by file id", "{\"type\":\"input_image\",\"file_id\":\"file_1\",\"detail\":\"auto\"}")]
    public void What_only_one_api_has_makes_other_wires_ineligible(string members, string what, string item = "")
    {
        var facts = With(members.Replace("#", item, StringComparison.Ordinal)).Facts;

        Assert.Equal((WireNames.OpenAIResponses, what), (facts.RequiredWire, facts.RequiredFor));
    }

    [Fact]
    public void Tools_of_an_item_are_offered_as_those_of_the_request_are()
    {
        var facts = With(Items.Replace("#", """
            {"type":"additional_tools","id":null,"role":"developer","tools":[{"type":"function","name":"f"},{"type":"web_search"},
              {"type":"namespace","name":"n","tools":[{"type":"function","name":"h"}]}]}
            """, StringComparison.Ordinal)).Facts;

        Assert.True(facts.AsksForSearch);
        Assert.True(facts.OffersTool("f") && facts.OffersTool("h"));
        Assert.False(facts.OffersTool("i"));
    }

    [Theory]
    [InlineData("\"tools\":[#]", "tools")]
    [InlineData(Items, "input[1].tools")]
    public void Tools_in_namespaces_share_the_bound_of_all_tools(string members, string field)
    {
        static string Space(int tools) => "{\"type\":\"namespace\",\"name\":\"n\",\"tools\":["
            + string.Join(',', Enumerable.Range(0, tools).Select(i => $"{{\"type\":\"function\",\"name\":\"f{i}\"}}")) + "]}";
        var isItem = members == Items;
        string Members(int tools)
        {
            var list = $"{Space(RequestBounds.Tools / 2)},{Space(tools)}";
            return members.Replace("#", isItem ? $"{{\"type\":\"additional_tools\",\"tools\":[{list}]}}" : list, StringComparison.Ordinal);
        }

        Assert.NotNull(With(Members(RequestBounds.Tools / 2)));
        var error = Assert.Throws<RouterException>(() => With(Members(RequestBounds.Tools / 2 + 1))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
        Assert.Contains($"at most {RequestBounds.Tools} tools", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Items_become_turns_in_their_order()
    {
        var request = With("""
            "instructions":"Be brief.",
            "input":[
              {"type":"message","role":"developer","content":[{"type":"input_text","text":"Use metric units."}]},
              {"role":"user","content":"Weather?"},
              {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm"}],"content":null,"encrypted_content":"opaque"},
              {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Let me see.","annotations":[]}]},
              {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{\"a\": 1}","status":"completed"},
              {"type":"function_call","call_id":"c2","name":"h","namespace":"n","arguments":"{}"},
              {"type":"function_call_output","call_id":"c1","output":"sunny"},
              {"type":"function_call_output","id":"fco_1","call_id":"c2","output":[{"type":"input_text","text":"broken"},
                {"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"}]},
              {"role":"user","content":[{"type":"input_text","text":"Go on."}]}]
            """).GetConversation();

        Assert.Equal([ChatRole.System, ChatRole.Developer, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User],
            request.Messages.Select(turn => turn.Role));
        Assert.Equal(
        [
            new ReasoningPart(ReasoningKind.Summary) { Text = "Hm", Format = ReasoningFormats.OpenAIResponses, Id = "rs_1", Index = 0 },
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "opaque", Format = ReasoningFormats.OpenAIResponses, Id = "rs_1", Index = 1 },
            new TextPart("Let me see."), new ToolCallPart("c1", "f", "{\"a\": 1}"), new ToolCallPart("c2", "n__h", "{}"),
        ], request.Messages[3].Content);
        var broken = Assert.IsType<ToolResultPart>(request.Messages[4].Content[1]);
        Assert.Equal([new TextPart("broken"), new ImagePart("data:image/png;base64,AA==", "low")], broken.Content);
        Assert.Equal([new TextPart("Go on.")], request.Messages[5].Content);
    }

    [Fact]
    public void Media_are_carried()
    {
        var request = With(Said.Replace("#", """
            {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="},{"type":"input_file","file_url":"https://x/a.pdf"},
            {"type":"input_file","file_id":"file_1"},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}},
            {"type":"input_video","video_url":"https://x/a.mp4"},{"type":"input_text","text":"x","prompt_cache_breakpoint":{"mode":"explicit"}}
            """, StringComparison.Ordinal));

        Assert.Equal(
        [
            new FilePart("a.pdf", "data:application/pdf;base64,AA==", null), new FilePart(null, "https://x/a.pdf", null), new FilePart(null, null, "file_1"),
            new AudioPart("AA==", "wav"), new VideoPart("https://x/a.mp4"), new TextPart("x") { CacheControl = new CacheControl() },
        ], request.GetConversation().Messages[0].Content);
        Assert.True((request.Facts.Parameters & RequestParameters.CacheControl) != 0);
    }

    [Fact]
    public void Image_of_an_earlier_turn_is_the_models_own()
    {
        var request = With(Items.Replace("#", "{\"type\":\"image_generation_call\",\"id\":\"ig_1\",\"status\":\"completed\",\"result\":\"AA==\"}",
            StringComparison.Ordinal)).GetConversation();

        Assert.Equal([new ImagePart("data:image/png;base64,AA==") { IsGenerated = true }], request.Messages[1].Content);
    }

    [Fact]
    public void Signatures_lead_back_to_their_origin_with_or_without_their_text()
    {
        var signed = ResponsesSignature.Write(new ReasoningPart(ReasoningKind.Text) { Format = ReasoningFormats.Anthropic }, "a.b", null)!;
        var redacted = ResponsesSignature.Write(new ReasoningPart(ReasoningKind.Encrypted) { Format = ReasoningFormats.Anthropic }, null, "d")!;
        var call = ResponsesSignature.OfCall("call 1", "sig");

        var parts = With(Items.Replace("#", $$"""
            {"type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"{{signed}}"},
            {"type":"reasoning","summary":[],"encrypted_content":"{{signed}}"},{"type":"reasoning","summary":[],"encrypted_content":"{{redacted}}"},
            {"type":"reasoning","summary":[],"encrypted_content":"{{call}}"},
            {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"plain"}]},
            {"type":"reasoning","summary":[],"encrypted_content":"edgerouter.x"},
            {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"A"}],"signature":"s","format":"anthropic-claude-v1"}
            """, StringComparison.Ordinal)).GetConversation().Messages[1].Content;

        Assert.Equal(
        [
            new ReasoningPart(ReasoningKind.Text) { Text = "Hm", Signature = "a.b", Format = ReasoningFormats.Anthropic, Index = 0 },
            new ReasoningPart(ReasoningKind.Text) { Text = "", Signature = "a.b", Format = ReasoningFormats.Anthropic, Index = 1 },
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "d", Format = ReasoningFormats.Anthropic, Index = 2 },
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "sig", Format = ReasoningFormats.Gemini, Id = "call 1", Index = 3 },
            new ReasoningPart(ReasoningKind.Plain) { Text = "plain" },
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "edgerouter.x", Format = ReasoningFormats.Unknown, Index = 4 },
            new ReasoningPart(ReasoningKind.Text) { Text = "A", Signature = "s", Format = ReasoningFormats.Anthropic, Index = 5 },
        ], parts);
    }

    [Fact]
    public void Custom_tools_and_namespaces_become_functions()
    {
        var request = With("""
            "tools":[{"type":"custom","name":"patch","description":"Applies a patch.","format":{"type":"grammar","syntax":"lark","definition":"start: X"}},
              {"type":"namespace","name":"files","description":"Files.","tools":[
                {"type":"function","name":"read","description":"Reads.","parameters":{},"strict":true}]}],
            "tool_choice":{"type":"function","name":"read"},
            "input":[{"role":"user","content":"Hi"},{"type":"custom_tool_call","call_id":"c","name":"patch","input":"a \"b\""},
              {"type":"custom_tool_call_output","call_id":"c","output":"done"}]
            """);
        var conversation = request.GetConversation();

        Assert.Equal(["patch", "files__read"], conversation.Tools.Select(tool => tool.Name));
        Assert.Equal("Applies a patch.\n\nThe input must match this lark grammar:\nstart: X", conversation.Tools[0].Description);
        Assert.Equal("Files.\n\nReads.", conversation.Tools[1].Description);
        Assert.Equal("string", conversation.Tools[0].Parameters!.Value.GetProperty("properties").GetProperty("input").GetProperty("type").GetString());
        Assert.Equal(new ToolChoice(ToolChoiceMode.Function, "files__read"), conversation.ToolChoice);
        Assert.Equal([new ToolCallPart("c", "patch", "{\"input\":\"a \\\"b\\\"\"}")], conversation.Messages[1].Content);
        Assert.Equal([new TextPart("done")], Assert.IsType<ToolResultPart>(conversation.Messages[2].Content[0]).Content);
        Assert.True(request.Facts.InToolLoop);
        Assert.Equal(["tools.format"], request.Uncarried);
    }

    [Theory]
    [InlineData("\"none\"", ToolChoiceMode.None, null, "f g")]
    [InlineData("\"required\"", ToolChoiceMode.Required, null, "f g")]
    [InlineData("{\"type\":\"function\",\"name\":\"g\"}", ToolChoiceMode.Function, "g", "f g")]
    [InlineData("{\"type\":\"custom\",\"name\":\"g\"}", ToolChoiceMode.Function, "g", "f g")]
    [InlineData("{\"type\":\"allowed_tools\",\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}", ToolChoiceMode.Required, null, "f")]
    public void Choice_among_tools_is_carried(string choice, ToolChoiceMode mode, string? name, string offered)
    {
        var request = With($"\"tools\":[{{\"type\":\"function\",\"name\":\"f\"}},{{\"type\":\"function\",\"name\":\"g\"}}],\"tool_choice\":{choice}")
            .GetConversation();

        Assert.Equal(new ToolChoice(mode, name), request.ToolChoice);
        Assert.Equal(offered, string.Join(' ', request.Tools.Select(tool => tool.Name)));
    }

    [Fact]
    public void Options_are_carried()
    {
        var request = With("""
            "temperature":0.5,"top_p":0.9,"top_k":5,"presence_penalty":1,"frequency_penalty":-1,"top_logprobs":3,"max_output_tokens":50,"user":"u",
            "reasoning":{"effort":"high","summary":"detailed"},"prompt_cache_key":"k","cache_control":{"type":"ephemeral","ttl":"1h"},
            "text":{"verbosity":"low","format":{"type":"json_schema","name":"a","description":"d","schema":{"type":"object"},"strict":true}},
            "modalities":["image","text"]
            """).GetConversation();

        Assert.Equal((0.5, 0.9, 5, 1.0, -1.0, true, 3), (request.Sampling.Temperature, request.Sampling.TopP, request.Sampling.TopK,
            request.Sampling.PresencePenalty, request.Sampling.FrequencyPenalty, request.Sampling.Logprobs, request.Sampling.TopLogprobs));
        Assert.Equal((50, "u", "low", new CacheControl("1h")), (request.MaxOutputTokens, request.User, request.Verbosity, request.CacheControl));
        Assert.Equal(new ReasoningOptions { Effort = "high", Summary = "detailed" }, request.Reasoning);
        Assert.Equal((ResponseFormatKind.JsonSchema, "a", "d", true), (request.ResponseFormat!.Kind, request.ResponseFormat.Name,
            request.ResponseFormat.Description, request.ResponseFormat.Strict));
        Assert.Equal("k", request.Extensions["prompt_cache_key"].GetString());
        Assert.Equal(["image", "text"], request.Modalities!);
    }

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"web_search\"},{\"type\":\"function\",\"name\":\"f\"}]", false)]
    [InlineData("\"tools\":[{\"type\":\"namespace\",\"name\":\"n\",\"tools\":[{\"type\":\"function\",\"name\":\"h\"}]},{\"type\":\"web_search\"}]", false)]
    [InlineData("\"tools\":[{\"type\":\"web_search\"},{\"type\":\"custom\",\"name\":\"f\"}],\"tool_choice\":{\"type\":\"web_search\"}", true)]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]", true)]
    public void Search_beside_own_tools_is_left_out_where_it_is_not_known(string members, bool required)
    {
        var request = With(members);

        Assert.Equal(required ? WireNames.OpenAIResponses : null, request.Facts.RequiredWire);
        if (!required) Assert.Equal(WireNames.OpenAIResponses, request.Facts.SearchWire);
        Assert.True(request.Facts.AsksForSearch);
        Assert.Contains("tools.web_search", request.Uncarried);
    }

    [Fact]
    public void What_no_other_api_has_is_named()
    {
        var request = With(Items.Replace("#", "{\"type\":\"openrouter:web_search\",\"id\":\"x\",\"status\":\"completed\"}", StringComparison.Ordinal)
            + ",\"truncation\":\"auto\",\"client_metadata\":{\"a\":1},\"moderation\":null");

        Assert.Equal(["input.type", "truncation", "client_metadata"], request.Uncarried);
        Assert.Single(request.GetConversation().Messages);
        Assert.Null(request.Facts.RequiredWire);
    }

    [Fact]
    public void Every_fact_of_a_request_has_a_name()
    {
        foreach (var fact in Enum.GetValues<RequestFact>().Except([RequestFact.OutputCount]))
            Assert.NotEmpty(new ResponsesCallerApi().FieldOf(new RequestFault(fact)));
    }
}
