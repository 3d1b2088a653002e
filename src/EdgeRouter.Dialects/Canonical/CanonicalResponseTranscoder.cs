using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>Transcodes a whole answer from any wire for conversations for any caller API. Not thread-safe.</summary>
/// <param name="wire">Reads the answer.</param>
/// <param name="provider">The provider that answers.</param>
/// <param name="caller">Writes the answer.</param>
/// <param name="header">The head of the answer.</param>
public sealed class CanonicalResponseTranscoder(IConversationWire wire, Provider provider, ConversationRequest caller, AnswerHeader header)
    : IResponseTranscoder
{
    private ChatResponse? response;

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        response = wire.ReadResponse(body, provider);
        progress.Observe(response);
    }

    /// <inheritdoc/>
    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        if (response is null) throw new InvalidOperationException("Nothing was read.");
        caller.SignaturesFor(wire)?.Note(response);
        caller.WriteResponse(response, header, usage, output);
    }
}
