using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects;

/// <summary>A wire format as providers speak it: requests out, answers in. Pure: no I/O, no state; thread-safe.</summary>
public interface IProviderWire : IDialect
{
    /// <summary>Parameters that the wire has a place for. The others are dropped by <see cref="WriteRequest"/>, which names them.</summary>
    RequestParameters Carries { get; }

    /// <summary>Path below the provider's base URL, without a leading slash, query included where the wire needs one.</summary>
    string GetPath(string upstreamModel, bool stream);

    /// <summary>
    /// True when the wire can carry <paramref name="part"/> only with its bytes inside (a remote URL must be fetched first), as Gemini with image URLs.
    /// </summary>
    bool NeedsInlineData(ContentPart part);

    /// <summary>
    /// Writes the body. What could not be carried is added to <paramref name="dropped"/>, each once, as <see cref="WireTarget.Fields"/> names it.
    /// </summary>
    /// <exception cref="RouterException">The conversation cannot be said in this dialect at all; the error names the caller's field.</exception>
    void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped);

    /// <summary>Reads a whole answer.</summary>
    /// <exception cref="UpstreamFormatException">It is not an answer of this dialect.</exception>
    ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider);

    /// <summary>A reader for one stream.</summary>
    IWireStreamReader CreateStreamReader(Provider provider);

    /// <summary>Reads an error body. Never throws: what cannot be read becomes the message (bounded).</summary>
    UpstreamError ReadError(int status, ReadOnlyMemory<byte> body);
}

/// <summary>Reads one upstream stream, event by event. Not thread-safe.</summary>
public interface IWireStreamReader
{
    /// <summary>Turns one SSE event into canonical events, appended to <paramref name="events"/>. Unknown events and members are skipped.</summary>
    /// <param name="eventName">The <c>event:</c> field; empty when absent.</param>
    /// <param name="data">The <c>data:</c> field, lines joined.</param>
    /// <param name="events">Receives zero or more events.</param>
    /// <exception cref="UpstreamFormatException">The event is malformed: the stream cannot be trusted any more.</exception>
    void Read(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events);
}

/// <summary>Where a request goes, as far as a writer must know.</summary>
/// <param name="Endpoint">The endpoint: the provider's model name, limits, supported parameters, and through it the provider's renames and refusals.</param>
/// <param name="Stream">Whether a stream is asked for.</param>
public sealed record WireTarget(Endpoint Endpoint, bool Stream)
{
    /// <summary>The provider's name of the model.</summary>
    public string Model => Endpoint.UpstreamModel;

    /// <summary>How the caller API that read the request spells its places; OpenAI Chat's way when nothing is said.</summary>
    public IRequestFields Fields { get; init; } = OpenAIChat.Caller.OpenAIChatFields.Instance;

    /// <summary>Whether the endpoint takes the parameter: listed (or never listed by catalogs) and not refused by the provider.</summary>
    public bool Accepts(RequestParameters parameter) =>
        (parameter & Endpoint.Provider.RefusedParameters) == 0
        && (parameter & (Endpoint.SupportedParameters | RequestParameterNames.NeverListed)) == parameter;

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

/// <summary>An upstream's bytes are not what its dialect promises.</summary>
public sealed class UpstreamFormatException(string message, Exception? cause = null) : Exception(message, cause);
