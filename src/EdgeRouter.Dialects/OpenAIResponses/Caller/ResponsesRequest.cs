using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;
using EdgeRouter.Dialects.OpenAIResponses.PassThrough;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller;

/// <summary>A Responses request. With a provider that speaks the same format it is passed through.</summary>
internal sealed class ResponsesRequest : ConversationRequest
{
    private readonly ResponsesScan scan;
    private ResponsesOrigins origins = new();

    /// <summary>Takes a scan.</summary>
    public ResponsesRequest(ResponsesScan scan) : base(scan, scan.Body.Length)
    {
        this.scan = scan;
        Fields = new ResponsesFields(() => origins);
    }

    /// <inheritdoc/>
    /// <remarks>Items are numbered, and another provider's stream does not know how many the caller has.</remarks>
    public override bool CanBeContinued => false;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Uncarried => scan.Uncarried;

    /// <inheritdoc/>
    protected override IRequestFields Fields { get; }

    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint)
    {
        if (wire.Name == WireNames.OpenAIResponses) return new ResponsesPassThrough(this, scan, (IConversationWire)wire, Target(endpoint));
        // Routing does not choose such endpoints.
        if (scan.RequiredFor is { } what)
            throw new RouterException(new RouterError(400, ErrorTypes.InvalidRequest, $"{endpoint.Provider.Name} does not take {what}."));
        return CreateCanonical(wire, endpoint);
    }

    public override void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        ResponsesResponseWriter.Write(response, header, Asked(isSpliced: false), usage, output);

    public override ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new ResponsesStreamWriter(header, Asked(isSpliced: false));

    /// <summary>What an answer tells of the request.</summary>
    /// <param name="isSpliced">Whether the provider got the tools as the caller named them.</param>
    public ResponsesAsked Asked(bool isSpliced)
    {
        if (isSpliced) return ResponsesAsked.Of(scan, []);
        GetConversation();
        return ResponsesAsked.Of(scan, origins.Tools);
    }

    protected override ChatRequest ReadConversation()
    {
        var read = new ResponsesOrigins();
        var conversation = ResponsesReader.Read(scan, read);
        origins = read;
        return conversation;
    }
}
