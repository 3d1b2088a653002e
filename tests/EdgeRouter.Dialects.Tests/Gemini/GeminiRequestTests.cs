using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiTarget;

namespace EdgeRouter.Dialects.Tests.Gemini;

/// <summary>
/// What is not a turn: sampling, formats, tools, reasoning, media output. Each row: a request of one turn, and the exact members written beside it.
/// </summary>
public class GeminiRequestTests
{
    private const string Contents = """{"contents":[{"role":"user","parts":[{"text":"hi"}]}]""";

    private static readonly ToolDefinition Weather = new()
    {
        Name = "weather",
        Description = "Tells it.",
        Parameters = Parsed("""{"type":"object","properties":{"city":{"$ref":"#/$defs/c"}},"$defs":{"c":{"type":"string"}}}""")
    };
    private static readonly ResponseFormat Schema = new()
    {
        Kind = ResponseFormatKind.JsonSchema,
        Name = "n",
        Schema = Parsed("""{"type":"object","additionalProperties":false}""")
    };

    public static TheoryData<string, ChatRequest, string> Requests => new()
    {
        { "nothing", Hi, "" },
        { "temperature", Hi with { Sampling = new() { Temperature = 0.5 } }, Config("\"temperature\":0.5") },
        { "top_p", Hi with { Sampling = new() { TopP = 0.9 } }, Config("\"topP\":0.9") },
        { "top_k", Hi with { Sampling = new() { TopK = 40 } }, Config("\"topK\":40") },
        { "top_k off", Hi with { Sampling = new() { TopK = 0 } }, "" },
        { "presence_penalty", Hi with { Sampling = new() { PresencePenalty = -1 } }, Config("\"presencePenalty\":-1") },
        { "frequency_penalty", Hi with { Sampling = new() { FrequencyPenalty = 1.5 } }, Config("\"frequencyPenalty\":1.5") },
        { "seed", Hi with { Sampling = new() { Seed = -7 } }, Config("\"seed\":-7") },
        { "seed beyond int32 folds", Hi with { Sampling = new() { Seed = 4294967296 } }, Config("\"seed\":1") },
        { "stop", Hi with { Sampling = new() { Stop = ["a", "b"] } }, Config("\"stopSequences\":[\"a\",\"b\"]") },
        { "no stop", Hi with { Sampling = new() { Stop = [] } }, "" },
        { "logprobs", Hi with { Sampling = new() { Logprobs = true, TopLogprobs = 3 } }, Config("\"responseLogprobs\":true,\"logprobs\":3") },
        { "max_tokens", Hi with { MaxOutputTokens = 100 }, Config("\"maxOutputTokens\":100") },
        { "n", Hi with { ChoiceCount = 2 }, Config("\"candidateCount\":2") },
        { "n of one", Hi with { ChoiceCount = 1 }, "" },
        { "text format", Hi with { ResponseFormat = new() { Kind = ResponseFormatKind.Text } }, "" },
        { "json_object", Hi with { ResponseFormat = new() { Kind = ResponseFormatKind.JsonObject } }, Config("\"responseMimeType\":\"application/json\"") },
        { "json_schema", Hi with { ResponseFormat = Schema },
            Config("\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"type\":\"object\",\"additionalProperties\":false}") },
        { "modalities", Hi with { Modalities = ["image", "text"] }, Config("\"responseModalities\":[\"IMAGE\",\"TEXT\"]") },
        { "audio", With("audio", """{"voice":"Kore","format":"pcm16"}"""),
            Config("\"speechConfig\":{\"voiceConfig\":{\"prebuiltVoiceConfig\":{\"voiceName\":\"Kore\"}}}") },
        { "image_config", With("image_config", """{"aspect_ratio":"16:9","image_size":"2K"}"""),
            Config("\"imageConfig\":{\"aspectRatio\":\"16:9\",\"imageSize\":\"2K\"}") },
        {
            "tools", Hi with { Tools = [Weather, new() { Name = "now" }] },
            ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"weather\",\"description\":\"Tells it.\",\"parametersJsonSchema\":{\"type\":\"object\","
                + "\"properties\":{\"city\":{\"$ref\":\"#/$defs/c\"}},\"$defs\":{\"c\":{\"type\":\"string\"}}}},{\"name\":\"now\"}]}]"
        },
        { "tool_choice auto", Choose(new(ToolChoiceMode.Auto)), Chosen("\"mode\":\"AUTO\"") },
        { "tool_choice none", Choose(new(ToolChoiceMode.None)), Chosen("\"mode\":\"NONE\"") },
        { "tool_choice required", Choose(new(ToolChoiceMode.Required)), Chosen("\"mode\":\"ANY\"") },
        { "tool_choice function", Choose(new(ToolChoiceMode.Function, "now")), Chosen("\"mode\":\"ANY\",\"allowedFunctionNames\":[\"now\"]") },
        { "tool_choice without tools", Hi with { ToolChoice = new(ToolChoiceMode.Auto) }, "" },
        { "service_tier default", Hi with { ServiceTier = "default" }, ",\"serviceTier\":\"standard\"" },
        { "service_tier auto", Hi with { ServiceTier = "auto" }, "" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Parameter_is_written_in_the_providers_spelling(string name, ChatRequest request, string expected)
    {
        var (json, dropped) = Write(request, For(Gemini2));

        Assert.Equal(Contents + expected + "}", json);
        Assert.True(dropped.Count == 0, name);
    }

    public static TheoryData<string, ChatRequest, string[]> Uncarried => new()
    {
        { "min_p", Hi with { Sampling = new() { MinP = 0.1 } }, ["min_p"] },
        { "top_a", Hi with { Sampling = new() { TopA = 0.1 } }, ["top_a"] },
        { "repetition_penalty", Hi with { Sampling = new() { RepetitionPenalty = 1.1 } }, ["repetition_penalty"] },
        { "parallel_tool_calls", Hi with { ParallelToolCalls = false }, ["parallel_tool_calls"] },
        { "verbosity", Hi with { Verbosity = "low" }, ["verbosity"] },
        { "user", Hi with { User = "u" }, ["user"] },
        { "cache_control", Hi with { CacheControl = new() }, ["cache_control"] },
        { "cache_control on a part", Ask(User(new TextPart("hi") { CacheControl = new() })), ["cache_control"] },
        { "grammar", Hi with { ResponseFormat = new() { Kind = ResponseFormatKind.Grammar, Grammar = "g" } }, ["response_format"] },
        { "python", Hi with { ResponseFormat = new() { Kind = ResponseFormatKind.Python } }, ["response_format"] },
        { "service_tier scale", Hi with { ServiceTier = "scale" }, ["service_tier"] },
        { "audio without a voice", With("audio", "{}"), ["audio"] },
        { "image_config of another kind", With("image_config", "3"), ["image_config"] },
        { "image_config member", With("image_config", """{"quality":"high"}"""), ["image_config.quality"] },
        { "logit_bias", With("logit_bias", """{"5":1}"""), ["logit_bias"] },
        { "prediction", With("prediction", "{}"), ["prediction"] },
        { "unknown", With("safe_prompt", "true"), ["safe_prompt"] },
    };

    [Theory]
    [MemberData(nameof(Uncarried))]
    public void Parameter_without_a_place_is_left_out_and_named(string name, ChatRequest request, string[] expected)
    {
        var (json, dropped) = Write(request, For(Gemini2));

        Assert.Equal(Contents + "}", json);
        Assert.True(expected.SequenceEqual(dropped), name);
    }

    [Fact]
    public void Speech_format_other_than_pcm_is_named_while_the_voice_is_sent()
    {
        var (json, dropped) = Write(With("audio", """{"voice":"Kore","format":"mp3"}"""), For(Gemini2));

        Assert.Contains("\"voiceName\":\"Kore\"", json, StringComparison.Ordinal);
        Assert.Equal(["audio.format"], dropped);
    }

    [Fact]
    public void Strict_tool_is_sent_and_strictness_named()
    {
        var (json, dropped) = Write(Hi with { Tools = [new() { Name = "now", Strict = true }] }, For(Gemini2));

        Assert.Contains("\"name\":\"now\"", json, StringComparison.Ordinal);
        Assert.Equal(["tools.function.strict"], dropped);
    }

    [Fact]
    public void Parameters_that_the_endpoint_does_not_take_are_left_out_and_named()
    {
        var request = Hi with
        {
            MaxOutputTokens = 5,
            Sampling = new()
            {
                Temperature = 1,
                TopP = 1,
                TopK = 1,
                Seed = 1,
                Stop = ["x"],
                Logprobs = true,
                TopLogprobs = 1,
                PresencePenalty = 1,
                FrequencyPenalty = 1
            },
            Tools = [Weather],
            ToolChoice = new(ToolChoiceMode.Auto),
            ResponseFormat = Schema,
            Reasoning = new() { Effort = "low" },
        };

        var (json, dropped) = Write(request, For(Gemini2, RequestParameters.None));

        Assert.Equal(Contents + "}", json);
        Assert.Equal(
            ["tools", "tool_choice", "temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty", "seed", "stop", "logprobs", "top_logprobs",
                "max_tokens", "response_format", "reasoning"],
            dropped);
    }

    [Fact]
    public void Parameters_that_the_provider_refuses_are_left_out_and_named()
    {
        var provider = GoogleAiStudio with { RefusedParameters = RequestParameters.ServiceTier | RequestParameters.ChoiceCount };

        var (json, dropped) = Write(Hi with { ServiceTier = "flex", ChoiceCount = 3 }, For(Gemini2, provider: provider));

        Assert.Equal(Contents + "}", json);
        Assert.Equal(["n", "service_tier"], dropped);
    }

    [Fact]
    public void Schema_is_named_where_only_plain_json_is_taken()
    {
        var (json, dropped) = Write(Hi with { ResponseFormat = Schema }, For(Gemini2, RequestParameters.ResponseFormat));

        Assert.Equal(Contents + Config("\"responseMimeType\":\"application/json\"") + "}", json);
        Assert.Equal(["structured_outputs"], dropped);
    }

    [Fact]
    public void Schema_is_copied_byte_for_byte_even_with_half_a_character()
    {
        const string Odd = """{ "type":"object", "title":"\ud83d \u0041" }""";

        Assert.Contains("\"parametersJsonSchema\":" + Odd, Write(Hi with { Tools = [new() { Name = "f", Parameters = Parsed(Odd) }] }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Gemini2, true)]
    [InlineData(Gemini3, false)]
    public void Json_format_beside_tools_is_sent_only_from_gemini_3_on(string model, bool isDropped)
    {
        var (json, dropped) = Write(Hi with { ResponseFormat = Schema, Tools = [Weather] }, For(model));

        Assert.Equal(!isDropped, json.Contains("responseJsonSchema", StringComparison.Ordinal));
        Assert.Equal(isDropped ? ["response_format"] : [], dropped);
    }

    [Fact]
    public void Carries_is_everything_but_what_the_writer_always_drops()
    {
        var dialect = new GeminiWire();
        var uncarried = RequestParameters.MinP | RequestParameters.TopA | RequestParameters.RepetitionPenalty | RequestParameters.LogitBias
            | RequestParameters.ParallelToolCalls | RequestParameters.Prediction | RequestParameters.Verbosity | RequestParameters.WebSearchOptions
            | RequestParameters.CacheControl | RequestParameters.PromptCacheKey | RequestParameters.PromptCacheOptions | RequestParameters.User
                | RequestParameters.Unknown;
        var all = Enum.GetValues<RequestParameters>().Aggregate((one, other) => one | other);

        Assert.Equal(all & ~uncarried, dialect.Carries);
    }

    private static string Config(string members) => ",\"generationConfig\":{" + members + "}";

    private static string Chosen(string members) => ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"now\"}]}],\"toolConfig\":{\"functionCallingConfig\":{"
        + members + "}}";

    private static ChatRequest Choose(ToolChoice choice) => Hi with { Tools = [new() { Name = "now" }], ToolChoice = choice };

    private static ChatRequest With(string name, string json) =>
        Hi with { Extensions = new Dictionary<string, System.Text.Json.JsonElement> { [name] = Parsed(json) } };
}
