using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

public sealed class RequestReaderTests
{
    [Fact]
    public void Parameters_become_properties()
    {
        var request = Read("every-sampling-parameter");
        Assert.Equal(("deepseek/deepseek-v3.2", 1000, 2), (request.Model, request.MaxOutputTokens, request.ChoiceCount));
        var sampling = request.Sampling;
        Assert.Equal((1.25, 0.9, 40, 0.05, 0.1), (sampling.Temperature, sampling.TopP, sampling.TopK, sampling.MinP, sampling.TopA));
        Assert.Equal((-0.5, 0.5, 1.1), (sampling.FrequencyPenalty, sampling.PresencePenalty, sampling.RepetitionPenalty));
        Assert.Equal((-9007199254740993L, true, 5), (sampling.Seed, sampling.Logprobs, sampling.TopLogprobs));
        Assert.Equal(["\n\n", "END"], sampling.Stop);
        Assert.Equal(["logit_bias"], request.Extensions.Keys);
    }

    [Fact]
    public void Nulls_are_the_same_as_nothing()
    {
        var request = Read("every-nullable-null");
        Assert.Equal(SamplingParameters.None, request.Sampling);
        Assert.Equal((null, null, null, null, null),
            (request.MaxOutputTokens, request.Reasoning, request.ServiceTier, request.ParallelToolCalls, request.ChoiceCount));
        Assert.Empty(request.Extensions);
    }

