using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.PassThrough;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

public sealed class OpenAIChatResponseTests
{
    private const string Head = """{"id":"gen-1760000000-AAabc","object":"chat.completion","created":1760000000,"model":"acme/one","provider":"Alpha",""";
    private const string NoHead = Head + "\"system_fingerprint\":null,\"service_tier\":null,\"choices\":[";
    private const string End = ""","finish_reason":"stop","native_finish_reason":"stop","logprobs":null}""";

    /// <summary>Body, expected answer up to its usage, whether it is copied only.</summary>
    public static TheoryData<string, string, bool> Bodies => new()
    {
        { """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt","choices":[{"index":0"""
            + ""","message":{"role":"assistant","content":"Hi \u00e9\ud83d","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}]"""
            + ""","usage":{"prompt_tokens":19,"completion_tokens":3,"total_tokens":22},"service_tier":"standard","system_fingerprint":"fp"}""",
            Head + "\"" + """system_fingerprint":"fp","service_tier":"default","choices":[{"index":0"""
                + ""","message":{"role":"assistant","content":"Hi é\ud83d","refusal":null}""" + End + "]", true },
        { """{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}""",
            NoHead + """{"index":0,"message":{"role":"assistant","content":"","refusal":null}""" + End + "]", true },
        { """{"choices":[{"message":{"content":null,"refusal":"No"},"finish_reason":"stop"}]}""",
            NoHead + """{"index":0,"message":{"role":"assistant","content":null,"refusal":"No"}""" + End + "]", true },
        { """{"choices":[{"message":{"content":"x","reasoning_content":"why"},"finish_reason":"stop"}]}""", NoHead + """{"index":0"""
            + ""","message":{"role":"assistant","content":"x","refusal":null"""
            + ""","reasoning":"why","reasoning_details":[{"type":"reasoning.text","text":"why","format":"unknown","index":0}]}""" + End + "]", true },
        { """{"choices":[{"message":{"content":"x"}}]}""", NoHead + """{"index":0,"message":{"role":"assistant","content":"x","refusal":null}"""
            + ""","finish_reason":null,"native_finish_reason":null,"logprobs":null}]""", true },
        { """{"choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},"""
            + """{"id":"a","type":"function","function":{"name":"g","arguments":"{}"}}]},"finish_reason":"stop"}]}""",
            NoHead + """{"index":0,"message":{"role":"assistant","content":null,"refusal":null"""
                + ""","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},"""
                + """{"id":"a","type":"function","function":{"name":"g","arguments":"{}"}}]}"""
                + ""","finish_reason":"tool_calls","native_finish_reason":"stop","logprobs":null}]""", true },
        { """{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"},{"index":1,"message":{"content":"b"},"finish_reason":"stop"}]}""",
            NoHead + """{"index":0,"message":{"role":"assistant","content":"a","refusal":null}""" + End
                + """,{"index":1,"message":{"role":"assistant","content":"b","refusal":null}""" + End + "]", true },
        { """{"choices":[{"index":1,"message":{"content":"b"},"finish_reason":"stop"},{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}""",
            NoHead + """{"index":0,"message":{"role":"assistant","content":"a","refusal":null}""" + End
                + """,{"index":1,"message":{"role":"assistant","content":"b","refusal":null}""" + End + "]", false },
        { """{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]},{"type":"text","text":"a"},"""
            + """{"type":"text","text":"b"}]},"finish_reason":"stop"}]}""",
            NoHead + """{"index":0,"message":{"role":"assistant","content":"ab","refusal":null"""
                + ""","reasoning":"t","reasoning_details":[{"type":"reasoning.text","text":"t","format":"unknown","index":0}]}""" + End + "]", false },
        { """{"choices":[{"message":{"content":"x","function_call":{"name":"f","arguments":{"a":1}}},"finish_reason":"function_call"}]}""",
            NoHead + """{"index":0,"message":{"role":"assistant","content":"x","refusal":null"""
                + ""","tool_calls":[{"id":"call_4b3ed9f1a4e6ad9b8a2f4b5c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}"""
                + ""","finish_reason":"tool_calls","native_finish_reason":"function_call","logprobs":null}]""", false },
        { """{"choices":[{"message":{"content":"x","reasoning":"r","reasoning_details":[{"type":"reasoning.text","text":"r","signature":"s"}]"""
            + ""","images":[{"type":"image_url","image_url":{"url":"data:,"}}],"audio":{"id":"a", "data":"AA"}},"logprobs":{"content":[ ]}"""
            + ""","finish_reason":"stop"}],"citations":["u"]}""",
            NoHead + """{"index":0,"message":{"role":"assistant","content":"x","refusal":null"""
                + ""","reasoning":"r","reasoning_details":[{"type":"reasoning.text","text":"r","signature":"s"}]"""
                + ""","images":[{"type":"image_url","image_url":{"url":"data:,"}}],"audio":{"id":"a","data":"AA"}}"""
                + ""","finish_reason":"stop","native_finish_reason":"stop","logprobs":{"content":[]}}],"citations":["u"]""", false },
    };

