using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Completions.Requests;
using EdgeRouter.Dialects.Completions.Wire;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Completions.PassThrough;

/// <summary>
/// The pass-through exchange: caller and provider both speak completions. The provider's body is spliced from the caller's, so that several prompts,
/// token ids, <c>suffix</c>, <c>best_of</c> and <c>logprobs</c> arrive as they are.
/// </summary>
internal sealed class CompletionPassThrough(CompletionScan scan, IProviderWire wire, WireTarget target) : IExchange
{
    public string Path => target.PathOf(wire);

    public WireTransport Transport => wire.Transport;

    public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
    {
        OpenAIChatRequestSplicer.Write(scan, CompletionMembers.Table, new OpenAIChatMemberOutput(target, wire.Carries, output, dropped));
        return default;
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        new CompletionStreamPatcher(target.Endpoint.Provider, header, EchoedPrompts.Of(scan));

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) =>
        new CompletionResponsePatcher(target.Endpoint.Provider, header, EchoedPrompts.Of(scan));
}
