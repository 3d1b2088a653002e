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

    /// <summary>Tokens of a text.</summary>
    public static long TokensOf(string text) => (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1L) / BytesPerToken;

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
        ReasoningDelta delta => delta.Block?.Text ?? "",
        ToolCallDelta call => call.Arguments ?? "",
        _ => "",
    };

    private static long Tokens(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    private static long TextBytes(IReadOnlyList<ContentPart> content)
    {
        long bytes = 0;
        foreach (var part in content)
        {
            bytes += part switch
            {
                TextPart text => Encoding.UTF8.GetByteCount(text.Text),
                ToolCallPart call => Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments),
                ToolResultPart result => TextBytes(result.Content),
                _ => 0,
            };
        }
        return bytes;
    }

    private long InputBytes()
    {
        long bytes = 0;
        foreach (var message in request.Messages)
            bytes += TextBytes(message.Content);
        foreach (var tool in request.Tools)
            bytes += Encoding.UTF8.GetByteCount(tool.Name) + Encoding.UTF8.GetByteCount(tool.Description ?? "")
                + Encoding.UTF8.GetByteCount(tool.Parameters?.GetRawText() ?? "");
        return bytes;
    }
}