    [Theory, MemberData(nameof(Bodies))]
    public void Both_paths_write_the_same_answer(string body, string expected, bool isFast)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        foreach (var exclude in new[] { false, true })
        {
            var header = Samples.Header with { ExcludeReasoning = exclude };
            var patcher = new OpenAIChatResponsePatcher(Samples.Provider(), header);
            var (fast, fastProgress) = Transcode(patcher, bytes);
            var (canonical, canonicalProgress) = Transcode(Canonical(header), bytes);

            Assert.Equal(canonical, fast);
            Assert.Equal(canonicalProgress, fastProgress);
            Assert.Equal(isFast, patcher.IsFast);
            using var parsed = JsonDocument.Parse(fast);
            Assert.True(parsed.RootElement.TryGetProperty("system_fingerprint", out _));
            if (exclude) Assert.DoesNotContain("\"reasoning", fast, StringComparison.Ordinal);
            else Assert.Equal(expected.Replace(MadeId(expected), MadeId(fast), StringComparison.Ordinal),
                fast[..fast.LastIndexOf(",\"usage\":", StringComparison.Ordinal)]);
        }
    }

    [Fact]
    public void Answer_is_read_whole()
    {
        var response = Samples.Wire.ReadResponse(
            """
            {"id":"up","model":"m","system_fingerprint":"fp","service_tier":"flex","citations":["u"],
             "choices":[{"index":0,"finish_reason":"end_turn","message":{"role":"assistant","content":"text","refusal":"no",
              "reasoning":"why","audio":{"id":"a"},
               "tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}],"images":[{"image_url":{"url":"data:,"}}]}}],
             "usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}}}
            """u8.ToArray(), Samples.Provider());

        Assert.Equal(("up", "m", "fp", "flex"), (response.UpstreamId, response.UpstreamModel, response.SystemFingerprint, response.ServiceTier));
        Assert.Equal(new TokenUsage { Input = 2, CacheRead = 1, Output = 2 }, response.Usage);
        Assert.Equal("[\"u\"]", response.Extensions["citations"].GetRawText());
        var choice = Assert.Single(response.Choices);
        Assert.Equal((FinishReason.ToolCalls, "end_turn"), (choice.FinishReason, choice.NativeFinishReason));
        Assert.Equal(
            [
                new ReasoningPart(ReasoningKind.Plain) { Text = "why" },
                new TextPart("text"),
                new RefusalPart("no"),
                new ImagePart("data:,") { IsGenerated = true },
                new ToolCallPart("c", "f", "{}"),
            ],
            choice.Message.Content);
        Assert.Equal("""{"id":"a"}""", choice.Message.Extensions["audio"].GetRawText());
    }

    [Theory]
    [InlineData("""{"error":{"message":"Overloaded","code":529}}""")]
    [InlineData("""{"choices":[],"error":{"message":"Overloaded","code":"529"}}""")]
    [InlineData("""{"choices":[{"message":{"content":"part"},"finish_reason":"error","error":{"message":"Overloaded","code":529}}]}""")]
    public void An_error_in_a_good_status_is_told(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        IResponseTranscoder[] transcoders = [Canonical(Samples.Header), new OpenAIChatResponsePatcher(Samples.Provider(), Samples.Header)];
        foreach (var transcoder in transcoders)
        {
            var progress = new StreamProgress();
            transcoder.Read(bytes, progress);

            Assert.Equal(new UpstreamError(529, null, null, "Overloaded"), progress.Error);
            Assert.False(progress.Completed);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[7]}""")]
    [InlineData("""{"choices":[{"message":{"content":7}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"x"}}]} trailing""")]
    public void What_is_no_answer_is_refused(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Throws<UpstreamFormatException>(() => Samples.Wire.ReadResponse(bytes, Samples.Provider()));
        Assert.Throws<UpstreamFormatException>(() => new OpenAIChatResponsePatcher(Samples.Provider(), Samples.Header).Read(bytes, new StreamProgress()));
    }

    [Fact]
    public void Signatures_of_tool_calls_travel_in_reasoning_details()
    {
        var response = new ChatResponse
        {
            Choices =
            [
                new ChatChoice
                {
                    Index = 0,
                    Message = new ChatMessage { Role = ChatRole.Assistant, Content = [new ToolCallPart("c", "f", "{}") { Signature = "c2ln" }] },
                    FinishReason = FinishReason.ToolCalls,
                },
            ],
        };
        var written = Samples.Text(output => Samples.Request.WriteResponse(response, Samples.Header, Samples.Priced, output));

        Assert.Contains(
            "\"refusal\":null,\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"c2ln\",\"id\":\"c\",\"format\":\"google-gemini-v1\"}],"
                + "\"tool_calls\":[", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_that_nobody_knows_is_left_out()
    {
        var patcher = new OpenAIChatResponsePatcher(Samples.Provider(), Samples.Header);
        patcher.Read("""{"choices":[{"message":{"content":"x"}}]}"""u8.ToArray(), new StreamProgress());

        Assert.DoesNotContain("usage", Samples.Text(output => patcher.Write(new UsageReport(default, null, default, default), output)),
            StringComparison.Ordinal);
    }

    private static CanonicalResponseTranscoder Canonical(AnswerHeader header) => new(Samples.Wire, Samples.Provider(), Samples.Request, header);

    private static (string Output, string Progress) Transcode(IResponseTranscoder transcoder, byte[] body)
    {
        var progress = new StreamProgress();
        transcoder.Read(body, progress);
        var output = Samples.Text(buffer => transcoder.Write(Samples.Explained, buffer));
        return (output, new Samples.Played(output, progress, null).Summary);
    }

    /// <summary>The id that a reader made up for a call; something harmless when it made none.</summary>
    private static string MadeId(string answer)
    {
        var start = answer.IndexOf("call_", StringComparison.Ordinal);
        return start < 0 ? "call_" : answer[start..(start + 29)];
    }
}
