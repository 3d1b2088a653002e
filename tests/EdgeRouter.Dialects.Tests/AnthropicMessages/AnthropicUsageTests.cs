using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

public sealed class AnthropicUsageTests
{
    public static TheoryData<string, TokenUsage> Reports => new()
    {
        { "{}", new TokenUsage() },
        { "null", new TokenUsage() },
        { "[]", new TokenUsage() },
        { """{"input_tokens":10,"output_tokens":5}""", new TokenUsage { Input = 10, Output = 5 } },
        { """{"input_tokens":0,"output_tokens":0}""", new TokenUsage { Input = 0, Output = 0 } },
        { """{"input_tokens":10,"cache_read_input_tokens":3,"output_tokens":5}""", new TokenUsage { Input = 10, CacheRead = 3, Output = 5 } },
        { """{"input_tokens":10,"cache_creation_input_tokens":7,"output_tokens":5}""", new TokenUsage { Input = 10, CacheWrite5m = 7, Output = 5 } },
        {
            """{"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4}}""",
            new TokenUsage { CacheWrite5m = 3, CacheWrite1h = 4 }
        },
        { """{"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4}}""", new TokenUsage { CacheWrite5m = 3, CacheWrite1h = 4 } },
        { """{"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_1h_input_tokens":7}}""", new TokenUsage { CacheWrite1h = 7 } },
        {
            """{"cache_creation_input_tokens":9,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4}}""",
            new TokenUsage { CacheWrite5m = 5, CacheWrite1h = 4 }
        },
        {
            """{"cache_creation_input_tokens":9,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":4}}""",
            new TokenUsage { CacheWrite5m = 0, CacheWrite1h = 9 }
        },
        { """{"cache_creation_input_tokens":7,"cache_creation":null}""", new TokenUsage { CacheWrite5m = 7 } },
        { """{"output_tokens":50,"output_tokens_details":{"thinking_tokens":20}}""", new TokenUsage { Output = 30, Reasoning = 20 } },
        { """{"output_tokens":50,"output_tokens_details":{"reasoning_tokens":50}}""", new TokenUsage { Output = 0, Reasoning = 50 } },
        { """{"output_tokens":50,"output_tokens_details":{"reasoning_tokens":60}}""", new TokenUsage { Output = 0, Reasoning = 50 } },
        { """{"output_tokens":50,"output_tokens_details":null}""", new TokenUsage { Output = 50 } },
        { """{"output_tokens_details":{"reasoning_tokens":60}}""", new TokenUsage() },
        { """{"server_tool_use":{"web_search_requests":2,"web_fetch_requests":1}}""", new TokenUsage { WebSearches = 2 } },
        { """{"server_tool_use":{"web_search_requests":99999999999}}""", new TokenUsage { WebSearches = int.MaxValue } },
        { """{"input_tokens":-1,"output_tokens":"5","cache_read_input_tokens":1.5,"cache_creation_input_tokens":null}""",
            new TokenUsage { Input = -1, CacheRead = 1 } },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public void Counts_become_disjoint_classes(string usage, TokenUsage expected)
    {
        var reader = new AnthropicUsageReader();
        reader.Add(Parsed(usage));

        Assert.Equal(expected, reader.ToUsage());
    }

    public static TheoryData<string, string, TokenUsage> Streams => new()
    {
        { """{"input_tokens":9,"output_tokens":1}""", """{"output_tokens":40}""", new TokenUsage { Input = 9, Output = 40 } },
        { """{"input_tokens":9,"output_tokens":1}""", """{"input_tokens":null,"output_tokens":40}""", new TokenUsage { Input = 9, Output = 40 } },
        { """{"input_tokens":9,"output_tokens":1}""", """{"input_tokens":5000,"output_tokens":40}""", new TokenUsage { Input = 5000, Output = 40 } },
        { """{"input_tokens":0}""", """{"input_tokens":9,"output_tokens":40}""", new TokenUsage { Input = 9, Output = 40 } },
        {
            """{"input_tokens":9,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":7}}""",
            """{"input_tokens":9,"cache_creation_input_tokens":7,"output_tokens":40}""",
            new TokenUsage { Input = 9, CacheWrite5m = 0, CacheWrite1h = 7, Output = 40 }
        },
        {
            """{"input_tokens":9,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":7}}""",
            """{"cache_creation_input_tokens":10,"output_tokens":40}""",
            new TokenUsage { Input = 9, CacheWrite5m = 0, CacheWrite1h = 10, Output = 40 }
        },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Last_report_of_a_stream_counts_and_keeps_what_it_does_not_tell(string start, string end, TokenUsage expected)
    {
        var events = AnthropicStreams.Read(
            $$$"""{"type":"message_start","message":{"usage":{{{start}}}}}""",
            """{"type":"message_delta","delta":{},"usage":{"output_tokens":2}}""",
            $$$"""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{{{end}}}}""");

        Assert.Equal(expected, events.OfType<UsageReported>().Last().Usage);
    }

    [Fact]
    public void Output_at_the_start_of_a_stream_is_a_placeholder_and_not_believed()
    {
        var usage = AnthropicStreams.Read(AnthropicStreams.Start).OfType<UsageReported>().Single().Usage;

        Assert.Equal(new TokenUsage { Input = 9 }, usage);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"service_tier":"standard"}""", "default")]
    [InlineData("""{"service_tier":"priority"}""", "priority")]
    [InlineData("""{"service_tier":null}""", null)]
    public void Service_tier_is_told_in_the_caller_s_words(string usage, string? expected)
    {
        var reader = new AnthropicUsageReader();
        reader.Add(Parsed(usage));

        Assert.Equal(expected, reader.ServiceTier);
    }
}
