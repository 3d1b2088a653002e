using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>
/// A request that can be read as a conversation, and whose answer can be written from a message: it can be exchanged with every wire for conversations.
/// </summary>
/// <param name="facts">What routing needs to know.</param>
/// <param name="bodyBytes">Bytes of the body.</param>
public abstract class ConversationRequest(RequestFacts facts, int bodyBytes) : CallerRequest(facts, bodyBytes)
{
    private const RequestParameters Indivisible = RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs | RequestParameters.Logprobs;
    private ChatRequest? conversation;

    /// <inheritdoc/>
    public override bool CanBeContinued =>
        Facts is { Stream: true, ChoiceCount: 1, WantsImageOutput: false, WantsAudioOutput: false } && (Facts.Parameters & Indivisible) == 0;

    /// <inheritdoc/>
    public override IEnumerable<string> Texts => ConversationTexts.Of(GetConversation());

    /// <inheritdoc/>
    public override bool CanBeContinuedOn(IProviderWire wire) => wire is IConversationWire;

    /// <summary>The request in full. Read at the first call only, since pass-through exchanges never need it.</summary>
    public ChatRequest GetConversation() => conversation ??= ReadConversation();

    /// <summary>Writes a whole answer.</summary>
    public abstract void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output);

    /// <summary>A writer for one stream.</summary>
    public abstract ICallerStreamWriter CreateStreamWriter(AnswerHeader header);

    /// <inheritdoc/>
    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint) => CreateCanonical(wire, endpoint);

    /// <inheritdoc/>
    public override IExchange CreateContinuation(ResumePoint point, IProviderWire wire, Endpoint endpoint) =>
        new ContinuedExchange(this, ConversationWire(wire), Target(endpoint), point);

    /// <inheritdoc/>
    public override void Forget()
    {
        conversation = null;
        base.Forget();
    }

    /// <summary>Members of the request that a conversation has no place for: they are named as dropped.</summary>
    protected internal virtual IReadOnlyList<string> Uncarried => [];

    /// <summary>The caller's signatures that providers of a wire want back; null: they want none, or no tool is offered.</summary>
    internal LostSignatures? SignaturesFor(IConversationWire wire) =>
        Signatures is not null && wire.SignatureFormat is { } format && Facts.Account is { } owner && (Facts.Parameters & RequestParameters.Tools) != 0
            ? new LostSignatures(Signatures, owner, format)
            : null;

    /// <summary>Reads the body in full.</summary>
    protected abstract ChatRequest ReadConversation();

    /// <summary>How the caller API spells the places of a request.</summary>
    protected abstract IRequestFields Fields { get; }

    /// <summary>Where an exchange with an endpoint goes.</summary>
    protected WireTarget Target(Endpoint endpoint) => new(endpoint, Facts.Operation, Facts.Stream) { Fields = Fields };

    /// <summary>The canonical exchange with an endpoint.</summary>
    protected CanonicalExchange CreateCanonical(IProviderWire wire, Endpoint endpoint) => new(this, ConversationWire(wire), Target(endpoint));

    private static IConversationWire ConversationWire(IProviderWire wire) =>
        wire as IConversationWire ?? throw new ArgumentException($"The wire {wire.Name} carries no conversations.", nameof(wire));
}
