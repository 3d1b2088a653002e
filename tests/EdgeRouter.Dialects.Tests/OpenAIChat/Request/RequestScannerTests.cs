using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

public sealed class RequestScannerTests
{
    public static TheoryData<string> Corpus => [.. RequestCorpus.Names];

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Every_corpus_body_is_accepted(string name) => Assert.InRange(Scan(RequestCorpus.Read(name)).MessageCount, 1, 10);

    [Fact]
    public void Routing_wishes_are_read_whole()
    {
        var scan = Scan(RequestCorpus.Read("all-routing-wishes"));
        Assert.Equal("meta/llama-4", scan.Model);
        Assert.Equal(["qwen/qwen3", "openai/gpt-5.2"], scan.FallbackModels);
        Assert.Equal(("s-1", "user-42"), (scan.SessionId, scan.User));
        var wishes = scan.Preferences;
        Assert.Equal(["deepinfra/turbo", "Amazon Bedrock"], wishes.Order);
        Assert.Equal(["deepinfra", "together"], wishes.Only);
        Assert.Equal(["x"], wishes.Ignore);
        Assert.Equal((false, true, true, true, false),
            (wishes.AllowFallbacks, wishes.RequireParameters, wishes.DenyDataCollection, wishes.ZeroDataRetention, wishes.EnforceDistillableText));
        Assert.Equal(["fp8", "bf16"], wishes.Quantizations);
        Assert.Equal(("throughput", true), (wishes.Sort, wishes.SortAcrossModels));
        Assert.Equal(new PercentileBounds(50, null, null, null), wishes.PreferredMinThroughput);
        Assert.Equal(new PercentileBounds(1.5, null, null, 4), wishes.PreferredMaxLatency);
        Assert.Equal(new MaxPrice(0.5m, 2m, null, null, 0m), wishes.MaxPrice);
    }

    [Fact]
    public void A_sort_may_be_a_word_and_null_preferences_are_none()
    {
        Assert.Equal("price", Scan(RequestCorpus.WithMembers("\"provider\":{\"sort\":\"price\",\"order\":null,\"max_price\":null}")).Preferences.Sort);
        Assert.Same(ProviderPreferences.None, Scan(RequestCorpus.WithMembers("\"provider\":null")).Preferences);
    }

    [Theory]
    [InlineData("minimal", RequestParameters.None)]
    [InlineData("every-nullable-null", RequestParameters.None)]
    [InlineData("text-format-and-other-defaults", RequestParameters.None)]
    [InlineData("json-object", RequestParameters.ResponseFormat)]
    [InlineData("json-schema", RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs)]
    [InlineData("tools-offered", RequestParameters.Tools | RequestParameters.ToolChoice | RequestParameters.ParallelToolCalls)]
    [InlineData("reasoning-budget", RequestParameters.Reasoning | RequestParameters.MaxTokens)]
    [InlineData("reasoning-effort-both-spellings", RequestParameters.Reasoning)]
    [InlineData("reasoning-content-alias", RequestParameters.Reasoning)]
    [InlineData("cache-markers", RequestParameters.CacheControl | RequestParameters.Tools)]
    [InlineData("cache-breakpoint", RequestParameters.CacheControl | RequestParameters.PromptCacheKey | RequestParameters.PromptCacheOptions)]
    [InlineData("unknown-parameters", RequestParameters.Unknown)]
    [InlineData("fast-tier", RequestParameters.ServiceTier)]
    [InlineData("prediction-and-verbosity", RequestParameters.Prediction | RequestParameters.Verbosity | RequestParameters.ServiceTier)]
    [InlineData("image-output", RequestParameters.Modalities | RequestParameters.ImageConfig)]
    [InlineData("audio-in-and-out", RequestParameters.Modalities | RequestParameters.Audio)]
    [InlineData("all-routing-wishes", RequestParameters.User)]
    [InlineData("every-sampling-parameter", RequestParameters.Temperature | RequestParameters.TopP | RequestParameters.TopK | RequestParameters.MinP
        | RequestParameters.TopA | RequestParameters.FrequencyPenalty | RequestParameters.PresencePenalty | RequestParameters.RepetitionPenalty
        | RequestParameters.Seed | RequestParameters.Stop | RequestParameters.LogitBias | RequestParameters.Logprobs | RequestParameters.TopLogprobs
        | RequestParameters.MaxTokens | RequestParameters.ChoiceCount)]
    public void Only_parameters_that_say_something_count(string name, RequestParameters parameters) =>
        Assert.Equal(parameters, Scan(RequestCorpus.Read(name)).Parameters);

