using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.Completions.PassThrough;
using EdgeRouter.Dialects.Completions.Wire;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Completions;

/// <summary>Which exchange is taken, and what its answers look like.</summary>
public sealed class CompletionAnswerTests
{
    private static readonly CompletionsCallerApi Api = new();
    private static readonly AnswerHeader Header = Samples.Header;

    [Fact]
    public void Same_format_is_passed_through_and_any_other_goes_through_the_content_model()
    {
        var request = Api.Read(NoHead.Instance, """{"model":"acme/one","prompt":"Hi"}"""u8.ToArray());

        Assert.IsType<CompletionPassThrough>(request.CreateExchange(new CompletionsWire(), Endpoint(WireNames.OpenAICompletions)));
        Assert.IsType<CanonicalExchange>(request.CreateExchange(new OpenAIChatWire(), Endpoint(WireNames.OpenAIChat)));
    }

    [Theory]
    [InlineData("\"prompt\":[\"a\",\"b\"],\"suffix\":\"s\",\"echo\":true,\"best_of\":3,\"logprobs\":2,\"stop\":\"END\",\"x_own\":[1, 2]",
        "\"prompt\":[\"a\",\"b\"],\"suffix\":\"s\",\"echo\":true,\"best_of\":3,\"logprobs\":2,\"stop\":[\"END\"],\"x_own\":[1, 2]", "")]
    [InlineData("\"prompt\":[1,2],\"max_completion_tokens\":9,\"max_tokens\":7,\"stream\":true,\"suffix\":null",
        "\"prompt\":[1,2],\"max_tokens\":9,\"stream\":true,\"stream_options\":{\"include_usage\":true}", "")]
    [InlineData("\"prompt\":\"a\",\"user\":\"u\",\"session_id\":\"s\",\"provider\":{}", "\"prompt\":\"a\",\"user\":\"0bfe935e70c321c7ca3afc75ce0d0ca2\"", "")]
    [InlineData("\"prompt\":\"a\",\"reasoning_effort\":\"low\",\"speed\":\"fast\",\"top_logprobs\":2,\"response_format\":{\"type\":\"json_object\"}",
        "\"prompt\":\"a\"", "reasoning response_format service_tier top_logprobs")]
    public async Task Body_passes_through_and_what_the_wire_has_no_place_for_is_named(string given, string sent, string dropped)
    {
        var request = Api.Read(NoHead.Instance, Encoding.UTF8.GetBytes($"{{\"model\":\"acme/one\",{given}}}"));
        var output = new ArrayBufferWriter<byte>();
        var names = new List<string>();

        await request.CreateExchange(new CompletionsWire(), Endpoint(WireNames.OpenAICompletions))
            .WriteRequestAsync(output, names, NoMedia.Instance, TestContext.Current.CancellationToken);

        Assert.Equal($"{{\"model\":\"one-v1\",{sent}}}", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(dropped, string.Join(' ', names.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("false", "Hello")]
    [InlineData("true", "Say \"hi\": Hello")]
    public void Whole_answer_has_the_legacy_shape(string echo, string text)
    {
        var request = (ConversationRequest)Api.Read(NoHead.Instance,
            Encoding.UTF8.GetBytes($$"""{"model":"acme/one","prompt":"Say \"hi\": ","echo":{{echo}}}"""));
        var response = new ChatResponse
        {
            Choices =
            [
                new ChatChoice
                {
                    Index = 0,
                    Message = new ChatMessage { Role = ChatRole.Assistant, Content = [new TextPart("Hello")] },
                    FinishReason = FinishReason.Length,
                    NativeFinishReason = "max_tokens",
                },
            ],
        };

        var json = JsonNode.Parse(Samples.Text(output => request.WriteResponse(response, Header, Samples.Explained, output)))!;

        Assert.Equal(["id", "object", "created", "model", "provider", "system_fingerprint", "choices", "usage", "openrouter_metadata"],
            json.AsObject().Select(member => member.Key));
        Assert.Equal("text_completion", json["object"]!.GetValue<string>());
        var choice = Assert.Single(json["choices"]!.AsArray())!;
        Assert.Equal(text, choice["text"]!.GetValue<string>());
        Assert.Equal("""{"index":0,"logprobs":null,"finish_reason":"length","native_finish_reason":"max_tokens"}""", WithoutText(choice));
        Assert.Equal(0.0000255m, json["usage"]!["cost"]!.GetValue<decimal>());
    }

    [Fact]
    public void Provider_chunks_keep_texts_and_log_probabilities_and_get_the_routers_head()
    {
        var patcher = new CompletionStreamPatcher(Samples.Provider(), Header);
        string[] events =
        [
            """{"id":"cmpl-1","object":"text_completion","choices":[{"text":"caf\u00e9 \"x\"","index":1,"logprobs":{"tokens":["a"]},"finish_reason":null}]}""",
            """{"id":"cmpl-1","choices":[{"text":"","index":1,"finish_reason":"stop"}],"later":{"x":[1]}}""",
            """{"choices":[],"usage":{"prompt_tokens":19,"completion_tokens":3}}""",
            "[DONE]",
        ];

        var (output, progress) = Play(patcher, events);

        var chunks = output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, chunks.Length);
        Assert.Equal("data: [DONE]", chunks[3]);
        var first = JsonNode.Parse(chunks[0]["data: ".Length..])!;
        Assert.Equal((Header.GenerationId, "Alpha"), (first["id"]!.GetValue<string>(), first["provider"]!.GetValue<string>()));
        Assert.Equal("""{"text":"café \"x\"","index":1,"logprobs":{"tokens":["a"]},"finish_reason":null,"native_finish_reason":null}""",
            first["choices"]![0]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal((true, true, FinishReason.Stop, "cmpl-1", 9L),
            (progress.TokenSeen, progress.Completed, progress.FinishReason!.Value, progress.UpstreamId!, progress.OutputBytes));
        Assert.Equal((19L, 3L), (progress.Usage!.Value.Input, progress.Usage.Value.Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"choices":[7]}""")]
    [InlineData("""{"choices":[{"text":"x"}]} trailing""")]
    [InlineData("""{"\ud800":1}""")]
    public void What_is_no_answer_is_refused(string body) => Assert.Throws<UpstreamFormatException>(() =>
        new CompletionResponsePatcher(Samples.Provider(), Header).Read(Encoding.UTF8.GetBytes(body), new StreamProgress()));

    /// <summary>Its texts are copied: the caller would get bytes that no JSON reader takes.</summary>
    [Theory]
    [InlineData("text")]
    [InlineData("finish_reason")]
    [InlineData("logprobs")]
    public void Answer_that_is_not_UTF8_is_refused(string member)
    {
        var value = member == "logprobs" ? "{\"tokens\":[\"?\"]}" : "\"?\"";
        var chunk = Encoding.UTF8.GetBytes($"{{\"choices\":[{{\"index\":0,\"{member}\":{value}}}]}}");
        chunk[Array.IndexOf(chunk, (byte)'?')] = 0xff;

        Assert.Throws<UpstreamFormatException>(() => new CompletionResponsePatcher(Samples.Provider(), Header).Read(chunk, new StreamProgress()));
        Assert.Throws<UpstreamFormatException>(() => new CompletionStreamPatcher(Samples.Provider(), Header)
            .Transcode(default, chunk, new ArrayBufferWriter<byte>(), new StreamProgress()));
    }

    /// <summary>Prompts of 2 and 3 bytes with two choices each: 7 bytes of the four texts were generated.</summary>
    [Fact]
    public async Task Echoed_prompts_do_not_count_as_output()
    {
        var request = Api.Read(NoHead.Instance, """{"model":"acme/one","prompt":["\u00e9","abc"],"n":2,"echo":true,"stream":true}"""u8.ToArray());
        var exchange = request.CreateExchange(new CompletionsWire(), Endpoint(WireNames.OpenAICompletions));
        await exchange.WriteRequestAsync(new ArrayBufferWriter<byte>(), new List<string>(), NoMedia.Instance, TestContext.Current.CancellationToken);
        var whole = new StreamProgress();
        exchange.CreateResponseTranscoder(Header, null).Read(
            """{"choices":[{"index":0,"text":"\u00e91"},{"index":1,"text":"\u00e9"},{"index":3,"text":"abc12345"},{"index":2,"text":"abc1"}]}"""u8.ToArray(),
            whole);
        Assert.Equal(7, whole.OutputBytes);

        var (_, streamed) = Play(exchange.CreateStreamTranscoder(Header, null),
        [
            """{"choices":[{"index":2,"text":"ab"},{"index":0,"text":"\u00e9"}]}""", """{"choices":[{"index":2,"text":"c1"},{"index":0,"text":"1"}]}""",
        ]);
        Assert.Equal(2, streamed.OutputBytes);
    }

    [Fact]
    public void Error_in_a_good_status_is_told()
    {
        var progress = new StreamProgress();

        new CompletionResponsePatcher(Samples.Provider(), Header).Read("""{"error":{"message":"Overloaded","code":529}}"""u8.ToArray(), progress);

        Assert.Equal(new UpstreamError(529, null, null, "Overloaded"), progress.Error);
        Assert.False(progress.Completed);
    }

    private static (string Output, StreamProgress Progress) Play(IStreamTranscoder transcoder, string[] events)
    {
        var output = new ArrayBufferWriter<byte>();
        var progress = new StreamProgress();
        foreach (var data in events) transcoder.Transcode(default, Encoding.UTF8.GetBytes(data), output, progress);
        transcoder.Complete(Samples.Priced, output);
        return (Encoding.UTF8.GetString(output.WrittenSpan), progress);
    }

    private static string WithoutText(JsonNode choice)
    {
        choice.AsObject().Remove("text");
        return choice.ToJsonString();
    }

    private static Endpoint Endpoint(string wire) => new()
    {
        Model = new Model
        {
            Id = "acme/one",
            CanonicalSlug = "acme/one",
            Name = "One",
            InputModalities = System.Collections.Frozen.FrozenSet.Create("text"),
            OutputModalities = System.Collections.Frozen.FrozenSet.Create("text"),
        },
        Provider = new Provider { Slug = "alpha", Name = "Alpha", Wire = wire, Auth = AuthSchemes.Bearer },
        Tag = "alpha",
        UpstreamModel = "one-v1",
        SupportedParameters = (RequestParameters)ulong.MaxValue,
        DataPolicy = DataPolicy.Unknown,
    };
}
