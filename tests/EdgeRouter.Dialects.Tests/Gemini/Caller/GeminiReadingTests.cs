using System.Text.RegularExpressions;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Gemini.Caller;
using EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.Caller.GeminiSamples;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>What a body means.</summary>
public sealed class GeminiReadingTests
{
    private const string Whole = """
        {"contents":[
          {"role":"user","parts":[{"text":"Weather?"},{"inlineData":{"mimeType":"image/png","data":"AA=="}}]},
          {"role":"model","parts":[{"text":"Hm","thought":true},{"text":"m.","thought":true,"thoughtSignature":"c2ln"},{"text":"Let me "}]},
          {"role":"model","parts":[{"text":"see."},{"functionCall":{"id":"c1","name":"f","args":{"a": 1}},"thoughtSignature":"Y2FsbA=="},
            {"functionCall":{"name":"f"}},{"functionCall":{"name":"g","args":{}}}]},
          {"role":"user","parts":[
            {"functionResponse":{"id":"c1","name":"f","response":{"output":"sunny"}}},
            {"functionResponse":{"name":"g","response":{"error":"broken"},"parts":[{"inlineData":{"mimeType":"image/png","data":"AA=="}}]}},
            {"functionResponse":{"name":"f","response":{"error":1,"x":2}}},
            {"text":"Go on."}]}],
         "systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Be kind."}]},
         "tools":[{"functionDeclarations":[{"name":"f","description":"F","parametersJsonSchema":{"type":"object"}}]},
                  {"functionDeclarations":[{"name":"g"}]}],
         "toolConfig":{"functionCallingConfig":{"mode":"AUTO"}},
         "generationConfig":{"temperature":0.5,"topP":0.9,"topK":40,"maxOutputTokens":100,"candidateCount":2,"stopSequences":["x"],"presencePenalty":1,
           "frequencyPenalty":-1,"seed":7,"responseLogprobs":true,"logprobs":3,"responseMimeType":"application/json","responseJsonSchema":{"type":"object"},
           "thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true},"responseModalities":["TEXT","AUDIO"],
           "speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}},"imageConfig":{"aspectRatio":"1:1","imageSize":"2K"}}}
        """;

