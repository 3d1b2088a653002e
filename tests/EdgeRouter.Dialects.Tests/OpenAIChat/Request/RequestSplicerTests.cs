using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

public sealed class RequestSplicerTests
{
    public static TheoryData<string> Targets => [.. RequestTargets.All.Keys];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Over_the_corpus_the_fast_path_says_what_the_canonical_path_says(string target)
    {
        foreach (var name in RequestCorpus.Names) AssertSame(RequestCorpus.Read(name), RequestTargets.All[target]);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Over_random_bodies_the_fast_path_says_what_the_canonical_path_says(string target)
    {
        var requests = new RandomRequests(new Random(20261120));
        var taken = 0;
        for (var i = 0; i < 1000; i++)
            if (AssertSame(requests.Next(), RequestTargets.All[target])) taken++;
        Assert.InRange(taken, 500, 1000);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Over_damaged_bodies_that_are_still_valid_the_fast_path_says_what_the_canonical_path_says(string target)
    {
        var random = new Random(20261121);
        var valid = 0;
        foreach (var name in RequestCorpus.Names)
        {
            for (var round = 0; round < 60; round++)
            {
                var body = RequestCorpus.Read(name);
                body[random.Next(body.Length)] = (byte)random.Next(' ', 128);
                if (!IsValid(body)) continue;
                valid++;
                AssertSame(body, RequestTargets.All[target]);
            }
        }
        Assert.InRange(valid, 100, int.MaxValue);
    }

    [Theory]
    [InlineData("minimal")]
    [InlineData("streamed-with-usage")]
    [InlineData("every-sampling-parameter")]
    [InlineData("image-inline-twice")]
    [InlineData("video-legacy-type")]
    [InlineData("tool-conversation")]
    [InlineData("assistant-echoed-by-python-client")]
    [InlineData("assistant-tool-call-without-content-or-type")]
    [InlineData("assistant-echoed-with-reasoning")]
    [InlineData("json-schema")]
    [InlineData("cache-markers")]
    [InlineData("all-routing-wishes")]
    [InlineData("unknown-parameters")]
    [InlineData("escapes-and-whitespace")]
    public void The_fast_path_is_taken(string name)
    {
        foreach (var target in new[] { RequestTargets.Permissive, RequestTargets.All["refusing"] })
            Assert.True(Splice(RequestCorpus.Read(name), target, new ArrayBufferWriter<byte>(), []));
    }

    [Theory]
    [InlineData("legacy-prompt", "permissive")]
    [InlineData("cache-breakpoint", "permissive")]
    [InlineData("reasoning-content-alias", "taking reasoning back")]
    [InlineData("assistant-echoed-with-reasoning", "OpenRouter itself")]
    public void What_must_be_translated_is_left_to_the_canonical_path_untouched(string name, string target)
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new List<string>();
        Assert.False(Splice(RequestCorpus.Read(name), RequestTargets.All[target], output, dropped));
        Assert.Equal((0, 0), (output.WrittenCount, dropped.Count));
    }

    [Fact]
    public void The_body_is_the_callers_but_for_what_must_differ()
    {
        var body = """{"model":"openai/gpt-5.2","messages":[{"role":"user","content":"A  é"}],"temperature":0.70,"provider":{"sort":"price"}"""
            + ""","max_completion_tokens":9,"x":[1, 2]}""";
        var output = new ArrayBufferWriter<byte>();
        var target = RequestTargets.Create(stream: true, renames: [("max_tokens", "max_out")]);
        Assert.True(Splice(RequestCorpus.Bytes(body), target, output, []));
        Assert.Equal("""{"model":"provider-model","messages":[{"role":"user","content":"A  é"}],"temperature":0.70,"max_out":9,"x":[1, 2],"stream":true"""
            + ""","stream_options":{"include_usage":true}}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""{"role":"user","content":"x","name":null}""", """{"role":"user","content":"x"}""")]
    [InlineData("""{"name":null,"role":"user","content":"x"}""", """{"role":"user","content":"x"}""")]
    [InlineData("""{"role":"assistant","refusal":null,"audio":null,"content":"x" , "tool_calls":[],"model":"a/b" }""",
        """{"role":"assistant","content":"x"}""")]
    [InlineData("""{"role":"assistant","content":[]}""", """{"role":"assistant","content":null}""")]
    [InlineData("""{"role":"assistant"}""", """{"role":"assistant","content":null}""")]
    [InlineData("""{"role":"assistant","content":null}""", """{"role":"assistant","content":null}""")]
    [InlineData("""{"role":"assistant","reasoning":"r","content":"x","reasoning_details":[{"type":"reasoning.text","text":"r"}]}""",
        """{"role":"assistant","content":"x"}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"x"}]}""", """{"role":"user","content":"x"}""")]
    [InlineData("""{"role":"user","content":[{"type":"input_video","video_url":{"url":"u"}}]}""",
        """{"role":"user","content":[{"type":"video_url","video_url":{"url":"u"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}},{"cache_control":{"type":"ephemeral"}"""
        + ""","type":"text","text":"y"}]}""",
        """{"role":"user","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}""")]
    public void Messages_are_edited_in_place(string message, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Splice(RequestCorpus.WithMessages(message), RequestTargets.Create(refused: RequestParameters.CacheControl), output, []));
        using var written = JsonDocument.Parse(output.WrittenMemory);
        Assert.Equal(expected, written.RootElement.GetProperty("messages")[0].GetRawText().Replace(" }", "}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plain_body_costs_next_to_no_allocation()
    {
        var body = RequestCorpus.Read("streamed-with-usage");
        var scan = OpenAIChatRequestScanner.Scan(body);
        var output = new ArrayBufferWriter<byte>(4096);
        var dropped = new List<string>();
        SpliceAgain();
        var before = GC.GetAllocatedBytesForCurrentThread();
        SpliceAgain();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void SpliceAgain()
        {
            output.ResetWrittenCount();
            Assert.True(Splice(scan, RequestTargets.Streaming, output, dropped));
        }
    }

    private static bool AssertSame(byte[] body, WireTarget target)
    {
        var spliced = new ArrayBufferWriter<byte>();
        var splicedDrops = new List<string>();
        var canonical = new ArrayBufferWriter<byte>();
        var canonicalDrops = new List<string>();
        if (!Splice(body, target, spliced, splicedDrops)) return false;
        OpenAIChatRequestWriter.Write(OpenAIChatRequestReader.Read(body), target, canonical, canonicalDrops);
        using var left = JsonDocument.Parse(spliced.WrittenMemory, new JsonDocumentOptions { AllowDuplicateProperties = false });
        using var right = JsonDocument.Parse(canonical.WrittenMemory, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.True(JsonElement.DeepEquals(left.RootElement, right.RootElement),
            $"body:\n{Encoding.UTF8.GetString(body)}\nspliced:\n{left.RootElement}\ncanonical:\n{right.RootElement}");
        Assert.Equal(canonicalDrops.Order(StringComparer.Ordinal), splicedDrops.Order(StringComparer.Ordinal));
        Assert.Distinct(splicedDrops);
        return true;
    }

    private static bool IsValid(byte[] body)
    {
        try
        {
            OpenAIChatRequestScanner.Scan(body);
            return true;
        }
        catch (RouterException)
        {
            return false;
        }
    }

    private static bool Splice(byte[] body, WireTarget target, ArrayBufferWriter<byte> output, List<string> dropped) =>
        Splice(OpenAIChatRequestScanner.Scan(body), target, output, dropped);

    private static bool Splice(OpenAIChatScan scan, WireTarget target, ArrayBufferWriter<byte> output, List<string> dropped)
    {
        if (!OpenAIChatRequestSplicer.CanSplice(scan, target)) return false;
        OpenAIChatRequestSplicer.Write(scan, OpenAIChatRequestMembers.Table,
            new OpenAIChatMemberOutput(target, OpenAIChatMemberOutput.Everything, output, dropped));
        return true;
    }
}
