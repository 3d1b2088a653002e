using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>An exchange between any caller API and any wire for conversations, through the content model.</summary>
/// <param name="request">The caller's request.</param>
/// <param name="wire">The endpoint's wire format.</param>
/// <param name="target">Where the request goes.</param>
public class CanonicalExchange(ConversationRequest request, IConversationWire wire, WireTarget target) : IExchange
{
    /// <inheritdoc/>
    public string Path => target.PathOf(wire);

    /// <inheritdoc/>
    public WireTransport Transport => wire.Transport;

    /// <summary>The caller's request.</summary>
    protected ConversationRequest Request => request;

    /// <summary>The endpoint's wire format.</summary>
    protected IConversationWire Wire => wire;

    /// <summary>Where the request goes.</summary>
    protected WireTarget Target => target;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media,
        CancellationToken cancellationToken)
    {
        var (conversation, unfetchable) = await media.InlineAsync(Restored(), wire, target.Endpoint.Provider, target.Fields, cancellationToken)
            .ConfigureAwait(false);
        if (conversation is null) throw new RouterException(unfetchable!);
        wire.WriteRequest(conversation, target, output, dropped);
        foreach (var member in request.Uncarried) dropped.Add(member);
    }

    /// <inheritdoc/>
    public virtual IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        new CanonicalStreamTranscoder(wire.CreateStreamReader(target.Endpoint.Provider), request.CreateStreamWriter(header),
            request.SignaturesFor(wire)?.NoteStream());

    /// <inheritdoc/>
    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) =>
        new CanonicalResponseTranscoder(wire, target.Endpoint.Provider, request, header);

    private ChatRequest Restored()
    {
        var conversation = GetConversation();
        return request.SignaturesFor(wire)?.Restore(conversation) ?? conversation;
    }

    /// <summary>The conversation that is sent.</summary>
    protected virtual ChatRequest GetConversation() => request.GetConversation();
}
