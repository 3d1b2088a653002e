using System.Text.Json;
using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Upstreams.Tests.Scripted.Requests;

namespace EdgeRouter.Upstreams.Tests.Scripted;

public class ScriptedProviderTests
{
    [Fact]
    public async Task Echo_repeats_the_last_user_text_word_by_word()
    {
        var events = await StreamAsync("echo",
            Of(new ChatMessage { Role = ChatRole.User, Content = [new TextPart("no")] },
            new ChatMessage { Role = ChatRole.User, Content = [new TextPart("hello  big\nworld")] }));
        Assert.Equal(["hello  ", "big\n", "world"], events.OfType<TextDelta>().Select(delta => delta.Text));
        Assert.IsType<ResponseStarted>(events[0]);
        Assert.IsType<ChoiceStarted>(events[1]);
        Assert.Equal([new ChoiceFinished(0, FinishReason.Stop, "stop"), new UsageReported(new TokenUsage { Input = 5, Output = 4 }), StreamCompleted.Instance],
            events[^3..]);
    }

    [Theory]
    [InlineData("", 0, 5)] // the answer is "(nothing was said)"
    [InlineData("four", 1, 1)]
    [InlineData("fiver", 2, 2)]
    [InlineData("ééé", 2, 2)]
    public async Task Usage_is_one_token_per_four_bytes_rounded_up(string text, long input, long output)
    {
        var usage = (await ReadAsync("echo", Saying(text))).Usage!.Value;
        Assert.Equal((input, output), (usage.Input, usage.Output));
        Assert.Null(usage.Reasoning);
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("tools")]
    [InlineData("json")]
    [InlineData("reasoning")]
    [InlineData("image")]
    [InlineData("slow-0ms")]
    [InlineData("usage-missing")]
    [InlineData("content-filter")]
    [InlineData("length")]
    public async Task Stream_and_whole_answer_agree(string model)
    {
        var request = Saying("tell me about the weather").WithTools() with { ChoiceCount = 2, Modalities = ["image"] };
        var events = await StreamAsync(model, request);
        var whole = await ReadAsync(model, request);
        var joined = new ResponseAssembler();
        foreach (var streamEvent in events) joined.Add(streamEvent);
        var streamed = joined.ToResponse();
        for (var choice = 0; choice < 2; choice++)
        {
            Assert.Equal(streamed.Choices[choice].Message.Content, whole.Choices[choice].Message.Content);
            Assert.NotEmpty(whole.Choices[choice].Message.Content);
            Assert.Equal(events.OfType<ChoiceFinished>().Single(finished => finished.Choice == choice).Reason, whole.Choices[choice].FinishReason);
        }
        Assert.Equal(events.OfType<UsageReported>().SingleOrDefault()?.Usage, whole.Usage);
    }

    [Fact]
    public async Task Same_request_gets_the_same_answer()
    {
        var request = Saying("hi").WithTools();
        Assert.Equal(await StreamAsync("tools", request), await StreamAsync("tools", request));
    }

    [Fact]
    public async Task Usage_missing_reports_no_usage() => Assert.Null((await ReadAsync("usage-missing", Saying("hi"))).Usage);

    [Theory]
    [InlineData("length", FinishReason.Length, "length")]
    [InlineData("content-filter", FinishReason.ContentFilter, "content_filter")]
    public async Task Cut_answer_has_half_of_the_text_and_its_reason(string model, FinishReason reason, string native)
    {
        var response = await ReadAsync(model, Saying("one two three"));
        Assert.Equal("one two ", response.Text());
        Assert.Equal((reason, native), (response.Choices[0].FinishReason, response.Choices[0].NativeFinishReason));
    }

