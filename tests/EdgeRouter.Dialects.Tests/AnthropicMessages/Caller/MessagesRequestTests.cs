using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.Caller.MessagesSamples;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;

/// <summary>What a body means, and which bodies are refused.</summary>
public sealed class MessagesRequestTests
{
    private const string Turn = "\"messages\":[{\"role\":\"user\",\"content\":[#]}]";
    private const string Said = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":[#]}]";

    [Theory]
    [InlineData("{\"model\":\"acme/one\"}", "messages")]
    [InlineData("{\"messages\":[]}", "messages")]
    [InlineData("{\"messages\":null}", "messages")]
    [InlineData("{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "messages[0].role")]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}", "messages[0].content")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"sound\"}]}]}", "messages[0].content[0].type")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":1}]}]}", "messages[0].content[0].text")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"x\"}]}]}", "messages[0].content[0].type")]
    [InlineData("{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"x\"}]}]}", "messages[0].content[0].type")]
    [InlineData("{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"x\",\"name\":\"f\",\"input\":\"{}\"}]}]}",
        "messages[0].content[0].input")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\","
        + "\"media_type\":\"image/tiff\",\"data\":\"AA==\"}}]}]}",
        "messages[0].content[0].source.media_type")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"role\":\"user\",\"content\":\"x\"}]}", "messages[0].role")]
    [InlineData("{#,\"system\":[{\"type\":\"image\"}]}", "system[0].type")]
    [InlineData("{#,\"max_tokens\":0}", "max_tokens")]
    [InlineData("{#,\"max_tokens\":1,\"max_tokens\":2}", "max_tokens")]
    [InlineData("{#,\"MAX_TOKENS\":1}", "MAX_TOKENS")]
    [InlineData("{#,\"temperature\":1.5}", "temperature")]
    [InlineData("{#,\"stop_sequences\":\"x\"}", "stop_sequences")]
    [InlineData("{#,\"tools\":[{\"name\":\"f\"}]}", "tools[0].input_schema")]
    [InlineData("{#,\"tools\":[{\"type\":\"openrouter:web_search\"}]}", "tools[0].type")]
    [InlineData("{#,\"tools\":[{\"type\":1}]}", "tools[0].type")]
    [InlineData("{#,\"tool_choice\":{\"type\":\"tool\"}}", "tool_choice.name")]
    [InlineData("{#,\"tool_choice\":\"auto\"}", "tool_choice")]
    [InlineData("{#,\"thinking\":{\"type\":\"enabled\"}}", "thinking.budget_tokens")]
    [InlineData("{#,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1000}}", "thinking.budget_tokens")]
    [InlineData("{#,\"output_config\":{\"effort\":\"extreme\"}}", "output_config.effort")]
    [InlineData("{#,\"metadata\":{\"user_id\":7}}", "metadata.user_id")]
    [InlineData("{#,\"service_tier\":\"gold\"}", "service_tier")]
    [InlineData("{#,\"fallbacks\":[{\"model\":\"a\"},{\"model\":\"b\"},{\"model\":\"c\"},{\"model\":\"d\"}]}", "fallbacks")]
    [InlineData("{#,\"thread\":{\"id\":\"t\"}}", "thread")]
    [InlineData("{#,\"provider\":{\"ordre\":[]}}", "provider.ordre")]
    [InlineData("{#,\"plugins\":[{\"id\":\"web\"}]}", "plugins[0].enabled")]
    public void Invalid_body_is_refused_by_the_name_of_its_member(string body, string field)
    {
        var error = Assert.Throws<RouterException>(() => Read(body.Replace("#", Hello, StringComparison.Ordinal))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }

    [Fact]
    public void Routing_facts_are_found()
    {
        var facts = With("""
            "models":["acme/two"],"session_id":"s","stream":true,"max_tokens":500,"provider":{"only":["alpha"]},"top_k":5,"stop_sequences":["x"],
            "thinking":{"type":"enabled","budget_tokens":2000},"metadata":{"user_id":"u"},"service_tier":"standard_only",
            "tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],
            "tool_choice":{"type":"any","disable_parallel_tool_use":true},
            "messages":[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image","source":{"type":"url","url":"https://x/a.png"}}]}]
            """).Facts;

        Assert.Equal(("acme/one", "acme/two", "s", true, 500, 2000), (facts.Model, facts.FallbackModels.Single(), facts.SessionId, facts.Stream,
            facts.MaxOutputTokens, facts.ReasoningTokens));
        Assert.Equal(("u", "default", 1, InputModalities.Image), (facts.User, facts.ServiceTier, facts.ImageCount, facts.Modalities));
        Assert.Equal(["alpha"], facts.Preferences.Only!);
        Assert.Equal(RequestParameters.MaxTokens | RequestParameters.TopK | RequestParameters.Stop | RequestParameters.Reasoning | RequestParameters.User
            | RequestParameters.ServiceTier | RequestParameters.Tools | RequestParameters.ToolChoice | RequestParameters.ParallelToolCalls
            | RequestParameters.CacheControl, facts.Parameters);
        Assert.True(facts.OffersTool("f"));
        Assert.False(facts.OffersTool("g"));
        Assert.True(facts.TextBytes >= "Lookf{\"type\":\"object\"}".Length);
    }

    [Theory]
    [InlineData("\"fallbacks\":[{\"model\":\"a\"},{\"model\":\"b\"}]", "a b")]
    [InlineData("\"fallbacks\":[{\"model\":\"a\"}],\"models\":[\"c\"]", "c")]
    public void Fallbacks_are_the_models_to_try_after_it(string members, string models) =>
        Assert.Equal(models, string.Join(' ', With(members).Facts.FallbackModels));

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]", "a tool of type 'web_search_20250305'")]
    [InlineData("\"tools\":[{\"name\":\"computer\",\"type\":\"computer_20250124\",\"display_width_px\":10}]", "a tool of type 'computer_20250124'")]
    [InlineData("\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://x\",\"name\":\"x\"}]", "mcp_servers")]
    [InlineData(Said, "a block of type 'server_tool_use'", "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}")]
    [InlineData(Turn, "a block of type 'search_result'", "{\"type\":\"search_result\",\"source\":\"x\",\"title\":\"t\",\"content\":[]}")]
    [InlineData(Turn, "a document of type 'content'", "{\"type\":\"document\",\"source\":{\"type\":\"content\",\"content\":\"x\"}}")]
    [InlineData(Turn, "an image of type 'file'", "{\"type\":\"image\",\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}")]
    public void What_only_one_api_has_makes_other_wires_ineligible(string members, string what, string block = "")
    {
        var facts = With(members.Replace("#", block, StringComparison.Ordinal)).Facts;

        Assert.Equal((WireNames.AnthropicMessages, what), (facts.RequiredWire, facts.RequiredFor));
    }

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"name\":\"f\",\"input_schema\":{}}]")]
    [InlineData("\"tools\":[{\"type\":null,\"name\":\"f\",\"input_schema\":{},\"eager_input_streaming\":true}]")]
    [InlineData("\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"},\"context_management\":{\"edits\":[]},\"x_own\":1")]
    public void What_every_wire_carries_or_may_miss_leaves_them_eligible(string members) => Assert.Null(With(members).Facts.RequiredWire);

    [Fact]
    public void Instructions_and_turns_become_turns_in_the_order_of_their_blocks()
    {
        var request = With("""
            "system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
            "messages":[
              {"role":"user","content":"Weather?"},
              {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"sig"},{"type":"redacted_thinking","data":"d"},
                {"type":"text","text":"Let me see."},{"type":"tool_use","id":"c1","name":"f","input":{"a": 1}},
                {"type":"tool_use","id":"c2","name":"g","input":{}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"c1","content":"sunny"},
                {"type":"tool_result","tool_use_id":"c2","is_error":true,"content":[{"type":"text","text":"broken"},
                  {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]},
                {"type":"text","text":"Go on."}]}]
            """).GetConversation();

        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User], request.Messages.Select(turn => turn.Role));
        Assert.Equal(new CacheControl("1h"), request.Messages[0].Content[0].CacheControl);
        Assert.Equal(
        [
            new ReasoningPart(ReasoningKind.Text) { Text = "Hm", Signature = "sig", Format = ReasoningFormats.Anthropic, Index = 0 },
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "d", Format = ReasoningFormats.Anthropic, Index = 1 },
            new TextPart("Let me see."), new ToolCallPart("c1", "f", "{\"a\": 1}"), new ToolCallPart("c2", "g", "{}"),
        ], request.Messages[2].Content);
        var broken = Assert.IsType<ToolResultPart>(request.Messages[3].Content[1]);
        Assert.True(broken.IsError);
        Assert.Equal([new TextPart("broken"), new ImagePart("data:image/png;base64,AA==")], broken.Content);
        Assert.Equal([new TextPart("Go on.")], request.Messages[4].Content);
    }

    [Theory]
    [InlineData("{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"AA==\"}", "data:application/pdf;base64,AA==", null)]
    [InlineData("{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"é\"}", "data:text/plain;base64,w6k=", null)]
    [InlineData("{\"type\":\"url\",\"url\":\"https://x/a.pdf\"}", "https://x/a.pdf", null)]
    [InlineData("{\"type\":\"file\",\"file_id\":\"f1\"}", null, "f1")]
    public void Documents_are_files(string source, string? data, string? id)
    {
        var request = With(Turn.Replace("#", $"{{\"type\":\"document\",\"title\":\"T\",\"source\":{source}}}", StringComparison.Ordinal));

        Assert.Equal(new FilePart("T", data, id), request.GetConversation().Messages[0].Content.Single());
    }

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}", 2048, null, null)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}", null, true, "high")]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", null, true, null)]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", null, false, null)]
    public void Thinking_is_reasoning(string members, int? budget, bool? enabled, string? effort) =>
        Assert.Equal(new ReasoningOptions { MaxTokens = budget, Enabled = enabled, Effort = effort }, With(members).GetConversation().Reasoning);

    [Theory]
    [InlineData("{\"type\":\"auto\"}", ToolChoiceMode.Auto, null, null)]
    [InlineData("{\"type\":\"any\",\"disable_parallel_tool_use\":true}", ToolChoiceMode.Required, null, false)]
    [InlineData("{\"type\":\"tool\",\"name\":\"f\"}", ToolChoiceMode.Function, "f", null)]
    [InlineData("{\"type\":\"none\"}", ToolChoiceMode.None, null, null)]
    public void Choice_of_tools_is_read(string choice, ToolChoiceMode mode, string? name, bool? parallel)
    {
        var request = With($"\"tools\":[{{\"name\":\"f\",\"input_schema\":{{}}}}],\"tool_choice\":{choice}").GetConversation();

        Assert.Equal(new ToolChoice(mode, name), request.ToolChoice);
        Assert.Equal(parallel, request.ParallelToolCalls);
    }

    [Fact]
    public void Signature_of_another_provider_comes_back_with_its_origin()
    {
        var data = MessagesThought.Origin.Write(ReasoningFormats.Gemini, "call 1", "abc.def");
        var blocks = $"{{\"type\":\"redacted_thinking\",\"data\":\"{data}\"}},{{\"type\":\"thinking\",\"thinking\":\"T\",\"signature\":\"\"}}";
        var request = With(Said.Replace("#", blocks, StringComparison.Ordinal));

        Assert.Equal(
        [
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "abc.def", Id = "call 1", Format = ReasoningFormats.Gemini, Index = 0 },
            new ReasoningPart(ReasoningKind.Plain) { Text = "T" },
        ], request.GetConversation().Messages[1].Content);
    }

    [Theory]
    [InlineData("edgerouter.", "edgerouter.")]
    [InlineData("edgerouter.a.!!.x", "edgerouter.a.!!.x")]
    public void Damaged_origin_belongs_to_nobody(string signature, string kept) =>
        Assert.Equal((ReasoningFormats.Unknown, null, kept), MessagesThought.Origin.Read(signature));

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("files-api-2025-04-14", null)]
    [InlineData("effort-2025-11-24,unknown, interleaved-thinking-2025-05-14 ,effort-2025-11-24", "effort-2025-11-24,interleaved-thinking-2025-05-14")]
    public void Only_known_betas_reach_a_provider(string? asked, string? sent) =>
        Assert.Equal(sent, MessagesBetas.HeadersFor(asked).SingleOrDefault().Value);

    [Fact]
    public void Tool_results_keep_the_request_in_its_loop_until_the_user_says_more()
    {
        const string Call = "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"f\",\"input\":{}}]}";
        const string Result = "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c\"}]}";
        Assert.True(LoopOf(Call, Result));
        Assert.True(LoopOf(Call, Result, Result));
        Assert.False(LoopOf(Call, "{\"role\":\"user\",\"content\":\"Never mind.\"}"));
        Assert.False(LoopOf(Result));

        static bool LoopOf(params string[] turns) =>
            With($"\"messages\":[{{\"role\":\"user\",\"content\":\"x\"}},{string.Join(',', turns)}]").Facts.InToolLoop;
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
            ("messages", "\"messages\":[", "{\"role\":\"user\",\"content\":\"\"}", "]", 10_000),
            ("messages[0].content", "\"messages\":[{\"role\":\"user\",\"content\":[", "{\"type\":\"text\",\"text\":\"\"}", "]}]", 1_000),
            ("system", Hello + ",\"system\":[", "{\"type\":\"text\",\"text\":\"\"}", "]", 1_000),
            ("tools", Hello + ",\"tools\":[", "{\"name\":\"f\",\"input_schema\":{}}", "]", 1_024),
            ("stop_sequences", Hello + ",\"stop_sequences\":[", "\"\"", "]", 64),
            ("fallbacks", Hello + ",\"fallbacks\":[", "{\"model\":\"m\"}", "]", 3),
        ];
    }
}
