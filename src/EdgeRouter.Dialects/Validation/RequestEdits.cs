using System.Buffers;

namespace EdgeRouter.Dialects.Validation;

/// <summary>Copies a value while applying the edits in it.</summary>
internal static class RequestEdits
{
    /// <summary>
    /// Copies <c>body[start..end]</c> to the output with its edits applied. <see cref="RequestEditKind.CacheControl"/> is applied only where markers
    /// are not kept.
    /// </summary>
    /// <returns>False when a cache marker was left out.</returns>
    public static bool Copy(ReadOnlySpan<byte> body, int start, int end, List<RequestEdit> edits, bool keepsMarkers, IBufferWriter<byte> output)
    {
        var keptAllMarkers = true;
        var position = start;
        var next = FirstFrom(edits, start);
        while (next < edits.Count && edits[next].Start < end)
        {
            var edit = edits[next++];
            if (keepsMarkers && edit.Kind == RequestEditKind.CacheControl) continue;
            keptAllMarkers &= edit.Kind != RequestEditKind.CacheControl;
            var behind = edit.End;
            // Members cut side by side are one cut, so that the comma before them is seen.
            while (edit.IsCut && next < edits.Count && edits[next].IsCut && edits[next].Start == behind
                && !(keepsMarkers && edits[next].Kind == RequestEditKind.CacheControl))
            {
                keptAllMarkers &= edits[next].Kind != RequestEditKind.CacheControl;
                behind = edits[next++].End;
            }
            var before = body[position..edit.Start];
            output.Write(edit.IsCut && body[behind] == (byte)'}' ? WithoutComma(before) : before);
            output.Write(Replacement(edit, body));
            position = behind;
        }
        output.Write(body[position..end]);
        return keptAllMarkers;
    }

    /// <summary>Position of the first edit at or behind <paramref name="start"/>.</summary>
    public static int FirstFrom(List<RequestEdit> edits, int start)
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

    private static ReadOnlySpan<byte> Replacement(RequestEdit edit, ReadOnlySpan<byte> body) => edit.Kind switch
    {
        RequestEditKind.SingleText => body[edit.KeepStart..edit.KeepEnd],
        RequestEditKind.EmptyContent => "null"u8,
        RequestEditKind.MissingContent => ",\"content\":null"u8,
        RequestEditKind.MissingToolCallType => ",\"type\":\"function\""u8,
        RequestEditKind.LegacyVideoType => "\"video_url\""u8,
        _ => [],
    };

    private static ReadOnlySpan<byte> WithoutComma(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" \t\r\n"u8);
        return text is [.. var rest, (byte)','] ? rest : text;
    }
}