    [Fact]
    public async Task Reasoning_comes_first_and_ends_with_a_signature()
    {
        var events = await StreamAsync("reasoning", Saying("hi there"));
        Assert.True(events.FindLastIndex(e => e is ReasoningDelta) < events.FindIndex(e => e is TextDelta));
        Assert.Equal("scripted-signature", events.OfType<ReasoningDelta>().Last().Block!.Signature);
        var response = await ReadAsync("reasoning", Saying("hi there"));
        Assert.Equal("hi there", response.Text());
        Assert.Equal(
            new ReasoningPart(ReasoningKind.Text)
            {
                Text = "The user said something. I will say it back.",
                Readable = "The user said something. I will say it back.",
                Signature = "scripted-signature",
                Format = ReasoningFormats.Unknown,
                Index = 0,
            },
            response.Choices[0].Message.Content[0]);
        Assert.True(response.Usage!.Value.Reasoning > 0);
    }

    [Fact]
    public async Task Image_describes_every_part_and_draws_when_asked()
    {
        var request = Of(new ChatMessage
        {
            Role = ChatRole.User,
            Content =
            [
                new TextPart("héllo"), new ImagePart("data:image/png;base64,AAECAw=="), new ImagePart("https://example.com/a.png"),
                    new FilePart("a.pdf", "data:application/pdf;base64,AAEC", null),
                new FilePart(null, null, "file-1"), new AudioPart("AAECAwQ=", "wav"), new VideoPart("data:video/mp4;base64,AA=="), new ImagePart("data:broken"),
            ],
        });
        var response = await ReadAsync("image", request with { Modalities = ["text", "image"] });
        Assert.Equal(
            "text 6 bytes; image image/png 4 bytes; image at a URL; file application/pdf 3 bytes; file id file-1; audio wav 5 bytes; video video/mp4 1 bytes; "
                + "image of a broken data URL",
            response.Text());
        Assert.StartsWith("data:image/png;base64,iVBOR", Assert.Single(response.Choices[0].Message.Content.OfType<ImagePart>()).Url);
        Assert.Empty((await ReadAsync("image", request)).Choices[0].Message.Content.OfType<ImagePart>());
    }

    [Theory]
    [InlineData("echo", """{"text":"say \u0022hi\u0022"}""")]
    [InlineData("json", """{"text":"say \u0022hi\u0022"}""")]
    public async Task Json_object_holds_the_text(string model, string expected) =>
        Assert.Equal(expected,
            (await ReadAsync(model, Saying("say \"hi\"") with { ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonObject } })).Text());

    [Fact]
    public async Task Json_schema_is_honoured_by_every_script_that_speaks()
    {
        var schema = JsonDocument.Parse("""{"type":"object","properties":{"answer":{"enum":["yes","no"]}},"required":["answer"]}""").RootElement;
        var request = Saying("well?") with { ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, Name = "x", Schema = schema } };
        foreach (var model in (string[])["echo", "json", "reasoning", "image"]) Assert.Equal("""{"answer":"yes"}""", (await ReadAsync(model, request)).Text());
    }

    [Theory]
    [InlineData(1, "abcd")]
    [InlineData(2, "abcd é")]
    [InlineData(100, "abcd ééé")]
    public async Task Max_tokens_cuts_between_characters(int maxTokens, string expected)
    {
        var response = await ReadAsync("echo", Saying("abcd ééé") with { MaxOutputTokens = maxTokens });
        Assert.Equal(expected, response.Text());
        Assert.Equal(maxTokens == 100 ? FinishReason.Stop : FinishReason.Length, response.Choices[0].FinishReason);
        Assert.True(response.Usage!.Value.CompletionTotal <= maxTokens);
    }

    [Fact]
    public async Task Max_tokens_bounds_reasoning_and_output_together()
    {
        for (var maxTokens = 1; maxTokens < 30; maxTokens++)
        {
            var response = await ReadAsync("reasoning", Saying("some words to say") with { MaxOutputTokens = maxTokens });
            Assert.True(response.Usage!.Value.CompletionTotal <= maxTokens);
        }
    }
}
