using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Tests.OpenAIChat.Request;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Wires;

/// <summary>A provider charges for the tier that it is sent, so that must be the one whose price the catalog has.</summary>
public sealed class ServiceTierTests
{
    private static readonly ChatRequest Hi = new() { Messages = [new ChatMessage { Role = ChatRole.User, Content = [new TextPart("Hi")] }] };

    [Theory]
    [InlineData("openai", null, null, false)]
    [InlineData("openai", "auto", "auto", false)]
    [InlineData("openai", "default", "default", false)]
    [InlineData("openai", "priority", null, true)]
    [InlineData("openai", "flex", null, true)]
    [InlineData("openai", "scale", null, true)]
    [InlineData("openai/flex", null, "flex", false)]
    [InlineData("openai/flex", "flex", "flex", false)]
    [InlineData("openai/flex", "default", "flex", true)]
    [InlineData("openai/priority", null, "priority", false)]
    [InlineData("openai/priority", "priority", "priority", false)]
    [InlineData("openai/eu-priority", "auto", "priority", false)]
    public void OpenAI_is_sent_the_tier_of_the_endpoint_on_both_paths(string tag, string? asked, string? sent, bool dropped)
    {
        var target = Target(tag);

        var (tier, names) = Write(new OpenAIChatWire(), Hi with { ServiceTier = asked }, target, "service_tier");
        Assert.Equal((sent, dropped), (tier, names.Contains("service_tier")));

        var (output, spliced) = (new ArrayBufferWriter<byte>(), new List<string>());
        var scan = OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers(asked is null ? "\"n\":1" : $"\"service_tier\":\"{asked}\""));
        OpenAIChatRequestSplicer.Write(scan, OpenAIChatRequestMembers.Table,
            new OpenAIChatMemberOutput(target, OpenAIChatMemberOutput.Everything, output, spliced));
        Assert.Equal(sent, JsonNode.Parse(output.WrittenSpan)!["service_tier"]?.GetValue<string>());
        Assert.Equal(names, spliced);
    }

    [Theory]
    [InlineData("google", "flex", null, true)]
    [InlineData("google/flex", null, "flex", false)]
    [InlineData("google/priority", "priority", "priority", false)]
    [InlineData("google", "default", "standard", false)]
    public void Gemini_is_sent_the_tier_of_the_endpoint(string tag, string? asked, string? sent, bool dropped)
    {
        var (tier, names) = Write(new GeminiWire(), Hi with { ServiceTier = asked }, Target(tag), "serviceTier");

        Assert.Equal((sent, dropped), (tier, names.Contains("service_tier")));
    }

    [Theory]
    [InlineData("anthropic", "priority", null, true)]
    [InlineData("anthropic", "default", "standard_only", false)]
    [InlineData("anthropic", "auto", "auto", false)]
    public void Anthropic_is_sent_no_tier_without_a_price(string tag, string? asked, string? sent, bool dropped)
    {
        var (tier, names) = Write(new AnthropicMessagesWire(), Hi with { ServiceTier = asked }, Target(tag), "service_tier");

        Assert.Equal((sent, dropped), (tier, names.Contains("service_tier")));
    }

    private static (string? Tier, List<string> Dropped) Write(IConversationWire wire, ChatRequest request, WireTarget target, string member)
    {
        var (output, dropped) = (new ArrayBufferWriter<byte>(), new List<string>());
        wire.WriteRequest(request, target, output, dropped);
        return (JsonNode.Parse(output.WrittenSpan)![member]?.GetValue<string>(), dropped);
    }

    private static WireTarget Target(string tag) => RequestTargets.Create(tag: tag);
}
