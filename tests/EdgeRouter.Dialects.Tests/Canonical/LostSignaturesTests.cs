using System.Buffers;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.Tests.AnthropicMessages;
using EdgeRouter.Dialects.Tests.Gemini;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Canonical;

/// <summary>A client drops reasoning from the turn that called a tool; the provider gets it back.</summary>
public sealed class LostSignaturesTests
{
    private const string Tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
    private const string Ask = "{\"role\":\"user\",\"content\":\"Hi\"}";
    private const string Result = "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"ok\"}";

    private const string Call =
        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";

    private const string CallWithReasoning =
        "{\"role\":\"assistant\",\"content\":null,\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"own\",\"signature\":\"own\","
        + "\"format\":\"anthropic-claude-v1\"}],\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";

    private static readonly IConversationWire Anthropic = new AnthropicMessagesWire();
    private static readonly IConversationWire Gemini = new GeminiWire();
    private readonly VirtualTimeProvider time = new();
    private readonly SignatureMemory memory;

    public LostSignaturesTests() => memory = new SignatureMemory(time);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thinking_block_comes_back_before_the_call_it_led_to(bool stream)
    {
        await AnswerAsync(Anthropic, stream);

        Assert.Contains("""{"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"sig"},{"type":"tool_use","id":"c1","name":""",
            await NextAsync(Anthropic, Call), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thought_signature_comes_back_with_its_call(bool stream)
    {
        await AnswerAsync(Gemini, stream);

        Assert.Contains("\"thoughtSignature\":\"gsig\"", await NextAsync(Gemini, Call), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_client_has_kept_stays_as_it_is()
    {
        await AnswerAsync(Anthropic, stream: false);

        var sent = await NextAsync(Anthropic, CallWithReasoning);

        Assert.Contains("\"signature\":\"own\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("\"signature\":\"sig\"", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_caller_another_format_and_a_later_hour_get_nothing()
    {
        await AnswerAsync(Anthropic, stream: false);

        Assert.DoesNotContain("sig\"", await NextAsync(Anthropic, Call, account: "other"), StringComparison.Ordinal);
        Assert.DoesNotContain("sig\"", await NextAsync(Gemini, Call), StringComparison.Ordinal);
        Assert.Contains("\"sig\"", await NextAsync(Anthropic, Call), StringComparison.Ordinal);
        time.Advance(SignatureMemory.Lifetime);
        Assert.DoesNotContain("sig\"", await NextAsync(Anthropic, Call), StringComparison.Ordinal);
    }

    [Fact]
    public void Oldest_turns_make_room()
    {
        for (var i = 0; i <= SignatureMemory.MostTurns; i++) memory.Remember("a", Turn("c" + i, 10));

        Assert.False(memory.TryFind("a", "c0", out _));
        Assert.True(memory.TryFind("a", "c1", out _));
        Assert.True(memory.TryFind("a", "c" + SignatureMemory.MostTurns, out _));
    }

    [Fact]
    public void Bytes_are_bounded_in_all_and_by_turn()
    {
        const int Length = 200 * 1024;
        const int Fitting = (int)(SignatureMemory.MostBytes / (Length * sizeof(char)));
        for (var i = 0; i < Fitting + 5; i++) memory.Remember("a", Turn("c" + i, Length));
        memory.Remember("a", Turn("huge", SignatureMemory.MostBytesOfTurn));

        Assert.False(memory.TryFind("a", "c4", out _));
        Assert.True(memory.TryFind("a", "c" + (Fitting + 4), out _));
        Assert.False(memory.TryFind("a", "huge", out _));
    }

    [Fact]
    public void Turn_that_is_remembered_anew_outlives_the_first_time()
    {
        memory.Remember("a", Turn("c", 10));
        time.Advance(SignatureMemory.Lifetime / 2);
        memory.Remember("a", Turn("c", 20));
        time.Advance(SignatureMemory.Lifetime / 2);
        memory.Remember("a", Turn("d", 10));

        Assert.True(memory.TryFind("a", "c", out var turn));
        Assert.Equal(20, turn.CallSignatures[0]!.Length);
    }

    private static SignedTurn Turn(string callId, int length) => new("f", [], [callId], [new string('s', length)]);

    private async Task AnswerAsync(IConversationWire wire, bool stream)
    {
        var exchange = Exchange(wire, Ask, "me");
        await WriteAsync(exchange);
        if (!stream)
        {
            var whole = exchange.CreateResponseTranscoder(Samples.Header, null);
            whole.Read(Encoding.UTF8.GetBytes(wire == Gemini ? GeminiAnswer : AnthropicAnswer), new StreamProgress());
            whole.Write(UsageReport.Unknown, new ArrayBufferWriter<byte>());
            return;
        }
        var transcoder = exchange.CreateStreamTranscoder(Samples.Header, null);
        string[] events = wire == Gemini ? [GeminiAnswer] : AnthropicEvents;
        foreach (var data in events) transcoder.Transcode(default, Encoding.UTF8.GetBytes(data), new ArrayBufferWriter<byte>(), new StreamProgress());
        transcoder.Complete(UsageReport.Unknown, new ArrayBufferWriter<byte>());
    }

    private Task<string> NextAsync(IConversationWire wire, string call, string account = "me") =>
        WriteAsync(Exchange(wire, $"{Ask},{call},{Result}", account));

    private IExchange Exchange(IConversationWire wire, string messages, string account)
    {
        var request = new OpenAIChatCallerApi().Read(NoHead.Instance, Encoding.UTF8.GetBytes($"{{\"model\":\"a/m\",{Tools},\"messages\":[{messages}]}}"));
        request.Signatures = memory;
        request.Facts.Account = account;
        return request.CreateExchange(wire, EndpointOf(wire));
    }

    private static async Task<string> WriteAsync(IExchange exchange)
    {
        var output = new ArrayBufferWriter<byte>();
        await exchange.WriteRequestAsync(output, new List<string>(), NoFetches.Instance, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static Endpoint EndpointOf(IConversationWire wire) =>
        wire == Gemini ? GeminiTarget.For(GeminiTarget.Gemini3).Endpoint : AnthropicRequests.Target().Endpoint;

    private const string AnthropicAnswer = """
        {"type":"message","content":[{"type":"thinking","thinking":"Hm","signature":"sig"},{"type":"tool_use","id":"c1","name":"f","input":{}}],
        "stop_reason":"tool_use"}
        """;

    private const string GeminiAnswer = """
        {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"id":"c1","name":"f","args":{}},"thoughtSignature":"gsig"}]},
        "finishReason":"STOP"}]}
        """;

    private static readonly string[] AnthropicEvents =
    [
        AnthropicStreams.Start,
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me see"}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"c1","name":"f","input":{}}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}""",
        """{"type":"content_block_stop","index":2}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":5}}""",
        """{"type":"message_stop"}""",
    ];
}
