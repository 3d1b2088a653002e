using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiAnswers;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiResponseReaderTests
{
    [Fact]
    public void Text_answer_is_read_whole()
    {
        var response = Respond(Fixture("text.json"));
        var choice = Assert.Single(response.Choices);

        Assert.Equal(("aYx1aLrGKo2nz7IP7f-t4Ac", "gemini-2.5-flash"), (response.UpstreamId, response.UpstreamModel));
        Assert.Equal(new TokenUsage { Input = 12, Output = 5, Reasoning = 40 }, response.Usage);
        Assert.Equal((0, FinishReason.Stop, "STOP"), (choice.Index, choice.FinishReason, choice.NativeFinishReason));
        Assert.Equal(ChatRole.Assistant, choice.Message.Role);
        Assert.Equal(
            [
                new ReasoningPart(ReasoningKind.Text) { Text = "**Planning**\n", Format = ReasoningFormats.Gemini, Index = 0 },
                new TextPart("The sky is "),
                new ReasoningPart(ReasoningKind.Encrypted) { Data = "CiEBjz1rX0il", Format = ReasoningFormats.Gemini, Index = 1 },
                new TextPart("blue."),
            ],
            choice.Message.Content);
    }

    [Fact]
    public void Calls_keep_their_ids_and_signatures_or_get_ids_made_of_allowed_letters()
    {
        var choice = Respond(Fixture("calls.json")).Choices[0];

        Assert.Equal(
            [
                new ToolCallPart("call_0_r1_weather", "weather", """{ "city": "Oslo", "days": 3 }""") { Signature = "CtQBAdHtim8=" },
                new ToolCallPart("call_1_r1_math_round", "math.round", "{}"),
                new ToolCallPart("provider-id", "time", "{}"),
            ],
            choice.Message.Content);
        Assert.Equal(FinishReason.ToolCalls, choice.FinishReason);
    }

    [Fact]
    public void Made_call_ids_are_unique_and_not_too_long_for_any_provider()
    {
        var call = $$$"""{"functionCall":{"name":"{{{new string('f', 64)}}}"}}""";
        var calls = Respond($$$"""{"candidates":[{"content":{"parts":[{{{call}}},{{{call}}}]}},{"index":1,"content":{"parts":[{{{call}}}]}}]}""")
            .Choices.SelectMany(choice => choice.Message.Content.OfType<ToolCallPart>()).ToList();

        Assert.Equal(3, calls.Select(made => made.Id).Distinct().Count());
        Assert.All(calls, made => Assert.Equal(40, made.Id.Length));
    }

    [Fact]
    public void Media_code_and_sources_are_kept()
    {
        var message = Respond(Fixture("media.json")).Choices[0].Message;

        Assert.Equal(
            [
                new TextPart("Here:"),
                new ImagePart("data:image/png;base64,AAEC") { IsGenerated = true },
                new ReasoningPart(ReasoningKind.Encrypted) { Data = "PIC", Format = ReasoningFormats.Gemini, Index = 0 },
                new TextPart("and code"),
                new CitationPart("https://example.com/a", "A"),
                new CitationPart("https://example.com/b"),
            ],
            message.Content);
        Assert.Equal(
            new SortedDictionary<string, string>
            {
                ["audio"] = """{"data":"AAEC"}""",
                ["code_execution_result"] = """[{"outcome":"OUTCOME_OK","output":"1\n"}]""",
                ["executable_code"] = """[{"language":"PYTHON","code":"print(1)"},{"language":"PYTHON","code":"print(2)"}]""",
                ["inline_data"] = """[{"mimeType":"application/pdf","data":"UERG"}]""",
            },
            new SortedDictionary<string, string>(
                message.Extensions.ToDictionary(pair => pair.Key, pair => pair.Value.GetRawText().Replace(" ", "", StringComparison.Ordinal))));
    }

    [Fact]
    public void Log_probabilities_take_the_openai_shape() =>
        Assert.Equal(
            """{"content":[{"token":"n","logprob":-0.25,"bytes":[110],"top_logprobs":[{"token":"n","logprob":-0.25,"bytes":[110]},{"token":"m","logprob":-2"""
                + ""","bytes":[109]}]},"""
            + """{"token":"\u00E9","logprob":-0.5,"bytes":[195,169],"top_logprobs":[]}],"refusal":null}""",
            Respond(Fixture("logprobs.json")).Choices[0].Logprobs!.Value.GetRawText());

    [Fact]
    public void Choices_come_in_order_of_index() =>
        Assert.Equal([0, 2], Respond("""{"candidates":[{"index":2,"finishReason":"STOP"},{"index":0}]}""").Choices.Select(choice => choice.Index));

    public static TheoryData<string, FinishReason> FinishReasons => new()
    {
        { "STOP", FinishReason.Stop },
        { "MAX_TOKENS", FinishReason.Length },
        { "SAFETY", FinishReason.ContentFilter },
        { "RECITATION", FinishReason.ContentFilter },
        { "LANGUAGE", FinishReason.ContentFilter },
        { "BLOCKLIST", FinishReason.ContentFilter },
        { "PROHIBITED_CONTENT", FinishReason.ContentFilter },
        { "SPII", FinishReason.ContentFilter },
        { "MODEL_ARMOR", FinishReason.ContentFilter },
        { "IMAGE_SAFETY", FinishReason.ContentFilter },
        { "IMAGE_PROHIBITED_CONTENT", FinishReason.ContentFilter },
        { "IMAGE_RECITATION", FinishReason.ContentFilter },
        { "IMAGE_OTHER", FinishReason.Error },
        { "NO_IMAGE", FinishReason.Error },
        { "MALFORMED_FUNCTION_CALL", FinishReason.Error },
        { "UNEXPECTED_TOOL_CALL", FinishReason.Error },
        { "TOO_MANY_TOOL_CALLS", FinishReason.Error },
        { "MISSING_THOUGHT_SIGNATURE", FinishReason.Error },
        { "MALFORMED_RESPONSE", FinishReason.Error },
        { "OTHER", FinishReason.Error },
        { "INVENTED_TOMORROW", FinishReason.Error },
    };

    [Theory]
    [MemberData(nameof(FinishReasons))]
    public void Finish_reason_is_translated_and_kept(string native, FinishReason expected)
    {
        var choice = Respond($$$"""{"candidates":[{"finishReason":"{{{native}}}"}]}""").Choices[0];

        Assert.Equal((expected, native), (choice.FinishReason, choice.NativeFinishReason));
    }

    [Fact]
    public void Answer_cut_at_the_limit_while_calling_ends_by_length() =>
        Assert.Equal(FinishReason.Length, Respond("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"}}]},"finishReason":"MAX_TOKENS"}]}""")
            .Choices[0].FinishReason);

    [Theory]
    [InlineData("""{"candidates":[{}]}""")]
    [InlineData("""{"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]}""")]
    public void Finish_reason_not_told_is_unknown(string body) => Assert.Null(Respond(body).Choices[0].FinishReason);

    [Fact]
    public void Refused_prompt_is_one_filtered_choice()
    {
        var choice = Assert.Single(Respond("""{"promptFeedback":{"blockReason":"SAFETY"}}""").Choices);

        Assert.Equal((FinishReason.ContentFilter, "SAFETY"), (choice.FinishReason, choice.NativeFinishReason));
        Assert.Empty(choice.Message.Content);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"candidates":[],"usageMetadata":{"promptTokenCount":1}}""")]
    [InlineData("""{"error":{"code":500,"status":"INTERNAL"}}""")]
    [InlineData("""{"choices":[{"message":{"content":"hi"}}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16","data":"AA=="}},"""
        + """{"inlineData":{"mimeType":"audio/L16","data":"?"}}]}}]}""")]
    public void What_is_no_answer_is_a_format_error(string body) => Assert.Throws<UpstreamFormatException>(() => Respond(body));

    [Fact]
    public void Format_error_does_not_quote_the_answer()
    {
        var error = Assert.Throws<UpstreamFormatException>(() => Respond("""{"candidates":[{"content":{"parts":[{"text":"the secret" nonsense"""));

        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("nonsense", error.ToString(), StringComparison.Ordinal);
    }
}
