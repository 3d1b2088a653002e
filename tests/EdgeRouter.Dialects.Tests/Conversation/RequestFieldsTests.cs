using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Tests.AnthropicMessages;
using EdgeRouter.Dialects.Tests.Gemini;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Tests.OpenAIChat.Request;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Conversation;

/// <summary>Places are told by the wires in the terms of the model, and spelled by the caller API.</summary>
public sealed class RequestFieldsTests
{
    private static readonly ChatRequest Request = new()
    {
        Messages =
        [
            new ChatMessage { Role = ChatRole.User,
                Content = [new TextPart("a"), new ImagePart("u"), new AudioPart("d", "wav"), new VideoPart("u"), new FilePart(null, "d", null)] },
            new ChatMessage
            {
                Role = ChatRole.Assistant,
                Content =
                [
                    new ReasoningPart(ReasoningKind.Text), new TextPart("b"), new ReasoningPart(ReasoningKind.Encrypted), new ToolCallPart("c", "f", ""),
                    new ReasoningPart(ReasoningKind.Text) { IsContent = true }, new TextPart("d"), new ImagePart("u") { IsGenerated = true },
                    new ToolCallPart("d", "f", ""), new RefusalPart("no"), new ImagePart("u") { IsGenerated = true }, new CitationPart("u"),
                    new ReasoningPart(ReasoningKind.Plain),
                ],
            },
            new ChatMessage { Role = ChatRole.Tool, Content = [new ToolResultPart("c", [new TextPart("a"), new FilePart(null, null, "i")])] },
        ],
        Tools = [new ToolDefinition { Name = "f" }],
    };

    public static TheoryData<RequestPlace, string> Fields => new()
    {
        { RequestPlace.Messages, "messages" },
        { RequestPlace.OfMessage(1), "messages[1]" },
        { RequestPlace.OfMessage(1, RequestField.Role), "messages[1].role" },
        { RequestPlace.OfPart(0, 0), "messages[0].content[0]" },
        { RequestPlace.OfPart(0, 0, RequestField.Type), "messages[0].content[0].type" },
        { RequestPlace.OfPart(0, 1, RequestField.Source), "messages[0].content[1].image_url.url" },
        { RequestPlace.OfPart(0, 1, RequestField.Detail), "messages[0].content[1].image_url.detail" },
        { RequestPlace.OfPart(0, 2, RequestField.Media), "messages[0].content[2].input_audio" },
        { RequestPlace.OfPart(0, 2, RequestField.Source), "messages[0].content[2].input_audio.data" },
        { RequestPlace.OfPart(0, 2, RequestField.Format), "messages[0].content[2].input_audio.format" },
        { RequestPlace.OfPart(0, 3, RequestField.Source), "messages[0].content[3].video_url.url" },
        { RequestPlace.OfPart(0, 4, RequestField.Source), "messages[0].content[4].file.file_data" },
        { RequestPlace.OfPart(0, 4, RequestField.FileId), "messages[0].content[4].file.file_id" },
        { RequestPlace.OfPart(1, 0), "messages[1].reasoning_details[0]" },
        { RequestPlace.OfPart(1, 1), "messages[1].content[0]" },
        { RequestPlace.OfPart(1, 2), "messages[1].reasoning_details[1]" },
        { RequestPlace.OfPart(1, 3), "messages[1].tool_calls[0]" },
        { RequestPlace.OfPart(1, 4), "messages[1].content[1]" },
        { RequestPlace.OfPart(1, 5), "messages[1].content[2]" },
        { RequestPlace.OfPart(1, 6, RequestField.Source), "messages[1].images[0].image_url.url" },
        { RequestPlace.OfPart(1, 7, RequestField.Arguments), "messages[1].tool_calls[1].function.arguments" },
        { RequestPlace.OfPart(1, 8), "messages[1].refusal" },
        { RequestPlace.OfPart(1, 9), "messages[1].images[1]" },
        { RequestPlace.OfPart(1, 10), "messages[1].annotations[0]" },
        { RequestPlace.OfPart(1, 11), "messages[1].reasoning" },
        { RequestPlace.OfPart(2, 0, RequestField.CallId), "messages[2].tool_call_id" },
        { RequestPlace.OfPart(2, 0).InResult(0), "messages[2].content[0]" },
        { RequestPlace.OfPart(2, 0, RequestField.FileId).InResult(1), "messages[2].content[1].file.file_id" },
        { RequestPlace.OfTool(0, RequestField.Schema), "tools[0].function.parameters" },
        { RequestParameters.Temperature, "temperature" },
    };

