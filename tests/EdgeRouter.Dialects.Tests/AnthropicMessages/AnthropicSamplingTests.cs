using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

public sealed class AnthropicSamplingTests
{
    private static ChatRequest With(SamplingParameters sampling) => new() { Messages = Hello, Sampling = sampling };

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.7, "0.7")]
    [InlineData(1.0, "1")]
    [InlineData(1.01, null)]
    [InlineData(2.0, null)]
    public void Temperature_above_one_is_dropped_and_named_never_clamped(double temperature, string? expected)
    {
        var request = With(new SamplingParameters { Temperature = temperature });

        Assert.Equal(expected, Member(request, "temperature"));
        Assert.Equal(expected is null ? ["temperature"] : [], Write(request).Dropped);
    }

    [Theory]
    [InlineData(0.9, null, "0.9")]
    [InlineData(1.0, null, "1")]
    [InlineData(0.9, 0.5, "0.9")]
    [InlineData(1.0, 0.5, null)] // cuts nothing off, and newer models refuse it beside a temperature
    public void Top_p_is_carried_unless_it_says_nothing(double topP, double? temperature, string? expected)
    {
        var request = With(new SamplingParameters { TopP = topP, Temperature = temperature });

        Assert.Equal(expected, Member(request, "top_p"));
        Assert.Empty(Write(request).Dropped);
    }

    [Fact]
    public void Blank_stop_sequences_are_dropped_and_named()
    {
        var some = With(new SamplingParameters { Stop = ["\n\n", "END", ""] });
        var none = With(new SamplingParameters { Stop = [" "] });

        Assert.Equal("""["END"]""", Member(some, "stop_sequences"));
        Assert.Equal(["stop"], Write(some).Dropped);
        Assert.Null(Member(none, "stop_sequences"));
        Assert.Equal(["stop"], Write(none).Dropped);
    }
}
