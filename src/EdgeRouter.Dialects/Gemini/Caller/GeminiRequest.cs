using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Gemini.Caller.Answers;
using EdgeRouter.Dialects.Gemini.Caller.Requests;
using EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;
using EdgeRouter.Dialects.Gemini.Caller.Streaming;
using EdgeRouter.Dialects.Gemini.PassThrough;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Caller;

/// <summary>A Gemini request. With a provider that speaks the same format it is passed through.</summary>
internal sealed class GeminiRequest : ConversationRequest
{
    private readonly GeminiScan scan;
    private GeminiOrigins origins = new();

    /// <summary>Takes a scan.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="isArray">Whether a stream is one JSON array.</param>
    public GeminiRequest(GeminiScan scan, bool isArray) : base(scan, scan.Body.Length)
    {
        this.scan = scan;
        IsArray = isArray;
        Fields = new GeminiFields(() => origins);
    }

    /// <summary>Whether a stream is one JSON array.</summary>
    public bool IsArray { get; }

    /// <inheritdoc/>
    /// <remarks>An array is begun once, by the first writer.</remarks>
    public override bool CanBeContinued => !IsArray && base.CanBeContinued;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Uncarried => scan.Uncarried;

    /// <inheritdoc/>
    protected override IRequestFields Fields { get; }

    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint)
    {
        if (wire.Name == WireNames.Gemini) return new GeminiPassThrough(this, scan, (IConversationWire)wire, Target(endpoint));
        // Routing does not choose such endpoints.
        if (scan.RequiredFor is { } what)
            throw new RouterException(new RouterError(400, ErrorTypes.InvalidRequest, $"{endpoint.Provider.Name} does not take {what}."));
        return CreateCanonical(wire, endpoint);
    }

    public override void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        GeminiResponseWriter.Write(response, header, usage, output);

    public override ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new GeminiStreamWriter(header, IsArray);

    protected override ChatRequest ReadConversation()
    {
        var read = new GeminiOrigins();
        var conversation = GeminiReader.Read(scan, read);
        origins = read;
        return conversation;
    }
}