    [Fact]
    public void Contents_become_turns_in_the_order_of_their_parts()
    {
        var turns = Read(Whole).GetConversation().Messages;

        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User], turns.Select(turn => turn.Role));
        Assert.Equal([new TextPart("Be brief."), new TextPart("Be kind.")], turns[0].Content);
        Assert.Equal([new TextPart("Weather?"), new ImagePart("data:image/png;base64,AA==")], turns[1].Content);
        Assert.Equal(
        [
            new ReasoningPart(ReasoningKind.Text) { Text = "Hmm.", Signature = "c2ln", Format = ReasoningFormats.Gemini, Index = 0 },
            new TextPart("Let me see."), new ToolCallPart("c1", "f", "{\"a\": 1}") { Signature = "Y2FsbA==" },
            new ToolCallPart("edgerouter_call_1", "f", "{}"), new ToolCallPart("edgerouter_call_2", "g", "{}"),
        ], turns[2].Content);
        var results = turns[3].Content.Cast<ToolResultPart>().ToList();
        Assert.Equal(["c1", "edgerouter_call_2", "edgerouter_call_1"], results.Select(result => result.CallId));
        Assert.Equal([false, true, false], results.Select(result => result.IsError));
        Assert.Equal([new TextPart("sunny")], results[0].Content);
        Assert.Equal([new TextPart("broken"), new ImagePart("data:image/png;base64,AA==")], results[1].Content);
        Assert.Equal([new TextPart("{\"error\":1,\"x\":2}")], results[2].Content);
        Assert.Equal([new TextPart("Go on.")], turns[4].Content);
    }

    [Fact]
    public void Options_are_read()
    {
        var request = Read(Whole).GetConversation();

        Assert.Equal((100, 2), (request.MaxOutputTokens, request.ChoiceCount));
        Assert.Equal(request.Sampling with { Stop = null }, new SamplingParameters
        {
            Temperature = 0.5,
            TopP = 0.9,
            TopK = 40,
            PresencePenalty = 1,
            FrequencyPenalty = -1,
            Seed = 7,
            Logprobs = true,
            TopLogprobs = 3,
        });
        Assert.Equal(["x"], request.Sampling.Stop!);
        Assert.Equal(["f F {\"type\":\"object\"}", "g  "], request.Tools.Select(tool => $"{tool.Name} {tool.Description} {tool.Parameters?.GetRawText()}"));
        Assert.Equal(new ToolChoice(ToolChoiceMode.Auto), request.ToolChoice);
        Assert.Equal((ResponseFormatKind.JsonSchema, "{\"type\":\"object\"}"),
            (request.ResponseFormat!.Kind, request.ResponseFormat.Schema!.Value.GetRawText()));
        Assert.Equal(new ReasoningOptions { Enabled = true, Effort = "low" }, request.Reasoning);
        Assert.Equal(["text", "audio"], request.Modalities!);
        Assert.Equal("{\"voice\":\"Kore\",\"format\":\"pcm16\"}", request.Extensions["audio"].GetRawText());
        Assert.Equal("{\"aspect_ratio\":\"1:1\",\"image_size\":\"2K\"}", request.Extensions["image_config"].GetRawText());
    }

    [Fact]
    public void Snake_case_means_the_same()
    {
        var snake = Regex.Replace(Whole, "\"(?<name>[a-z]+([A-Z][a-z]+)+)\":", match => $"\"{ToSnake(match.Groups["name"].Value)}\":",
            RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

        Assert.Contains("function_declarations", snake, StringComparison.Ordinal);
        Assert.Equal(MessagesSamples.Describe(Read(Whole).GetConversation()), MessagesSamples.Describe(Read(snake).GetConversation()));
        Assert.Equal(Read(Whole).Facts.Parameters, Read(snake).Facts.Parameters);
    }

    [Fact]
    public void One_object_stands_for_a_list_of_one()
    {
        var request = With("""
            "contents":{"parts":{"text":"Hi"}},"systemInstruction":{"parts":{"text":"S"}},"tools":{"functionDeclarations":{"name":"f"}}
            """).GetConversation();

        Assert.Equal(["S", "Hi"], request.Messages.Select(turn => ((TextPart)turn.Content.Single()).Text));
        Assert.Equal("f", request.Tools.Single().Name);
    }

    [Fact]
    public void Instructions_may_be_a_string() =>
        Assert.Equal([new TextPart("S")], With("\"system_instruction\":\"S\"").GetConversation().Messages[0].Content);

    [Theory]
    [InlineData("{\"thinkingBudget\":2048}", 2048, null, null, true)]
    [InlineData("{\"thinkingBudget\":2048,\"includeThoughts\":true}", 2048, null, null, null)]
    [InlineData("{\"thinkingBudget\":-1}", null, true, null, true)]
    [InlineData("{\"thinkingBudget\":0}", null, false, null, null)]
    [InlineData("{\"thinkingLevel\":\"high\"}", null, true, "high", true)]
    [InlineData("{\"includeThoughts\":true}", null, true, null, null)]
    public void Thinking_is_reasoning(string config, int? budget, bool? enabled, string? effort, bool? excluded) =>
        Assert.Equal(new ReasoningOptions { MaxTokens = budget, Enabled = enabled, Effort = effort, Exclude = excluded },
            With($"\"generationConfig\":{{\"thinkingConfig\":{config}}}").GetConversation().Reasoning);

    [Theory]
    [InlineData("\"mode\":\"AUTO\"", ToolChoiceMode.Auto, null, "f g")]
    [InlineData("\"mode\":\"any\"", ToolChoiceMode.Required, null, "f g")]
    [InlineData("\"mode\":\"ANY\",\"allowedFunctionNames\":[\"g\"]", ToolChoiceMode.Function, "g", "g")]
    [InlineData("\"mode\":\"ANY\",\"allowedFunctionNames\":[\"g\",\"f\",\"h\"]", ToolChoiceMode.Required, null, "f g")]
    [InlineData("\"mode\":\"VALIDATED\",\"allowedFunctionNames\":[\"f\"]", ToolChoiceMode.Auto, null, "f")]
    [InlineData("\"mode\":\"NONE\"", ToolChoiceMode.None, null, "f g")]
    public void Choice_of_functions_is_read(string config, ToolChoiceMode mode, string? name, string offered)
    {
        var request = With("\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\"},{\"name\":\"g\"}]}],"
            + $"\"toolConfig\":{{\"functionCallingConfig\":{{{config}}}}}").GetConversation();

        Assert.Equal(new ToolChoice(mode, name), request.ToolChoice);
        Assert.Equal(offered, string.Join(' ', request.Tools.Select(tool => tool.Name)));
    }

    [Theory]
    [InlineData("{\"type\":\"STRING\"}", "{\"type\":\"string\"}")]
    [InlineData("{\"type\":\"string\",\"format\":\"date-time\"}", "{\"type\":\"string\",\"format\":\"date-time\"}")]
    [InlineData("{\"type\":\"STRING\",\"format\":\"enum\",\"enum\":[\"a\"]}", "{\"type\":\"string\",\"enum\":[\"a\"]}")]
    [InlineData("{\"nullable\":true,\"type\":\"INTEGER\",\"enum\":[\"a\"]}", "{\"type\":[\"integer\",\"null\"],\"enum\":[\"a\",null]}")]
    [InlineData("{\"type\":\"TYPE_UNSPECIFIED\",\"nullable\":false}", "{}")]
    [InlineData("{\"type\":\"ARRAY\",\"items\":{\"type\":\"NUMBER\"},\"minItems\":\"1\",\"max_items\":\"3\"}",
        "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":1,\"maxItems\":3}")]
    [InlineData("{\"type\":\"OBJECT\",\"properties\":{\"type\":{\"type\":\"BOOLEAN\"},\"nullable\":{\"type\":\"OBJECT\"}},\"required\":[\"type\"],"
        + "\"propertyOrdering\":[\"type\"]}",
        "{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"boolean\"},\"nullable\":{\"type\":\"object\"}},\"required\":[\"type\"]}")]
    [InlineData("{\"any_of\":[{\"type\":\"STRING\"},{\"$ref\":\"#/$defs/x\"}],\"nullable\":true,\"$defs\":{\"x\":{\"type\":\"NULL\"}}}",
        "{\"anyOf\":[{\"type\":\"string\"},{\"$ref\":\"#/$defs/x\"},{\"type\":\"null\"}],\"$defs\":{\"x\":{\"type\":\"null\"}}}")]
    [InlineData("{\"type\":\"OBJECT\",\"additionalProperties\":{\"type\":\"STRING\"},\"example\":{\"type\":\"STRING\"}}",
        "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"},\"example\":{\"type\":\"STRING\"}}")]
    public void Schema_of_Google_becomes_a_JSON_Schema(string given, string schema)
    {
        var request = With($"\"generationConfig\":{{\"responseSchema\":{given}}},"
            + $"\"tools\":[{{\"functionDeclarations\":[{{\"name\":\"f\",\"parameters\":{given}}}]}}]").GetConversation();

        var closed = schema.Contains("\"properties\"", StringComparison.Ordinal) ? schema[..^1] + ",\"additionalProperties\":false}" : schema;
        Assert.Equal(closed, request.ResponseFormat!.Schema!.Value.GetRawText());
        Assert.Equal(schema, request.Tools[0].Parameters!.Value.GetRawText());
    }

    [Theory]
    [InlineData("inlineData", "image/webp", "AA-_", "ImagePart { CacheControl = , Extensions = *, Url = data:image/webp;base64,AA+/, *")]
    [InlineData("inlineData", "audio/mpeg", "AA==", "AudioPart { *, Data = AA==, Format = mp3 }")]
    [InlineData("inlineData", "audio/L16;rate=24000", "AA==", "AudioPart { *, Data = AA==, Format = pcm16 }")]
    [InlineData("inlineData", "video/mp4", "AA==", "VideoPart { *, Url = data:video/mp4;base64,AA== }")]
    [InlineData("inlineData", "text/csv", "AA==", "FilePart { *, FileName = N, Data = data:text/csv;base64,AA==, FileId =  }")]
    [InlineData("fileData", "image/png", "https://x/a", "ImagePart { *, Url = https://x/a, *")]
    [InlineData("fileData", "application/pdf", "https://x/a", "FilePart { *, FileName = N, Data = https://x/a, FileId =  }")]
    [InlineData("fileData", "video/*", "https://youtu.be/x", "VideoPart { *, Url = https://youtu.be/x }")]
    public void Data_is_what_its_media_type_says(string member, string type, string data, string part)
    {
        var content = $"{{\"{member}\":{{\"mimeType\":\"{type}\",\"{(member == "fileData" ? "fileUri" : "data")}\":\"{data}\",\"displayName\":\"N\"}}}}";

        var read = Saying("user", content).GetConversation().Messages[1].Content.Single().ToString();

        Assert.Matches("^" + string.Join(".*", part.Split('*').Select(Regex.Escape)), read);
    }

    [Theory]
    [InlineData("{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}", "contents[1].parts[0].functionResponse")]
    [InlineData("{\"text\":\"x\"},{\"functionResponse\":{\"id\":\"c\",\"name\":\"f\"}}", "contents[1].parts[1].functionResponse")]
    public void Result_of_no_call_is_refused(string parts, string field) =>
        Assert.Equal((400, field), Fault(() => Saying("user", parts).GetConversation()));

    [Fact]
    public void Call_without_an_id_is_answered_once()
    {
        const string Call = "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}";
        const string Result = "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}";

        With($"\"contents\":[{Call},{Result},{Call},{Result}]").GetConversation();
        Assert.Equal((400, "contents[2].parts[0].functionResponse"), Fault(() => With($"\"contents\":[{Call},{Result},{Result}]").GetConversation()));
    }

    [Fact]
    public void Result_takes_the_call_of_its_id_and_else_the_first_of_its_name()
    {
        const string Calls = "{\"functionCall\":{\"id\":\"x\",\"name\":\"f\"}},{\"functionCall\":{\"name\":\"f\"}},"
            + "{\"functionCall\":{\"id\":\"x\",\"name\":\"f\"}},{\"functionCall\":{\"id\":\"y\",\"name\":\"g\"}}";
        const string Results = "{\"functionResponse\":{\"id\":\"x\",\"name\":\"f\"}},{\"functionResponse\":{\"name\":\"f\"}},"
            + "{\"functionResponse\":{\"id\":\"x\",\"name\":\"g\"}},{\"functionResponse\":{\"id\":\"unknown\",\"name\":\"g\"}}";

        Assert.Equal(["x", "edgerouter_call_1", "x", "y"], Answered(Calls, Results));
        Assert.Equal((400, "contents[1].parts[4].functionResponse"),
            Fault(() => Answered(Calls, Results + ",{\"functionResponse\":{\"id\":\"x\",\"name\":\"f\"}}")));
    }

    [Fact]
    public void Results_of_many_calls_may_come_in_any_order()
    {
        var calls = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"{{\"functionCall\":{{\"id\":\"c{i}\",\"name\":\"f\"}}}}"));
        var results = Enumerable.Range(0, 999).Reverse().Select(i => $"{{\"functionResponse\":{{\"id\":\"c{i}\",\"name\":\"f\"}}}}");

        var answered = Answered(calls, string.Join(',', results.Append("{\"functionResponse\":{\"name\":\"f\"}}")));

        Assert.Equal(Enumerable.Range(0, 999).Reverse().Append(999).Select(i => $"c{i}"), answered);
    }

    [Fact]
    public void Turn_of_a_stream_in_pieces_is_put_together()
    {
        var sign = GeminiThoughtSignature.Write(new ReasoningPart(ReasoningKind.Text) { Format = ReasoningFormats.Anthropic }, "sig");
        var pieces = string.Join(',', ((string[])["{\"text\":\"H\",\"thought\":true}", "{\"text\":\"m\",\"thought\":true}",
            $"{{\"text\":\"\",\"thought\":true,\"thoughtSignature\":\"{sign}\"}}", "{\"text\":\"again\",\"thought\":true}", "{\"text\":\"It\"}",
            "{\"text\":\" is.\"}", "{\"text\":\"\",\"thoughtSignature\":\"Z29vZw==\"}"]).Select(part => $"{{\"role\":\"model\",\"parts\":[{part}]}}"));

        var turn = With($"\"contents\":[{pieces}]").GetConversation().Messages.Single();

        Assert.Equal(
        [
            new ReasoningPart(ReasoningKind.Text) { Text = "Hm", Signature = "sig", Format = ReasoningFormats.Anthropic, Index = 0 },
            new ReasoningPart(ReasoningKind.Plain) { Text = "again", Index = 1 },
            new TextPart("It is."),
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "Z29vZw==", Format = ReasoningFormats.Gemini, Index = 2 },
        ], turn.Content);
    }

    [Theory]
    [InlineData(ReasoningKind.Text, ReasoningFormats.Anthropic, null, "a+b/c==")]
    [InlineData(ReasoningKind.Encrypted, ReasoningFormats.Anthropic, null, "opaque")]
    [InlineData(ReasoningKind.Encrypted, ReasoningFormats.OpenAIResponses, "rs_1", "gAAAA.b_-")]
    [InlineData(ReasoningKind.Encrypted, ReasoningFormats.Gemini, "call 1", "c2ln")]
    [InlineData(ReasoningKind.Text, null, null, "é")]
    public void Signature_of_another_provider_comes_back_with_its_origin(ReasoningKind kind, string? format, string? id, string value)
    {
        var written = GeminiThoughtSignature.Write(new ReasoningPart(kind) { Format = format, Id = id }, value);
        // Python's client decodes and encodes it.
        var reencoded = Convert.ToBase64String(Convert.FromBase64String(written)).Replace('+', '-').Replace('/', '_');

        foreach (var returned in (string[])[written, reencoded])
        {
            var part = GeminiThoughtSignature.Read(returned, "T");
            Assert.Equal((kind, format ?? ReasoningFormats.Unknown, id, value), (part.Kind, part.Format, part.Id, part.Signature ?? part.Data));
            Assert.True(GeminiThoughtSignature.IsMarked(System.Text.Encoding.UTF8.GetBytes(returned)));
        }
    }

    [Fact]
    public void Damaged_origin_belongs_to_nobody()
    {
        var damaged = Convert.ToBase64String("text:edgerouter.x"u8);

        Assert.Equal(ReasoningFormats.Unknown, GeminiThoughtSignature.Read(damaged, "T").Format);
    }

    [Fact]
    public void Signature_that_skips_the_check_is_none()
    {
        const string Skip = "\"thoughtSignature\":\"skip_thought_signature_validator\"";

        var turn = Saying("model", $"{{\"text\":\"x\",{Skip}}},{{\"functionCall\":{{\"name\":\"f\"}},{Skip}}}").GetConversation().Messages[1];

        Assert.Equal([new TextPart("x"), new ToolCallPart("edgerouter_call_0", "f", "{}")], turn.Content);
    }

    /// <summary>The ids of the calls that results belong to.</summary>
    private static IEnumerable<string> Answered(string calls, string results) =>
        With($"\"contents\":[{{\"role\":\"model\",\"parts\":[{calls}]}},{{\"role\":\"user\",\"parts\":[{results}]}}]")
            .GetConversation().Messages[1].Content.Cast<ToolResultPart>().Select(result => result.CallId);

    private static string ToSnake(string camel) =>
        string.Concat(camel.Select(letter => char.IsAsciiLetterUpper(letter) ? "_" + char.ToLowerInvariant(letter) : letter.ToString()));

    private static (int, string?) Fault(Action action)
    {
        var error = Assert.Throws<RouterException>(action).Error;
        return (error.Status, error.Field);
    }
}
