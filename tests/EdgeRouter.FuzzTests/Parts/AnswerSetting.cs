using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Tests;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>A request and the endpoint that answers it: what the parts that read answers share.</summary>
internal sealed class AnswerSetting
{
    public static readonly AnswerHeader Header = new("gen-1760000000-AAabc", 1760000000, "acme/one", "Alpha", ExcludeReasoning: false);
    private static readonly RoutingPolicy Policy = new();
    private readonly CallerRequest request;
    private readonly IProviderWire wire;
    private readonly Endpoint endpoint;

    public AnswerSetting(ICallerApi api, IProviderWire wire)
    {
        this.wire = wire;
        endpoint = Formats.EndpointOf(wire);
        request = api.Read(NoHead.Instance, FuzzCorpus.Read(FuzzCorpus.Requests, api.Name).Single(file => file.Name == "minimal.json").Bytes);
        Exchange = request.CreateExchange(wire, endpoint);
    }

    public string Wire => wire.Name;

    /// <summary>The exchange that the router makes.</summary>
    public IExchange Exchange { get; }

    /// <summary>
    /// The exchange through the content model, where the router makes one that patches bytes and must write the same, <see cref="MessagesClient.HasCopies"/>
    /// apart; null: it makes this one, or there is none.
    /// </summary>
    public IExchange? Canonical => Exchange.GetType() != typeof(CanonicalExchange)
        && request is ConversationRequest conversation && wire is IConversationWire carries
        ? new CanonicalExchange(conversation, carries, new WireTarget(endpoint, request.Facts.Operation, request.Facts.Stream) { Fields = NoFields.Instance })
        : null;

    /// <summary>The usage that was reported is cut to what can be true, and its price is within what is held for it. Returns the usage and its price.</summary>
    public UsageReport Price(StreamProgress progress)
    {
        if (progress.Usage is not { } reported) return UsageReport.Unknown;
        var facts = request.Facts;
        var possible = facts.Operation.PossibleUsage(reported, facts, new BytesSeen(request.BodyBytes, progress.OutputBytes), endpoint, Policy);
        var cost = CostCalculator.Price(possible, endpoint.Pricing!, facts.ImageCount);
        Assert.InRange(cost.Total.Value, 0, facts.Operation.WorstCase(facts, request.BodyBytes, endpoint, Policy).Value);
        return new UsageReport(possible, cost.Total, cost.Prompt, cost.Completion);
    }

    /// <summary>Whether the gateway takes what was thrown for a malformed answer.</summary>
    public static bool IsMalformed(Exception thrown) => thrown is UpstreamFormatException
        // System.Text.Json has no other exception for a text that is not Unicode.
        || thrown is InvalidOperationException && (thrown.Message.Contains("UTF-8", StringComparison.Ordinal)
            || thrown.Message.Contains("UTF-16", StringComparison.Ordinal));

    private sealed class NoFields : IRequestFields
    {
        public static readonly NoFields Instance = new();

        public string FieldOf(Core.Conversation.ChatRequest request, Core.Conversation.RequestPlace place) => "field";

        public string NameOf(Core.Conversation.RequestPlace place) => "name";
    }
}