    [Fact]
    public void Extensions_are_what_is_meant_for_the_provider_and_outlive_the_body()
    {
        var body = RequestCorpus.Read("unknown-parameters");
        var request = OpenAIChatRequestReader.Read(body);
        Array.Clear(body);
        Assert.Equal(["raw_mode", "safe_prompt"], request.Extensions.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(2, request.Extensions["raw_mode"].GetProperty("a")[1].GetInt32());
        Assert.Empty(Read("all-routing-wishes").Extensions);
        Assert.Equal("user-42", Read("all-routing-wishes").User);
        Assert.Equal(["prediction"], Read("prediction-and-verbosity").Extensions.Keys);
    }

    [Fact]
    public void Media_parts_are_read()
    {
        Assert.Equal([new TextPart("What is this?"), new ImagePart("https://example.com/cat.png", "high")], Content("image-by-url"));
        Assert.Equal([new TextPart("Transcribe."), new AudioPart("UklGRg==", "wav")], Content("audio-in-and-out"));
        Assert.Equal([new VideoPart("https://example.com/a.mp4"), new TextPart("What happens?")], Content("video-legacy-type"));
        Assert.Equal([new TextPart("Summarise."), new FilePart("a.pdf", "data:application/pdf;base64,JVBERi0xLjQK", null),
            new FilePart(null, null, "file-123")], Content("pdf"));
    }

    [Fact]
    public void Both_spellings_of_cache_markers_are_read()
    {
        var request = Read("cache-markers");
        Assert.Equal((new CacheControl("1h"), new CacheControl()), (request.Messages[0].Content[0].CacheControl, request.Messages[1].Content[0].CacheControl));
        Assert.Equal(new CacheControl(), Assert.Single(request.Tools).CacheControl);
        Assert.Equal(new CacheControl(), request.CacheControl);
        Assert.Equal((new CacheControl(), null), (Content("cache-breakpoint")[0].CacheControl, Content("cache-breakpoint")[1].CacheControl));
    }

    [Fact]
    public void A_tool_conversation_is_read()
    {
        var request = Read("tool-conversation");
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Tool], request.Messages.Select(message => message.Role));
        var assistant = request.Messages[1];
        Assert.Equal([("c1", "get_weather", "{\"city\":\"Rome\"}"), ("c2", "get_weather", "{\"city\":\"Oslo\"}")],
            assistant.Content.Cast<ToolCallPart>().Select(call => (call.Id, call.Name, call.Arguments)));
        var result = Assert.IsType<ToolResultPart>(Assert.Single(request.Messages[3].Content));
        Assert.Equal(("c2", new TextPart("3 °C")), (result.CallId, Assert.Single(result.Content)));
        var tool = Assert.Single(request.Tools);
        Assert.Equal(("get_weather", "Current weather of a city", true), (tool.Name, tool.Description, tool.Strict));
        Assert.Equal("object", tool.Parameters?.GetProperty("type").GetString());
    }

    [Fact]
    public void Reasoning_of_earlier_turns_is_read()
    {
        var assistant = Read("assistant-echoed-with-reasoning").Messages[1];
        Assert.Equal(
            new ReasoningPart(ReasoningKind.Text)
            {
                Text = "Add.",
                Readable = "Add.",
                Signature = "c2ln",
                Format = ReasoningFormats.Anthropic,
                Index = 0,
            },
            assistant.Content[0]);
        Assert.Equal(new ReasoningPart(ReasoningKind.Encrypted) { Data = "ZGF0YQ==", Index = 1 }, assistant.Content[1]);
        var other = Assert.IsType<ReasoningPart>(assistant.Content[2]);
        Assert.Equal((ReasoningKind.Other, "t"), (other.Kind, other.Json?.GetProperty("tool_name").GetString()));
        Assert.Equal(new ReasoningPart(ReasoningKind.Plain) { Text = "Add." }, Read("reasoning-content-alias").Messages[1].Content[0]);
    }

    [Fact]
    public void Members_without_a_property_are_kept_by_path()
    {
        var request = Read("members-unknown-to-parts-and-tools");
        Assert.Equal(["citations"], request.Messages[0].Content[0].Extensions.Keys);
        Assert.Equal(["id", "image_url.max_pixels"], request.Messages[0].Content[1].Extensions.Keys);
        Assert.Equal(new RefusalPart("no") { IsContent = true }, request.Messages[0].Content[2]);
        Assert.Equal(["weight"], request.Messages[0].Extensions.Keys);
        Assert.Equal(["extra_content", "function.x"], request.Messages[1].Content[1].Extensions.Keys);
        Assert.Equal(["eager_input_streaming", "function.x"], request.Tools[0].Extensions.Keys);
        Assert.Equal(["schema"], request.ResponseFormat!.Extensions.Keys);
    }

    [Theory]
    [InlineData("\"reasoning_effort\":\"low\"", "low", null, null, null)]
    [InlineData("\"reasoning\":{\"effort\":\"high\",\"exclude\":true}", "high", null, true, null)]
    [InlineData("\"reasoning\":{\"max_tokens\":9}", null, 9, null, null)]
    [InlineData("\"reasoning\":{\"enabled\":true},\"include_reasoning\":false", null, null, true, true)]
    [InlineData("\"include_reasoning\":true", null, null, null, null)]
    [InlineData("\"reasoning\":{\"effort\":null},\"reasoning_effort\":\"none\"", "none", null, null, null)]
    public void The_spellings_of_reasoning_fold_into_one(string members, string? effort, int? budget, bool? exclude, bool? enabled) =>
        Assert.Equal(new ReasoningOptions { Effort = effort, MaxTokens = budget, Exclude = exclude, Enabled = enabled }, ReadMembers(members).Reasoning);

    [Theory]
    [InlineData("\"service_tier\":\"fast\"", "priority")]
    [InlineData("\"speed\":\"fast\"", "priority")]
    [InlineData("\"speed\":\"fast\",\"service_tier\":\"flex\"", "flex")]
    [InlineData("\"speed\":\"standard\"", null)]
    [InlineData("\"service_tier\":\"auto\"", "auto")]
    public void Fast_means_the_priority_tier(string members, string? tier) => Assert.Equal(tier, ReadMembers(members).ServiceTier);

    [Theory]
    [InlineData("\"auto\"", ToolChoiceMode.Auto, null)]
    [InlineData("\"none\"", ToolChoiceMode.None, null)]
    [InlineData("\"required\"", ToolChoiceMode.Required, null)]
    [InlineData("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", ToolChoiceMode.Function, "f")]
    public void Tool_choices_are_read(string choice, ToolChoiceMode mode, string? name) =>
        Assert.Equal(new ToolChoice(mode, name), ReadMembers($"\"tool_choice\":{choice}").ToolChoice);

    [Fact]
    public void Answer_formats_are_read()
    {
        var schema = Read("json-schema").ResponseFormat!;
        Assert.Equal((ResponseFormatKind.JsonSchema, "person-1", "A person", true), (schema.Kind, schema.Name, schema.Description, schema.Strict));
        Assert.Equal("object", schema.Schema?.GetProperty("type").GetString());
        Assert.Equal(ResponseFormatKind.JsonObject, Read("json-object").ResponseFormat?.Kind);
        Assert.Equal(ResponseFormatKind.Python, ReadMembers("\"response_format\":{\"type\":\"python\"}").ResponseFormat?.Kind);
        Assert.Equal("root ::= \"yes\" | \"no\"", Read("grammar-format").ResponseFormat?.Grammar);
    }

    [Fact]
    public void The_legacy_prompt_is_one_user_message()
    {
        var message = Assert.Single(Read("legacy-prompt").Messages);
        Assert.Equal((ChatRole.User, new TextPart("Once upon a time")), (message.Role, Assert.Single(message.Content)));
    }

    [Fact]
    public void Escapes_in_keys_and_values_are_undone()
    {
        var request = Read("escapes-and-whitespace");
        Assert.Equal("a/b", request.Model);
        Assert.Equal(new TextPart("line\nquote\" 😀 é"), Assert.Single(request.Messages[0].Content));
        Assert.Equal(ChatRole.User, request.Messages[0].Role);
    }

    private static IReadOnlyList<ContentPart> Content(string name) => Read(name).Messages[0].Content;

    private static ChatRequest ReadMembers(string members) => Accepted(RequestCorpus.WithMembers(members));

    private static ChatRequest Read(string name) => Accepted(RequestCorpus.Read(name));

    private static ChatRequest Accepted(byte[] body)
    {
        OpenAIChatRequestScanner.Scan(body);
        return OpenAIChatRequestReader.Read(body);
    }
}
