using System.Buffers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller;

/// <summary><c>POST /messages/count_tokens</c>: takes what <c>POST /messages</c> takes.</summary>
internal sealed class MessagesTokenCounting(MessagesCallerApi api) : ITokenCounting
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Paths { get; } = ["messages/count_tokens"];

    /// <inheritdoc/>
    public CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => api.Read(head, body);

    /// <inheritdoc/>
    public void Write(long tokens, IBufferWriter<byte> output)
    {
        output.Write("{\"input_tokens\":"u8);
        JsonBytes.Write(tokens, output);
        output.Write("}"u8);
    }
}
