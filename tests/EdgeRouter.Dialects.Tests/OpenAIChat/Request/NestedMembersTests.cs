using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using Xunit;
using Messages = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestMessageSchema;
using Parts = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestPartSchema;
using Tools = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestToolSchema;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

/// <summary>Members of messages, parts, tools and formats: what the check declares, the reader reads and the writer writes.</summary>
public sealed class NestedMembersTests
{
    /// <summary>A request in which every object of <see cref="Objects"/> has all its members.</summary>
    private const string Request = """
        {"model":"a/m","messages":[
          {"role":"system","content":"Be kind.","name":"s","configuration_update":{"reasoning":{"effort":"low"}}},
          {"role":"user","name":"u","content":[
            {"type":"text","text":"Look","cache_control":{"type":"ephemeral","ttl":"1h"},"prompt_cache_breakpoint":{"mode":"explicit"}},
            {"type":"image_url","image_url":{"url":"https://a.example/i.png","detail":"high"},
              "cache_control":{"type":"ephemeral"},"prompt_cache_breakpoint":{"mode":"explicit"}},
            {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"},
              "cache_control":{"type":"ephemeral"},"prompt_cache_breakpoint":{"mode":"explicit"}},
            {"type":"video_url","video_url":{"url":"https://a.example/v.mp4","processing":"static"},
              "cache_control":{"type":"ephemeral"},"prompt_cache_breakpoint":{"mode":"explicit"}},
            {"type":"file","file":{"file_data":"data:text/plain;base64,QQ==","file_id":"f1","filename":"a.txt"},
              "cache_control":{"type":"ephemeral"},"prompt_cache_breakpoint":{"mode":"explicit"}},
            {"type":"refusal","refusal":"No","cache_control":{"type":"ephemeral"},"prompt_cache_breakpoint":{"mode":"explicit"}}]},
          {"role":"assistant","content":"Yes","name":"a","refusal":"Not that","reasoning":"Hm","reasoning_content":"Hm",
            "reasoning_details":[{"type":"reasoning.text","text":"Hm","signature":"s","id":"r1","format":"unknown","index":0}],
            "tool_calls":[{"type":"function","id":"c1","function":{"name":"f","arguments":"{}"}}],
            "images":[{"type":"image_url","image_url":{"url":"https://a.example/o.png"}}],
            "audio":{"id":"s1"},
            "annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A","start_index":0,"end_index":1}}],
            "model":"a/m"},
          {"role":"tool","content":"Done","name":"t","tool_call_id":"c1"}],
         "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true},
           "cache_control":{"type":"ephemeral"}}],
         "response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object"},"strict":false}}}
        """;

    /// <summary>
    /// Members that no provider gets from the content model under their own name: another spelling of one that it gets, or only of use to the router.
    /// </summary>
    private static readonly string[] NotWritten = [Parts.CacheBreakpoint.Name, Messages.ReasoningContent.Name, Messages.Model.Name];

    private static readonly Dictionary<string, OpenAIChatObject> Declared = new()
    {
        ["messages.0"] = Messages.Instructions,
        ["messages.1"] = Messages.User,
        ["messages.1.content.0"] = Parts.TextPart,
        ["messages.1.content.1"] = Parts.ImagePart,
        ["messages.1.content.1.image_url"] = Parts.Image,
        ["messages.1.content.2"] = Parts.AudioPart,
        ["messages.1.content.2.input_audio"] = Parts.Audio,
        ["messages.1.content.3"] = Parts.VideoPart,
        ["messages.1.content.3.video_url"] = Parts.Video,
        ["messages.1.content.4"] = Parts.FilePart,
        ["messages.1.content.4.file"] = Parts.File,
        ["messages.1.content.5"] = Parts.RefusalPart,
        ["messages.2"] = Messages.Assistant,
        ["messages.2.tool_calls.0"] = Messages.ToolCall,
        ["messages.2.tool_calls.0.function"] = Messages.CalledFunction,
        ["messages.3"] = Messages.Tool,
        ["tools.0"] = Tools.Tool,
        ["tools.0.function"] = Tools.Declaration,
        ["response_format"] = Tools.SchemaFormat,
        ["response_format.json_schema"] = Tools.JsonFormat,
    };

    public static TheoryData<string> Objects => [.. Declared.Keys];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_declared_member_is_read_and_written(string path)
    {
        var given = At(JsonNode.Parse(Request)!, path);
        // A member that is declared later must be given here too.
        Assert.Equal(Declared[path].Members.Select(member => member.Name).Order(StringComparer.Ordinal),
            given.Select(member => member.Key).Order(StringComparer.Ordinal));

        var written = At(Write(Read(Request)), path);
        Assert.All(given.Where(member => !NotWritten.Contains(member.Key)), member =>
            Assert.True(JsonNode.DeepEquals(Plain(member.Value), Plain(written[member.Key])), $"{member.Key}: {written.ToJsonString()}"));
    }

    [Fact]
    public void Only_members_without_a_property_travel_as_extensions()
    {
        var request = Read(Request);

        var kept = request.Messages.SelectMany(message => message.Extensions.Keys.Concat(message.Content.SelectMany(part => part.Extensions.Keys)))
            .Concat(request.Tools.SelectMany(tool => tool.Extensions.Keys)).Concat(request.ResponseFormat!.Extensions.Keys);

        // Images and annotations become parts.
        Assert.Equal([Messages.ConfigurationUpdate.Name, "video_url.processing", Messages.Audio.Name, Messages.Model.Name], kept);
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Member_that_no_declaration_names_reaches_the_provider_as_it_is(string path)
    {
        var request = JsonNode.Parse(Request)!;
        At(request, path)["unheard_of"] = 7;

        Assert.Equal(7, (int)At(Write(Read(request.ToJsonString())), path)["unheard_of"]!);
    }

    private static ChatRequest Read(string request)
    {
        var body = Encoding.UTF8.GetBytes(request);
        OpenAIChatRequestScanner.Scan(body);
        return OpenAIChatRequestReader.Read(body);
    }

    private static JsonObject Write(ChatRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        OpenAIChatRequestWriter.Write(request, RequestTargets.All["OpenRouter itself"], output, []);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    private static JsonObject At(JsonNode root, string path) =>
        path.Split('.').Aggregate(root, (node, step) => int.TryParse(step, out var index) ? node[index]! : node[step]!).AsObject();

    /// <summary>Objects and lists without what is in them: their objects are rows of their own.</summary>
    private static JsonNode? Plain(JsonNode? value) => value is JsonObject or JsonArray ? JsonValue.Create(value.GetValueKind().ToString()) : value;
}
