using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;

namespace EdgeRouter.Dialects.Wires;

/// <summary>Where a request goes, as far as a writer must know.</summary>
/// <param name="Endpoint">The endpoint: the provider's model name, limits, supported parameters, and through it the provider's renames and refusals.</param>
/// <param name="Operation">What is asked for.</param>
/// <param name="Stream">Whether a stream is asked for.</param>
public sealed record WireTarget(Endpoint Endpoint, Operation Operation, bool Stream)
{
    /// <summary>A chat request's target.</summary>
    public WireTarget(Endpoint endpoint, bool stream) : this(endpoint, Operation.Chat, stream)
    {
    }

    /// <summary>The provider's name of the model.</summary>
    public string Model => Endpoint.UpstreamModel;

    /// <summary>How the caller API that read the request spells its places.</summary>
    public required IRequestFields Fields { get; init; }

    /// <summary>Whether the endpoint takes the parameter: its row lists it (or catalogs never list it), and the provider does not refuse it.</summary>
    public bool Accepts(RequestParameters parameter) =>
        (parameter & Endpoint.Provider.RefusedParameters) == 0
        && (parameter & (Endpoint.SupportedParameters | RequestParameterNames.NeverListed)) == parameter;

    /// <summary>The path at the endpoint's provider. Endpoints whose wire has none are never chosen.</summary>
    public string PathOf(IProviderWire wire)
    {
        var path = wire.GetPath(Operation, Model, Stream)
            ?? throw new InvalidOperationException($"The wire {wire.Name} has no path for the operation {Operation.Name}.");
        var own = Stream ? Endpoint.Provider.StreamPath ?? Endpoint.Provider.Path : Endpoint.Provider.Path;
        if (own is null || !Operation.IsConversation) return path;
        // Names such as claude@20250929 are sent as the providers' own clients send them: the character has its own meaning only before a host.
        return own.Replace("{model}", Uri.EscapeDataString(Model).Replace("%40", "@", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>
    /// The service tier to send, which is the one that the endpoint's price is for; null: none. When the caller asked for another, that is noted as
    /// dropped.
    /// </summary>
    public string? TierFor(string? asked, ICollection<string> dropped)
    {
        if (!ServiceTiers.IsServedAt(Endpoint, asked)) Drop(RequestParameters.ServiceTier, dropped);
        return ServiceTiers.SentTo(Endpoint, asked);
    }

    /// <summary>Notes something that is not sent, unless it was noted already.</summary>
    public void Drop(RequestPlace place, ICollection<string> dropped)
    {
        var name = Fields.NameOf(place);
        if (!dropped.Contains(name)) dropped.Add(name);
    }

    /// <summary>A 400 about something in the request that cannot be sent.</summary>
    public RouterException Refuse(ChatRequest request, RequestPlace place, string expected) =>
        new(RouterError.InvalidField(Fields.FieldOf(request, place), expected));
}
