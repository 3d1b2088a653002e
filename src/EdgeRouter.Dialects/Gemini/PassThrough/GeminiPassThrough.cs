using System.Buffers;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Gemini.Caller;
using EdgeRouter.Dialects.Gemini.Caller.Requests;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.PassThrough;

/// <summary>
/// The pass-through exchange: caller and provider both speak Gemini. The body is spliced, the answer patched. A body that needs more than splicing is written
/// through the content model; its answer is still patched.
/// </summary>
internal sealed class GeminiPassThrough(GeminiRequest request, GeminiScan scan, IConversationWire wire, WireTarget target) : IExchange
{
    private readonly CanonicalExchange canonical = new(request, wire, target);

    public string Path => canonical.Path;

    public WireTransport Transport => canonical.Transport;

    public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
    {
        if (GeminiSplicer.CanSplice(scan, target) && (scan.MediaCount == 0 || !media.KeepsUrlsFrom(target.Endpoint.Provider)))
        {
            GeminiSplicer.Write(scan, target, output, dropped);
            return default;
        }
        if (scan.RequiredFor is { } what)
            throw new RouterException(new RouterError(400, ErrorTypes.InvalidRequest,
                $"{target.Endpoint.Provider.Name} needs a changed request, in which there is no place for {what}."));
        return canonical.WriteRequestAsync(output, dropped, media, cancellationToken);
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        new GeminiStreamPatcher(header, request.IsArray, request.SignaturesFor(wire)?.NoteStream());

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) =>
        new GeminiResponsePatcher(header, request.SignaturesFor(wire));
}
