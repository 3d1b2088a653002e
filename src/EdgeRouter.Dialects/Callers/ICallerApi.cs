using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Dialects.Callers;

/// <summary>
/// An API that callers speak: where it is served, how its requests are read, and how errors are written that no exchange writes. Pure: no I/O, no
/// state; thread-safe.
/// </summary>
public interface ICallerApi
{
    /// <summary>Name in generation records (<c>api_type</c>), unique: chat, completion, responses, messages.</summary>
    string Name { get; }

    /// <summary>
    /// Route patterns of its POST routes. One with a leading slash is served at exactly that path; any other below each root that OpenRouter's and
    /// OpenAI's clients use.
    /// </summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>
    /// Name of the query parameter in which its clients may send their key; null: there is none. A key in a header is preferred. No stage behind
    /// Authentication sees it.
    /// </summary>
    string? KeyParameter => null;

    /// <summary>
    /// The form of this API that a request asks for by its path or query, for example another framing of streams; itself: there is one. Every form has the
    /// same name. Reads nothing but the head, and refuses nothing.
    /// </summary>
    ICallerApi FormFor(IRequestHead head) => this;

    /// <summary>What its requests ask for.</summary>
    Operation Operation { get; }

    /// <summary>Media type of its requests, for messages.</summary>
    string RequestMediaType { get; }

    /// <summary>Whether it reads bodies with this Content-Type; null or empty: the caller gave none.</summary>
    bool Reads(string? contentType);

    /// <summary>Media type of its answers, unless <see cref="Exchanges.IResponseTranscoder.MediaType"/> tells another.</summary>
    string AnswerMediaType { get; }

    /// <summary>Media type of its streams, unless <see cref="Exchanges.IStreamTranscoder.MediaType"/> tells another.</summary>
    string StreamMediaType { get; }

    /// <summary>Media type of its errors.</summary>
    string ErrorMediaType { get; }

    /// <summary>
    /// Bytes that keep a stream open while there is nothing to send, and that clients ignore. Empty: its streams have no such bytes, and headers wait for
    /// the first token.
    /// </summary>
    ReadOnlySpan<byte> KeepAlive { get; }

    /// <summary>
    /// Whether a stream has a place for an error. False, as for sound: the connection of a broken stream is aborted, so that it never looks complete.
    /// </summary>
    bool StreamsCarryErrors { get; }

    /// <summary>Reads a request in one validating pass: every known member has the right type and range.</summary>
    /// <param name="head">The rest of the request.</param>
    /// <param name="body">The body. It stays unchanged until <see cref="CallerRequest.Forget"/>.</param>
    /// <exception cref="RouterException">400 naming the member (or position, for malformed JSON) and what was expected.</exception>
    CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body);

    /// <summary>Its name for a fact of a request, for errors: <c>models[1]</c>.</summary>
    string FieldOf(RequestFault fault);

    /// <summary>Writes the body of an error before any byte of an answer.</summary>
    /// <param name="error">The error.</param>
    /// <param name="routerMetadata"><c>openrouter_metadata</c>, to be written beside it; null: not requested.</param>
    /// <param name="output">Receives the body.</param>
    void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output);

    /// <summary>
    /// Writes an error into a stream of which only keep-alives were sent: an in-band event, and no clean end. Only where <see cref="StreamsCarryErrors"/>.
    /// </summary>
    void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output);

    /// <summary>Writes a provider's request body into a stream, for callers who ask to see it.</summary>
    /// <param name="header">The head of the answer.</param>
    /// <param name="body">JSON that was sent to the provider.</param>
    /// <param name="output">Receives the event.</param>
    void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output);

    /// <summary>How its clients are shown models; null: as OpenAI's and OpenRouter's.</summary>
    IModelListing? ModelListing => null;

    /// <summary>How its clients count tokens; null: they have no route for it.</summary>
    ITokenCounting? TokenCounting => null;
}

/// <summary>What a caller API may read of a request beside its body.</summary>
public interface IRequestHead
{
    /// <summary>A request header; null: not given.</summary>
    string? Header(string name);

    /// <summary>The value of a parameter in the route pattern, as the caller wrote it; null: the pattern has no such parameter.</summary>
    string? RouteValue(string name);

    /// <summary>The value of a parameter in the query; null: not given.</summary>
    string? Query(string name);
}
