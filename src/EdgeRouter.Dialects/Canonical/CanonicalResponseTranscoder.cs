using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>Whole answers from any wire for conversations to any caller API. Not thread-safe.</summary>
/// <param name="wire">Reads the answer.</param>
/// <param name="provider">Who answers.</param>
/// <param name="caller">Writes the answer.</param>
/// <param name="header">What stands at its head.</param>
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
        caller.WriteResponse(response, header, usage, output);
    }
}
