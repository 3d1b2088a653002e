using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.PassThrough;

/// <summary>
/// The pass-through exchange: caller and provider both speak OpenAI Chat. The body is spliced, the answer patched. A body that needs more than splicing
/// is written through the content model; its answer is still patched.
/// </summary>
internal sealed class OpenAIChatPassThrough(ConversationRequest request, OpenAIChatScan scan, IConversationWire wire, WireTarget target) : IExchange
{
    public string Path => target.PathOf(wire);

    public WireTransport Transport => wire.Transport;

    public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
    {
        if (!OpenAIChatRequestSplicer.CanSplice(scan, target) || (scan.MediaCount > 0 && media.KeepsUrlsFrom(target.Endpoint.Provider)))
            return new CanonicalExchange(request, wire, target).WriteRequestAsync(output, dropped, media, cancellationToken);
        var members = new OpenAIChatMemberOutput(target, wire.Carries, output, dropped);
        OpenAIChatRequestSplicer.Write(scan, OpenAIChatRequestMembers.Table, members);
        return default;
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        new OpenAIChatStreamPatcher(target.Endpoint.Provider, header);

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) =>
        new OpenAIChatResponsePatcher(target.Endpoint.Provider, header);
}
