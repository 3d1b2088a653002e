using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Embeddings.Caller;
using EdgeRouter.Dialects.Embeddings.Caller.Answers;
using EdgeRouter.Dialects.Embeddings.Requests;
using EdgeRouter.Dialects.Embeddings.Wire;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.PassThrough;

/// <summary>The pass-through exchange: caller and provider both speak OpenAI's embeddings. The body is spliced, and the vectors are copied.</summary>
internal sealed class EmbeddingsPassThrough(EmbeddingsRequest request, EmbeddingsScan scan, IProviderWire wire, WireTarget target) : IExchange
{
    public string Path => target.PathOf(wire);

    public WireTransport Transport => wire.Transport;

    public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
    {
        if (scan.MediaCount > 0 && media.KeepsUrlsFrom(target.Endpoint.Provider)) RefuseUrls();
        OpenAIChatRequestSplicer.Write(scan, EmbeddingsMembers.Table, new OpenAIChatMemberOutput(target, wire.Carries, output, dropped));
        return default;
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        throw new NotSupportedException("Embeddings are not streamed.");

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) =>
        new EmbeddingsTranscoder(request, header, EmbeddingsAnswerReader.Read);

    /// <summary>A provider in the operator's network would fetch them from where callers must not reach.</summary>
    private void RefuseUrls()
    {
        var inputs = request.ReadInputs().Inputs;
        for (var i = 0; i < inputs.Messages.Count; i++)
        {
            var parts = inputs.Messages[i].Content;
            for (var part = 0; part < parts.Count; part++)
            {
                if (UrlOf(parts[part]) is { } url && !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
                    throw target.Refuse(inputs, RequestPlace.OfPart(i, part, RequestField.Source), "expected a data: URL: this provider fetches no others");
            }
        }
    }

    private static string? UrlOf(ContentPart part) => part switch
    {
        ImagePart image => image.Url,
        VideoPart video => video.Url,
        FilePart file => file.Data,
        _ => null,
    };
}
