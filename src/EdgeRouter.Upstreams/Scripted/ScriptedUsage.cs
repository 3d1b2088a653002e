using System.Text;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Counts tokens: one per 4 UTF-8 bytes of text, rounded up, per class. Media count nothing. Not thread-safe.</summary>
internal sealed class ScriptedUsage(ChatRequest request)
{
    public const int BytesPerToken = 4;
    private long output;
    private long reasoning;

    /// <summary>Bytes of text seen, reasoning included.</summary>
    public long OutputBytes => output + reasoning;

    public void Observe(StreamEvent streamEvent)
    {
        var bytes = Encoding.UTF8.GetByteCount(OutputText(streamEvent));
        if (streamEvent is ReasoningDelta) reasoning += bytes;
        else output += bytes;
    }

    public TokenUsage ToUsage() => new() { Input = Tokens(InputBytes()), Output = Tokens(output), Reasoning = reasoning > 0 ? Tokens(reasoning) : null };

    /// <summary>The text in an event that counts as output.</summary>
    public static string OutputText(StreamEvent streamEvent) => streamEvent switch
    {
        TextDelta text => text.Text,
        ReasoningDelta delta => delta.Text ?? "",
        ToolCallDelta call => call.Arguments ?? "",
        _ => "",
    };

    private static long Tokens(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    private long InputBytes()
    {
        long bytes = 0;
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Content)
                if (part is TextPart text) bytes += Encoding.UTF8.GetByteCount(text.Text);
            foreach (var call in message.ToolCalls) bytes += Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments);
        }
        foreach (var tool in request.Tools)
            bytes += Encoding.UTF8.GetByteCount(tool.Name) + Encoding.UTF8.GetByteCount(tool.Description ?? "")
                + Encoding.UTF8.GetByteCount(tool.Parameters?.GetRawText() ?? "");
        return bytes;
    }
}
