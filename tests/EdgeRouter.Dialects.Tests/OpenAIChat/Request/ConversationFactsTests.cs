using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

public sealed class ConversationFactsTests
{
    private const string Instructions = """{"role":"system","content":"Be brief."}""";
    private const string Question = """{"role":"user","content":"What is the time?"}""";
    private const string Call =
        """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"clock","arguments":"{}"}}]}""";
    private const string Result = """{"role":"tool","tool_call_id":"c1","content":"12:00"}""";
    private const string Answer = """{"role":"assistant","content":"Noon."}""";

    [Fact]
    public void A_conversation_that_goes_on_keeps_its_hash()
    {
        var first = HashOf(Instructions, Question);

        Assert.Equal(first, HashOf(Instructions, Question, Call, Result, Answer, """{"role":"user","content":"And now?"}"""));
        Assert.Equal(first, HashOf(Instructions, Question, """{"role":"system","content":"Be briefer."}"""));
    }

    [Fact]
    public void Cache_markers_that_move_on_do_not_change_the_hash() =>
        Assert.Equal(HashOf(Question),
            HashOf("""{"role":"user","content":[{"type":"text","text":"What is the time?","cache_control":{"type":"ephemeral"}}]}"""));

    [Theory]
    [InlineData("""{"role":"system","content":"Be long."}""", Question)]
    [InlineData(Instructions, """{"role":"user","content":"What is the date?"}""")]
    [InlineData(Instructions,
        """{"role":"user","content":[{"type":"text","text":"What is the time?"},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}""")]
    [InlineData(Question, Question)]
    [InlineData("""{"role":"user","content":"Be brief."}""", Question)]
    public void Other_first_messages_give_another_hash(string first, string second) => Assert.NotEqual(HashOf(Instructions, Question), HashOf(first, second));

    [Fact]
    public void Images_tell_conversations_apart()
    {
        static string Picture(string data) => "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + data
            + "\"}}]}";
        Assert.NotEqual(HashOf(Picture("AAAA")), HashOf(Picture("AAAB")));
        Assert.Equal(HashOf(Picture("AAAA")), HashOf(Picture("AAAA"), Answer));
    }

    [Theory]
    [InlineData("\"images\":[{\"image_url\":{\"url\":\"https://example.com/a.png\"}},{\"image_url\":{\"url\":\"b\"}}]", 2, 2, InputModalities.Image)]
    [InlineData("\"images\":[]", 0, 0, InputModalities.None)]
    [InlineData("\"audio\":{\"id\":\"a1\"}", 1, 0, InputModalities.Audio)]
    [InlineData("\"audio\":{\"data\":\"AAAA\"}", 1, 0, InputModalities.Audio)]
    [InlineData("\"audio\":{\"transcript\":\"hi\"}", 0, 0, InputModalities.None)]
    public void Media_that_the_model_made_are_counted_like_the_users(string member, int media, int images, InputModalities modalities)
    {
        var scan = OpenAIChatRequestScanner.Scan(RequestCorpus.WithMessages($"{{\"role\":\"assistant\",\"content\":\"x\",{member}}}"));

        Assert.Equal((media, images, modalities), (scan.MediaCount, scan.ImageCount, scan.Modalities));
    }

    [Theory]
    [InlineData("\"web_search_options\":{}", true)]
    [InlineData("\"x_search_filter\":{}", true)]
    [InlineData("\"search_parameters\":{\"mode\":\"on\"}", true)]
    [InlineData("\"search_parameters\":null", false)]
    [InlineData("\"n\":2", false)]
    public void Members_that_ask_for_searches_are_noted(string member, bool asks) =>
        Assert.Equal(asks, OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers(member)).AsksForSearch);

    [Fact]
    public void The_legacy_prompt_names_its_conversation_as_the_same_message_would() =>
        Assert.Equal(HashOf(Question), OpenAIChatRequestScanner.Scan(RequestCorpus.Bytes("""{"prompt":"What is the time?"}""")).ConversationHash);

    [Fact]
    public void The_hash_is_the_same_on_every_instance_and_release() => Assert.Equal(16216582211047767449, HashOf(Instructions, Question));

    [Theory]
    [InlineData(true, Question, Call, Result)]
    [InlineData(true, Question, Call, Result, Result)]
    [InlineData(true, Question, Call, Result, Call, Result)]
    [InlineData(true, Question, Call, Result, Instructions)]
    [InlineData(false, Question)]
    [InlineData(false, Question, Call)]
    [InlineData(false, Question, Call, Result, Answer)]
    [InlineData(false, Question, Call, Result, Question)]
    [InlineData(false, Question, Call, Result, Answer, Question)]
    [InlineData(false, Question, Answer, Result)]
    [InlineData(false, Question, """{"role":"assistant","content":"Hm.","tool_calls":[]}""", Result)]
    public void In_a_tool_loop_while_the_last_messages_answer_a_call_of_the_model(bool expected, params string[] messages) =>
        Assert.Equal(expected, Scan(messages).InToolLoop);

    [Theory]
    [InlineData(true, "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\",\"signature\":\"c2ln\"}]")]
    [InlineData(true, "\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"hm\"},{\"type\":\"reasoning.encrypted\",\"data\":\"c2ln\"}]")]
    [InlineData(true, "\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"c2ln\"},{\"type\":\"text\",\"text\":\"x\"}]")]
    [InlineData(true, "\"content\":[{\"type\":\"redacted_thinking\",\"data\":\"c2ln\"}]")]
    [InlineData(false, "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\"}]")]
    [InlineData(false, "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\",\"signature\":null}]")]
    [InlineData(false, "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\",\"signature\":\"\"}]")]
    [InlineData(false, "\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"hm\"}]")]
    [InlineData(false, "\"reasoning\":\"hm\",\"content\":\"x\"")]
    public void Signed_reasoning_is_noticed(bool expected, string members) =>
        Assert.Equal(expected, Scan(Question, $"{{\"role\":\"assistant\",{members}}}", Question).HasSignedReasoning);

    private static OpenAIChatScan Scan(params string[] messages) => OpenAIChatRequestScanner.Scan(RequestCorpus.WithMessages(string.Join(',', messages)));

    private static ulong? HashOf(params string[] messages) => Scan(messages).ConversationHash;
}
