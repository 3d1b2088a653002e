using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects;

/// <summary>Whole answers from any upstream dialect to any caller's. Not thread-safe.</summary>
/// <param name="upstream">Reads the answer.</param>
/// <param name="provider">Who answers.</param>
/// <param name="caller">Writes the answer.</param>
/// <param name="header">What stands at its head.</param>
public sealed class CanonicalResponseTranscoder(IProviderWire upstream, Provider provider, ICallerApi caller, AnswerHeader header) : IResponseTranscoder
{
    private ChatResponse? response;

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        response = upstream.ReadResponse(body, provider);
        progress.Observe(response);
    }

    /// <inheritdoc/>
    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        if (response is null) throw new InvalidOperationException("Nothing was read.");
        caller.WriteResponse(response, header, usage, output);
    }
}
