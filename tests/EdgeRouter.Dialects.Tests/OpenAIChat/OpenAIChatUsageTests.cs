using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

public sealed class OpenAIChatUsageTests
{
    private const CachedTokenCounting Inside = CachedTokenCounting.InsidePrompt;

    public static TheoryData<string, CachedTokenCounting, TokenUsage?> Usages => new()
    {
        { """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}""", Inside, new() { Input = 10, Output = 5 } },
        { """{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}}""", Inside,
            new() { Input = 6, CacheRead = 4, Output = 5 } },
        { """{"prompt_tokens":10,"completion_tokens":5,"cached_tokens":4}""", CachedTokenCounting.InsidePromptTopLevel,
            new() { Input = 6, CacheRead = 4, Output = 5 } },
        { """{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}""", CachedTokenCounting.PromptCacheHitTokens,
            new() { Input = 6, CacheRead = 4, Output = 5 } },
        { """{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3}}""", CachedTokenCounting.BesideInput,
            new() { Input = 10, CacheRead = 4, CacheWrite5m = 3, Output = 5 } },
        { """{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}}""", CachedTokenCounting.NotReported,
            new() { Input = 10, Output = 5 } },
        { """{"prompt_tokens":10,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":2,"cache_write_tokens":1,"audio_tokens":3,"image_tokens":1"""
            + ""","video_tokens":1},"completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":3,"image_tokens":1,"accepted_prediction_tokens":1"""
            + ""","rejected_prediction_tokens":1}}""",
            Inside,
            new() { Input = 2, CacheRead = 2, CacheWrite5m = 1, InputAudio = 3, InputImage = 1, InputVideo = 1, Output = 3, Reasoning = 2, OutputAudio = 3,
                OutputImage = 1, AcceptedPrediction = 1, RejectedPrediction = 1 } },
        // parts that exceed their whole are cut, in order; the whole stays
        { """{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":99,"audio_tokens":7}"""
            + ""","completion_tokens_details":{"reasoning_tokens":9,"audio_tokens":1}}""",
            Inside, new() { Input = 0, CacheRead = 10, InputAudio = 0, Output = 0, Reasoning = 5, OutputAudio = 0 } },
        // reasoning beside the completion, as the total shows
        { """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":22,"completion_tokens_details":{"reasoning_tokens":7}}""", Inside,
            new() { Input = 10, Output = 5, Reasoning = 7 } },
        // zero is told, null and absent are not
        { """{"prompt_tokens":0,"completion_tokens":0}""", Inside, new() { Input = 0, Output = 0 } },
        { """{"prompt_tokens":3,"completion_tokens":null,"prompt_tokens_details":null}""", Inside, new() { Input = 3 } },
        { """{"total_tokens":9,"completion_tokens":4}""", Inside, new() { Input = 5, Output = 4 } },
        { """{"total_tokens":9}""", Inside, null },
        { "{}", Inside, null },
        { "null", Inside, null },
        { "7", Inside, null },
        // numbers that are no counts are read as they are, within bounds
        { """{"prompt_tokens":-1,"completion_tokens":4.0}""", Inside, new() { Input = -1, Output = 4 } },
        { """{"prompt_tokens":1e300,"completion_tokens":99999999999999999}""", Inside,
            new() { Input = TokenUsage.MaxReported, Output = TokenUsage.MaxReported } },
        { """{"prompt_tokens":[1],"completion_tokens":{"a":2},"prompt_tokens_details":[3],"total_tokens":"4"}""", Inside, null },
    };

    [Theory, MemberData(nameof(Usages))]
    public void Classes_are_disjoint_and_the_whole_is_kept(string json, CachedTokenCounting counting, TokenUsage? expected)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();

        Assert.Equal(expected, OpenAIChatUsageReader.Read(ref reader, counting));
        Assert.False(reader.Read());
    }

    [Fact]
    public void No_parts_ever_change_the_whole()
    {
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            long prompt = random.Next(50), completion = random.Next(50);
            var json = $$$"""
                {"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}},
                 "prompt_tokens_details":{"cached_tokens":{{{random.Next(40)}}},"cache_write_tokens":{{{random.Next(40)}}},
                  "audio_tokens":{{{random.Next(40)}}}},
                 "completion_tokens_details":{"reasoning_tokens":{{{random.Next(40)}}},"image_tokens":{{{random.Next(40)}}}}}
                """;
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            reader.Read();
            var usage = OpenAIChatUsageReader.Read(ref reader, Inside);

            Assert.Equal((prompt, completion), (usage?.PromptTotal ?? 0, usage?.CompletionTotal ?? 0));
            Assert.True(usage is { Input: >= 0, Output: >= 0 });
        }
    }

    [Fact]
    public void Report_has_every_member_that_is_known()
    {
        var usage = new TokenUsage
        {
            Input = 2,
            CacheRead = 2,
            CacheWrite5m = 1,
            CacheWrite1h = 1,
            InputAudio = 3,
            InputImage = 4,
            InputVideo = 1,
            Output = 3,
            Reasoning = 2,
            OutputAudio = 0,
            OutputImage = 1,
            AcceptedPrediction = 1,
            RejectedPrediction = 0,
            WebSearches = 2,
        };
        var report = new UsageReport(usage, new NanoDollars(1_234_567_891), new NanoDollars(1), new NanoDollars(1_234_567_890));

        Assert.Equal(
            """{"prompt_tokens":14,"completion_tokens":6,"total_tokens":20,"cost":1.234567891,"is_byok":false"""
            + ""","prompt_tokens_details":{"cached_tokens":2,"cache_write_tokens":2,"audio_tokens":3,"video_tokens":1}"""
            + ""","completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":0,"image_tokens":1"""
            + ""","accepted_prediction_tokens":1,"rejected_prediction_tokens":0},"server_tool_use_details":{"web_search_requests":2}"""
            + ""","cost_details":{"upstream_inference_cost":1.234567891,"upstream_inference_prompt_cost":0.000000001"""
            + ""","upstream_inference_completions_cost":1.23456789}}""",
            Samples.Text(output => OpenAIChatUsageWriter.Write(report, output)));
    }

    [Fact]
    public void Details_that_are_there_have_the_count_that_clients_demand() => Assert.Contains(
        ""","prompt_tokens_details":{"cached_tokens":0,"audio_tokens":3},"completion_tokens_details":{"reasoning_tokens":0,"image_tokens":1},""",
        Samples.Text(output =>
            OpenAIChatUsageWriter.Write(new UsageReport(new TokenUsage { Input = 1, InputAudio = 3, Output = 2, OutputImage = 1 }, null, default, default),
            output)), StringComparison.Ordinal);

    [Fact]
    public void Unknown_counts_and_an_unknown_price_are_left_out() => Assert.Equal(
        """{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"is_byok":false,"cost_details":null}""",
        Samples.Text(output => OpenAIChatUsageWriter.Write(new UsageReport(new TokenUsage { Input = 1, Output = 2 }, null, default, default), output)));
}
