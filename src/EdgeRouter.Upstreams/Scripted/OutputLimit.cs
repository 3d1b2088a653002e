using System.Text;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Ends a turn at <c>max_tokens</c>, counted as <see cref="ScriptedUsage"/> does. Pure.</summary>
internal static class OutputLimit
{
    /// <summary>The turn, cut within the last piece that fits, and then finished with reason length.</summary>
    public static IEnumerable<StreamEvent> Apply(IEnumerable<StreamEvent> turn, int choice, int? maxTokens)
    {
        var left = (long)(maxTokens ?? int.MaxValue) * ScriptedUsage.BytesPerToken;
        var reasoned = false;
        foreach (var streamEvent in turn)
        {
            // Reasoning and output are rounded up to tokens separately.
            if (reasoned && streamEvent is not ReasoningDelta) left -= left % ScriptedUsage.BytesPerToken;
            reasoned = streamEvent is ReasoningDelta;

            var text = ScriptedUsage.OutputText(streamEvent);
            var bytes = Encoding.UTF8.GetByteCount(text);
            if (bytes <= left)
            {
                left -= bytes;
                yield return streamEvent;
                continue;
            }
            if (Fitting(text, left) is { Length: > 0 } start) yield return Shorten(streamEvent, start);
            if (streamEvent is PartEvent cut) yield return new PartEnded(choice, cut.Part);
            yield return new ChoiceFinished(choice, FinishReason.Length, "length");
            yield break;
        }
    }

    private static string Fitting(string text, long bytes)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0) break;
            length += rune.Utf16SequenceLength;
        }
        return text[..length];
    }

    private static StreamEvent Shorten(StreamEvent streamEvent, string text) => streamEvent switch
    {
        TextDelta delta => delta with { Text = text },
        ReasoningDelta { Block: { } block } delta => delta with { Block = block with { Text = text } },
        ToolCallDelta delta => delta with { Arguments = text },
        _ => streamEvent,
    };
}
