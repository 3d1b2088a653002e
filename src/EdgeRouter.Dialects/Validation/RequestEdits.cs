using System.Buffers;

namespace EdgeRouter.Dialects.Validation;

/// <summary>Copies a value while applying the edits in it.</summary>
internal static class RequestEdits
{
    /// <summary>Copies <c>body[start..end]</c> to the output with the edits that the rules select.</summary>
    public static void Copy<TRules>(ReadOnlySpan<byte> body, int start, int end, List<RequestEdit> edits, ref TRules rules, IBufferWriter<byte> output)
        where TRules : struct, IRequestEditRules
    {
        var position = start;
        var next = FirstFrom(edits, start);
        while (next < edits.Count && edits[next].Start < end)
        {
            var edit = edits[next++];
            if (!rules.Applies(edit.Reason)) continue;
            var editEnd = edit.End;
            if (edit.Kind == RequestEditKind.Cut)
            {
                // Members cut side by side are one cut, so that the comma before them is seen.
                while (next < edits.Count && edits[next].Kind == RequestEditKind.Cut && edits[next].Start == editEnd && rules.Applies(edits[next].Reason))
                    editEnd = edits[next++].End;
                var before = body[position..edit.Start];
                output.Write(body[editEnd] == (byte)'}' ? WithoutComma(before) : before);
            }
            else
            {
                output.Write(body[position..edit.Start]);
                output.Write(edit.Kind == RequestEditKind.Keep ? body[edit.KeepStart..edit.KeepEnd] : rules.TextFor(edit.Reason));
            }
            position = editEnd;
        }
        output.Write(body[position..end]);
    }

    /// <summary>Position of the first edit at or after <paramref name="start"/>.</summary>
    private static int FirstFrom(List<RequestEdit> edits, int start)
    {
        var (low, high) = (0, edits.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (edits[middle].Start < start) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static ReadOnlySpan<byte> WithoutComma(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" \t\r\n"u8);
        return text is [.. var rest, (byte)','] ? rest : text;
    }
}
