using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.Caller.Answers;

/// <summary>
/// Turns a provider's embeddings into the caller's: checked, in the order of the inputs, in the encoding that was asked for. Not thread-safe.
/// </summary>
/// <param name="request">The caller's request.</param>
/// <param name="header">The head of the answer.</param>
/// <param name="read">Reads the provider's format.</param>
internal sealed class EmbeddingsTranscoder(EmbeddingsRequest request, AnswerHeader header, Func<ReadOnlyMemory<byte>, EmbeddingAnswer> read)
    : IResponseTranscoder
{
    private EmbeddingAnswer? answer;

    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        var told = read(body);
        (progress.UpstreamId, progress.Usage, progress.Error) = (told.UpstreamId, told.Usage, told.Error);
        if (told.Error is not null) return;
        answer = request.Checked(told);
        progress.Completed = true;
        progress.TokenSeen = EmbeddingAnswerCheck.HasContent(answer);
    }

    public void Write(UsageReport usage, IBufferWriter<byte> output) =>
        EmbeddingsResponseWriter.Write(answer ?? throw new InvalidOperationException("Nothing was read."), header, usage, output);
}
