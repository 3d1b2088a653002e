using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Framing;

namespace EdgeRouter.Dialects.Wires;

/// <summary>
/// A wire format as providers speak it. Further interfaces that it implements say what it can carry, such as
/// <see cref="IConversationWire"/>. Pure: no I/O, no state; thread-safe.
/// </summary>
public interface IProviderWire
{
    /// <summary>Name in the provider table, one of <see cref="WireNames"/>.</summary>
    string Name { get; }

    /// <summary>Parameters that the wire has a place for. The others are dropped when a request is written, and named.</summary>
    RequestParameters Carries { get; }

    /// <summary>
    /// Path of an operation below the provider's base URL, without a leading slash, query included where the wire needs one; null: the wire has none.
    /// </summary>
    string? GetPath(Operation operation, string upstreamModel, bool stream);

    /// <summary>Media types of its requests and answers, and how its streams are framed. An exchange may have its own, as one with a multipart body.</summary>
    WireTransport Transport { get; }

    /// <summary>Header of an error's answer that names its type, where the body does not; null: there is none.</summary>
    string? ErrorTypeHeader => null;

    /// <summary>Reads an error body. Never throws: what cannot be read becomes the message (bounded).</summary>
    UpstreamError ReadError(int status, ReadOnlyMemory<byte> body);
}

/// <summary>A provider's bytes are not what its wire format promises.</summary>
public class UpstreamFormatException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// A provider's answer is well formed and not what the request asked for. The request may be the cause, as with a member that the provider does not know,
/// so that it shows nothing about the provider's health.
/// </summary>
public sealed class UpstreamMismatchException(string message) : UpstreamFormatException(message);
