using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Reading;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Streaming;
using EdgeRouter.Dialects.AnthropicMessages.PassThrough;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller;

/// <summary>A Messages request. With a provider that speaks the same format it is passed through.</summary>
internal sealed class MessagesRequest : ConversationRequest
{
    private readonly MessagesScan scan;
    private IReadOnlyList<MessageOrigin> origins = [];

    /// <summary>Takes a scan.</summary>
    public MessagesRequest(MessagesScan scan) : base(scan, scan.Body.Length)
    {
        this.scan = scan;
        Fields = new MessagesFields(() => origins);
    }

    /// <summary>Headers for providers that speak the same format.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <inheritdoc/>
    /// <remarks>Blocks are numbered, and another provider's stream does not know how many the caller has.</remarks>
    public override bool CanBeContinued => false;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Uncarried => scan.Uncarried;

    /// <inheritdoc/>
    protected override IRequestFields Fields { get; }

    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint)
    {
        if (wire.Name == WireNames.AnthropicMessages) return new MessagesPassThrough(this, scan, (IConversationWire)wire, Target(endpoint));
        // Routing does not choose such endpoints.
        if (scan.RequiredFor is { } what)
            throw new RouterException(new RouterError(400, ErrorTypes.InvalidRequest, $"{endpoint.Provider.Name} does not take {what}."));
        return CreateCanonical(wire, endpoint);
    }

    public override void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        MessagesResponseWriter.Write(response, header, usage, output);

    public override ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new MessagesStreamWriter(header);

    protected override ChatRequest ReadConversation()
    {
        var read = new List<MessageOrigin>();
        var conversation = MessagesReader.Read(scan, read);
        origins = read;
        return conversation;
    }
}
