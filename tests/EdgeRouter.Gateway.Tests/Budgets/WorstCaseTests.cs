using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Budgets;

/// <summary>No attempt can be charged more than was held for it: the bound is compared with what the writers of the wires really send.</summary>
public sealed class WorstCaseTests
{
    private const string Said = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private static readonly string[] Efforts = ["minimal", "low", "medium", "high", "xhigh", "max"];
    private static readonly OpenAIChatCallerApi Chat = new();
    private static readonly ProviderWires Dialects = new(new OpenAIChatWire(), new AnthropicMessagesWire(), new GeminiWire());
    private static readonly RoutingPolicy Policy = new() { CarriedByWire = Dialects.Carried };
    private static readonly Pricing Plain = new() { Prompt = 0.000_001m, Completion = 0.000_002m };

    [Theory]
    [InlineData(WireNames.AnthropicMessages, "max_tokens")]
    [InlineData(WireNames.Gemini, "maxOutputTokens")]
    [InlineData(WireNames.OpenAIChat, "max_tokens")]
    public void Bound_of_the_output_is_never_below_what_a_provider_is_asked_for(string wire, string member)
    {
        var random = new Random(7);
        var raised = 0;
        for (var round = 0; round < 4000; round++)
        {
            int? asked = random.Next(4) == 0 ? null : random.Next(1, random.Next(2) == 0 ? 3000 : 40_000);
            int? limit = random.Next(3) == 0 ? null : Math.Max(asked ?? 1, random.Next(1, 64_000));
            var reasoning = random.Next(4) switch
            {
                0 => "",
                1 => $",\"reasoning\":{{\"max_tokens\":{random.Next(1, 50_000)}}}",
                2 => $",\"reasoning\":{{\"effort\":\"{Efforts[random.Next(Efforts.Length)]}\"}}",
                _ => ",\"reasoning\":{\"enabled\":true}",
            };
            var body = $"{{\"model\":\"acme/one\",{Said}{(asked is null ? "" : $",\"max_tokens\":{asked}")}{reasoning}}}";
            var endpoint = Endpoint(wire, limit, context: null);

            var bound = OutputTokens(Scan(body), endpoint, Policy);

            if (Sent(body, endpoint, member) is not { } sent) continue;
            Assert.True(sent <= bound, $"{sent} sent, {bound} held: {body}, at most {limit}");
            if (sent > asked) raised++;
        }
        if (wire == WireNames.AnthropicMessages) Assert.True(raised > 100, "The case that needs care did not come up.");
    }

    [Fact]
    public void Endpoint_that_does_not_heed_max_tokens_is_held_at_its_own_most()
    {
        var request = Scan($"{{\"model\":\"acme/one\",{Said},\"max_tokens\":10}}");

        Assert.Equal(10, OutputTokens(request, Endpoint(WireNames.OpenAIChat, 5000, 9000), Policy));
        Assert.Equal(5000, OutputTokens(request, Endpoint(WireNames.OpenAIChat, 5000, 9000, RequestParameters.Temperature), Policy));
        Assert.Equal(9000, OutputTokens(request, Endpoint(WireNames.OpenAIChat, null, 9000, RequestParameters.Temperature), Policy));
    }

    [Fact]
    public void Request_that_bounds_nothing_is_held_at_the_most_of_the_endpoint()
    {
        var request = Scan($"{{\"model\":\"acme/one\",{Said}}}");

        Assert.Equal(5000, OutputTokens(request, Endpoint(WireNames.OpenAIChat, 5000, 9000), Policy));
        Assert.Equal(9000, OutputTokens(request, Endpoint(WireNames.OpenAIChat, null, 9000), Policy));
        Assert.Equal(131_072, OutputTokens(request, Endpoint(WireNames.OpenAIChat, null, null), Policy));
    }

    [Fact]
    public void Prompt_is_held_at_a_token_a_byte_and_at_no_more_than_the_context()
    {
        var text = new string('x', 50_000);
        var body = $"{{\"model\":\"acme/one\",\"messages\":[{{\"role\":\"user\",\"content\":\"{text}\"}}],\"max_tokens\":1}}";

        Assert.InRange(PromptOf(body, context: null), 50_000, 53_000);
        Assert.Equal(20_000, PromptOf(body, context: 20_000));
    }

    [Theory]
    [InlineData("{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.example/a.png\"}}", 50_000, 55_000)]
    [InlineData("{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"https://x.example/a.pdf\"}}", 1_000_000, 1_005_000)]
    public void Media_by_reference_are_held_at_what_they_may_turn_out_to_be(string part, long least, long most)
    {
        var body = $"{{\"model\":\"acme/one\",\"messages\":[{{\"role\":\"user\",\"content\":[{part}]}}],\"max_tokens\":1}}";

        Assert.InRange(PromptOf(body, context: null), least, most);
        Assert.Equal(20_000, PromptOf(body, context: 20_000));
    }

    [Fact]
    public void Each_choice_and_each_price_beside_tokens_is_held()
    {
        var endpoint = Endpoint(WireNames.OpenAIChat, 1000, 1000, pricing: Plain with { Request = 0.5m, WebSearch = 0.01m, InputCacheWrite1h = 0.000_004m });
        var body = $"{{\"model\":\"acme/one\",{Said},\"max_tokens\":100,\"n\":3,\"web_search_options\":{{}}}}";

        var cost = Operation.Chat.WorstCase(Scan(body), 1000, endpoint, Policy);

        Assert.Equal(0.5m + 10 * 0.01m + 1000 * 0.000_004m + 3 * 100 * 0.000_002m, cost.ToDollars());
    }

    [Fact]
    public void Endpoint_without_a_price_is_held_at_the_ceiling() => Assert.Equal(
        Operation.Chat.WorstCase(Scan($"{{\"model\":\"acme/one\",{Said}}}"), 100, Endpoint(WireNames.OpenAIChat, 1000, 1000), Policy),
        Operation.Chat.WorstCase(Scan($"{{\"model\":\"acme/one\",{Said}}}"), 100, Endpoint(WireNames.OpenAIChat, 1000, 1000, pricing: null),
            Policy with { CeilingPrice = Plain }));

    [Fact]
    public void Tokens_that_are_said_to_be_affordable_are_and_one_more_is_not()
    {
        var random = new Random(3);
        for (var round = 0; round < 1000; round++)
        {
            var endpoint = Endpoint(WireNames.OpenAIChat, 50_000, 60_000);
            var bytes = random.Next(10, 5000);
            var choices = random.Next(1, 4);
            string Body(long tokens) => $"{{\"model\":\"acme/one\",{Said},\"n\":{choices},\"max_tokens\":{tokens}}}";
            var left = new NanoDollars(random.NextInt64(100_000_000));
            var affordable = Operation.Chat.Bound(Scan(Body(50_000)), bytes, endpoint, Policy).Affordable(left);
            if (affordable is < 1 or > 49_999) continue;

            Assert.True(Operation.Chat.WorstCase(Scan(Body(affordable)), bytes, endpoint, Policy) <= left);
            Assert.True(Operation.Chat.WorstCase(Scan(Body(affordable + 1)), bytes, endpoint, Policy) > left);
        }
    }

    private static long PromptOf(string body, int? context)
    {
        var endpoint = Endpoint(WireNames.OpenAIChat, 1, context);
        return (Operation.Chat.WorstCase(Scan(body), Encoding.UTF8.GetByteCount(body), endpoint, Policy).Value - 2000) / 1000;
    }

    private static long OutputTokens(RequestFacts request, Endpoint endpoint, RoutingPolicy policy) =>
        Operation.Chat.Bound(request, 100, endpoint, policy).Units;

    private static RequestFacts Scan(string body) => Read(body).Facts;

    private static ConversationRequest Read(string body) => (ConversationRequest)Chat.Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));

    private static long? Sent(string body, Endpoint endpoint, string member)
    {
        var output = new ArrayBufferWriter<byte>();
        ((IConversationWire)Dialects.Get(endpoint.Provider.Wire)).WriteRequest(Read(body).GetConversation(),
            new WireTarget(endpoint, false) { Fields = OpenAIChatFields.Instance }, output, new List<string>());
        var json = JsonNode.Parse(output.WrittenSpan)!;
        return (json[member] ?? json["generationConfig"]?[member])?.GetValue<long>();
    }

    private static Endpoint Endpoint(string wire, int? most, int? context, RequestParameters? supported = null) =>
        Endpoint(wire, most, context, Plain, supported);

    private static Endpoint Endpoint(string wire, int? most, int? context, Pricing? pricing, RequestParameters? supported = null)
    {
        var model = new Model
        {
            Id = "acme/one",
            CanonicalSlug = "acme/one",
            Name = "One",
            InputModalities = FrozenSet.Create("text"),
            OutputModalities = FrozenSet.Create("text")
        };
        return new Endpoint
        {
            Model = model,
            Provider = new Provider { Slug = "alpha", Name = "Alpha", Wire = wire, Auth = AuthSchemes.None },
            Tag = "alpha",
            UpstreamModel = "one-v1",
            ContextLength = context,
            MaxCompletionTokens = most,
            Pricing = pricing,
            SupportedParameters = supported ?? RequestParameters.MaxTokens | RequestParameters.Reasoning | RequestParameters.Temperature
                | RequestParameters.ChoiceCount,
            DataPolicy = DataPolicy.Unknown,
        };
    }
}