    [Theory, MemberData(nameof(Fields))]
    public void Places_are_paths_of_the_caller_s_JSON(RequestPlace place, string field) =>
        Assert.Equal(field, OpenAIChatFields.Instance.FieldOf(Request, place));

    public static TheoryData<RequestPlace, string> Names => new()
    {
        { RequestParameters.MaxTokens, "max_tokens" },
        { RequestParameters.ChoiceCount, "n" },
        { RequestParameters.Reasoning, "reasoning" },
        { RequestParameters.StructuredOutputs, "structured_outputs" },
        { RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Budget), "reasoning.max_tokens" },
        { RequestPlace.OfParameter(RequestParameters.ResponseFormat, RequestField.Description), "response_format.json_schema.description" },
        { RequestPlace.OfParameter(RequestParameters.Audio, RequestField.Format), "audio.format" },
        { RequestPlace.OfParameter(RequestParameters.ImageConfig, name: "n"), "image_config.n" },
        { RequestPlace.OfTool(RequestPlace.Any, RequestField.Strict), "tools.function.strict" },
        { RequestPlace.OfMessage(RequestPlace.Any, RequestField.Name), "name" },
        { RequestPlace.OfMessage(RequestPlace.Any, RequestField.GeneratedImages), "messages.images" },
        { RequestPlace.OfAnyPart(RequestField.Detail), "image_url.detail" },
        { RequestPlace.OfExtension("safe_prompt"), "safe_prompt" },
    };

    [Theory, MemberData(nameof(Names))]
    public void What_was_dropped_has_the_caller_s_name(RequestPlace place, string name) => Assert.Equal(name, OpenAIChatFields.Instance.NameOf(place));

    /// <summary>Every parameter with a name, so that no wire drops one that nobody can name.</summary>
    [Fact]
    public void Every_parameter_has_a_name()
    {
        foreach (var parameter in Enum.GetValues<RequestParameters>())
            if (parameter is not (RequestParameters.None or RequestParameters.Unknown)) Assert.NotEmpty(OpenAIChatFields.Instance.NameOf(parameter));
    }

    public static TheoryData<ChatMessage[]> Unsayable => new()
    {
        new ChatMessage[] { AnthropicRequests.User("") },
        new ChatMessage[] { AnthropicRequests.User(new AudioPart("?", "midi")) },
        new ChatMessage[] { AnthropicRequests.User(new ImagePart("ftp://x")) },
        new ChatMessage[] { AnthropicRequests.User("x"), AnthropicRequests.Calls(new ToolCallPart("c", "f", "[]")), AnthropicRequests.Result("other") },
        new ChatMessage[] { AnthropicRequests.User("x"), new() { Role = ChatRole.System, Content = [new ImagePart("u")] } },
    };

    [Theory, MemberData(nameof(Unsayable))]
    public void Another_caller_API_spells_the_errors_of_each_wire_in_its_own_words(ChatMessage[] messages)
    {
        foreach (var (wire, target) in Wires())
        {
            if (wire is OpenAIChatWire) continue; // it can say all of these
            var request = new ChatRequest { Messages = messages };
            Assert.StartsWith("OWN ", Assert.Throws<RouterException>(() => Samples.Text(output => wire.WriteRequest(request, target, output, []))).Error.Field,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_caller_API_names_what_each_wire_drops_in_its_own_words()
    {
        var request = new ChatRequest
        {
            Messages =
            [
                new ChatMessage { Role = ChatRole.User, Name = "ann",
                    Content = [new TextPart("x") { CacheControl = new CacheControl() }, new ImagePart("data:image/png;base64,AA==", "low")] },
                new ChatMessage
                {
                    Role = ChatRole.Assistant,
                    Content = [new TextPart("y"), new ImagePart("https://example.com/a.png") { IsGenerated = true }],
                    Extensions = new Dictionary<string, JsonElement> { ["audio"] = JsonElement.Parse("{}") },
                },
                AnthropicRequests.User("z"),
            ],
            MaxOutputTokens = 5,
            ChoiceCount = 2,
            Sampling = new SamplingParameters
            {
                Temperature = 2,
                TopP = 0.5,
                TopK = 3,
                MinP = 0.1,
                TopA = 0.1,
                FrequencyPenalty = 1,
                PresencePenalty = 1,
                RepetitionPenalty = 1.5,
                Seed = 1,
                Stop = [" "],
                Logprobs = true,
                TopLogprobs = 2,
            },
            Tools = [new ToolDefinition { Name = "f", Strict = true }],
            ToolChoice = new ToolChoice(ToolChoiceMode.Required),
            ParallelToolCalls = true,
            ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonObject },
            Reasoning = new ReasoningOptions { MaxTokens = 9, Summary = "auto", Mode = "pro", Context = "auto" },
            Modalities = ["image"],
            CacheControl = new CacheControl(),
            Verbosity = "low",
            ServiceTier = "scale",
            User = "u",
            Extensions = new Dictionary<string, JsonElement>
            {
                ["audio"] = JsonElement.Parse("{\"voice\":\"v\",\"format\":\"wav\"}"),
                ["image_config"] = JsonElement.Parse("{\"n\":1}"),
                ["safe_prompt"] = JsonElement.Parse("true"),
            },
        };
        foreach (var (wire, target) in Wires())
        {
            foreach (var supported in new[] { RequestParameters.None, AnthropicRequests.Everything })
            {
                var dropped = new List<string>();
                Samples.Text(output => wire.WriteRequest(request, target with { Endpoint = Supporting(target.Endpoint, supported) }, output, dropped));
                Assert.All(dropped, name => Assert.StartsWith("OWN ", name, StringComparison.Ordinal));
                if (supported == RequestParameters.None) Assert.True(dropped.Count > 10, wire.Name);
            }
        }
    }

    private static IEnumerable<(IConversationWire Wire, WireTarget Target)> Wires() =>
    [
        (new AnthropicMessagesWire(), AnthropicRequests.Target() with { Fields = new OwnFields() }),
        (new GeminiWire(), GeminiTarget.For(GeminiTarget.Gemini3) with { Fields = new OwnFields() }),
        (new OpenAIChatWire(), RequestTargets.Permissive with { Fields = new OwnFields() }),
    ];

    private static Endpoint Supporting(Endpoint endpoint, RequestParameters supported) => new()
    {
        Model = endpoint.Model,
        Provider = new Provider
        {
            Slug = "p",
            Name = "P",
            Wire = endpoint.Provider.Wire,
            Auth = endpoint.Provider.Auth,
            RefusedParameters = supported == RequestParameters.None ? RequestParameterNames.NeverListed : RequestParameters.None,
        },
        Tag = endpoint.Tag,
        UpstreamModel = endpoint.UpstreamModel,
        SupportedParameters = supported,
        DataPolicy = endpoint.DataPolicy,
    };

    private sealed class OwnFields : IRequestFields
    {
        public string FieldOf(ChatRequest request, RequestPlace place) => "OWN " + place;

        public string NameOf(RequestPlace place) => "OWN " + place;
    }
}
