using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;
using EdgeRouter.Dialects.Gemini.Wire.Answers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Json;

/// <summary>Whatever number a provider writes, reading its usage does not throw, and the number is kept as far as it can be.</summary>
public sealed class ReportedCountTests
{
    private static readonly string[] Numbers =
        ["0", "19", "-1", "1.5", "-0.0", "1e15", "1e16", "-1e300", "1e308", "1e999", "-1e999", "9223372036854775807", "-9223372036854775808",
            "123456789012345678901234567890", "\"7\"", "\"NaN\"", "null", "true", "[]", "{}"];

    [Theory]
    [InlineData("19", 19L)]
    [InlineData("-1", -1L)]
    [InlineData("4.9", 4L)]
    [InlineData("1e999", TokenUsage.MaxReported)]
    [InlineData("-123456789012345678901234567890", -TokenUsage.MaxReported)]
    [InlineData("9223372036854775807", TokenUsage.MaxReported)]
    public void Number_is_kept_within_bounds(string json, long expected)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();

        Assert.Equal(expected, ReportedCount.Read(reader));
        Assert.Equal(expected, ReportedCount.Read(JsonDocument.Parse(json).RootElement));
    }

    [Fact]
    public void Every_reader_reads_every_combination_of_odd_numbers()
    {
        var random = new Random(11);
        string Any() => Numbers[random.Next(Numbers.Length)];
        for (var round = 0; round < 3_000; round++)
        {
            foreach (var counting in Enum.GetValues<CachedTokenCounting>())
            {
                var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($$$"""
                    {"prompt_tokens":{{{Any()}}},"completion_tokens":{{{Any()}}},"total_tokens":{{{Any()}}},"num_search_queries":{{{Any()}}},
                     "prompt_tokens_details":{"cached_tokens":{{{Any()}}},"cache_write_tokens":{{{Any()}}},"audio_tokens":{{{Any()}}}},
                     "completion_tokens_details":{"reasoning_tokens":{{{Any()}}},"image_tokens":{{{Any()}}}}}
                    """));
                reader.Read();
                AssertBounded(OpenAIChatUsageReader.Read(ref reader, counting) ?? default);
            }
            var anthropic = new AnthropicUsageReader();
            anthropic.Add(Parsed($$$"""
                {"input_tokens":{{{Any()}}},"output_tokens":{{{Any()}}},"cache_read_input_tokens":{{{Any()}}},"cache_creation_input_tokens":{{{Any()}}},
                 "cache_creation":{"ephemeral_5m_input_tokens":{{{Any()}}},"ephemeral_1h_input_tokens":{{{Any()}}}},
                 "output_tokens_details":{"thinking_tokens":{{{Any()}}}},"server_tool_use":{"web_search_requests":{{{Any()}}}}}
                """));
            AssertBounded(anthropic.ToUsage());
            AssertBounded(GeminiUsageReader.Read(Parsed($$$"""
                {"promptTokenCount":{{{Any()}}},"candidatesTokenCount":{{{Any()}}},"thoughtsTokenCount":{{{Any()}}},"totalTokenCount":{{{Any()}}},
                 "toolUsePromptTokenCount":{{{Any()}}},"cachedContentTokenCount":{{{Any()}}},
                 "promptTokensDetails":[{"modality":"AUDIO","tokenCount":{{{Any()}}}},{"modality":"IMAGE","tokenCount":{{{Any()}}}}],
                 "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":{{{Any()}}}}],
                 "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":{{{Any()}}}}]}
                """)));
        }
    }

    /// <summary>Sums of them do not overflow.</summary>
    private static void AssertBounded(TokenUsage usage)
    {
        const long Most = 100 * TokenUsage.MaxReported;
        Assert.InRange(usage.PromptTotal, -Most, Most);
        Assert.InRange(usage.CompletionTotal, -Most, Most);
    }

    private static JsonElement Parsed(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