    [Theory]
    [InlineData("image-inline-twice", InputModalities.Image, 2)]
    [InlineData("pdf", InputModalities.File, 2)]
    [InlineData("audio-in-and-out", InputModalities.Audio, 1)]
    [InlineData("video", InputModalities.Video, 1)]
    [InlineData("video-legacy-type", InputModalities.Video, 1)]
    [InlineData("minimal", InputModalities.None, 0)]
    public void Media_are_counted(string name, InputModalities modalities, int count)
    {
        var scan = Scan(RequestCorpus.Read(name));
        Assert.Equal((modalities, count), (scan.Modalities, scan.MediaCount));
    }

    [Theory]
    [InlineData("{\"role\":\"user\",\"content\":\"héllo\"}", 6)]
    [InlineData("{\"role\":\"user\",\"content\":\"a\\n\\u00e9\\u20ac\\ud83d\\ude00\\\\u\"}", 1 + 1 + 2 + 3 + 4 + 2)]
    [InlineData("{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"abc\"}]},{\"role\":\"user\",\"content\":\"de\"}", 5)]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}},{\"type\":\"text\","
        + "\"text\":\"x\"}]}", 1)]
    [InlineData("{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"fn\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\","
        + "\"tool_call_id\":\"c1\",\"content\":\"ok\"}", 6)]
    public void Text_is_counted_in_unescaped_bytes_without_base64(string messages, long bytes) =>
        Assert.Equal(bytes, Scan(RequestCorpus.WithMessages(messages)).TextBytes);

    [Fact]
    public void Schemas_and_descriptions_count_as_text()
    {
        var scan = Scan(
            RequestCorpus.WithMembers("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"dd\",\"parameters\":{\"a\":1}}}]"));
        Assert.Equal("Hi".Length + "f".Length + "dd".Length + "{\"a\":1}".Length, scan.TextBytes);
    }

    [Fact]
    public void Bounds_choices_and_outputs_are_read()
    {
        var scan = Scan(RequestCorpus.WithMembers("\"max_tokens\":5,\"max_completion_tokens\":7,\"n\":3,\"stream\":true,\"modalities\":[\"image\",\"text\"]"));
        Assert.Equal((7, 3, true, true, false), (scan.MaxOutputTokens, scan.ChoiceCount, scan.Stream, scan.WantsImageOutput, scan.WantsAudioOutput));
        Assert.True(Scan(RequestCorpus.Read("audio-in-and-out")).WantsAudioOutput);
        Assert.Equal(5, Scan(RequestCorpus.WithMembers("\"max_tokens\":5,\"max_completion_tokens\":null")).MaxOutputTokens);
        Assert.Null(Scan(RequestCorpus.WithMembers("\"max_tokens\":null")).MaxOutputTokens);
    }

    [Theory]
    [InlineData("\"include_reasoning\":false", true)]
    [InlineData("\"include_reasoning\":true", false)]
    [InlineData("\"reasoning\":{\"exclude\":true}", true)]
    [InlineData("\"reasoning\":{\"exclude\":false},\"include_reasoning\":false", false)]
    [InlineData("\"reasoning\":{\"effort\":\"low\"},\"reasoning_effort\":\"low\"", false)]
    public void Reasoning_may_be_kept_from_the_caller(string members, bool excluded) =>
        Assert.Equal(excluded, Scan(RequestCorpus.WithMembers(members)).ExcludeReasoning);

    [Fact]
    public void The_legacy_prompt_is_one_message()
    {
        var scan = Scan(RequestCorpus.Read("legacy-prompt"));
        Assert.Equal((1, 16L, 20), (scan.MessageCount, scan.TextBytes, scan.MaxOutputTokens));
    }

    [Fact]
    public void A_small_body_costs_few_allocations()
    {
        var body = RequestCorpus.Read("streamed-with-usage");
        for (var i = 0; i < 50; i++) Scan(body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Scan(body);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2500);
    }

    private static OpenAIChatScan Scan(byte[] body) => OpenAIChatRequestScanner.Scan(body);
}
