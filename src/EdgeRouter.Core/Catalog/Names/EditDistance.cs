namespace EdgeRouter.Core.Catalog.Names;

/// <summary>How many letters must be replaced, added or removed to make one text of another.</summary>
internal static class EditDistance
{
    private const int MaxLength = 128;

    /// <summary>The distance; more than <paramref name="most"/>: it is at least that.</summary>
    public static int Of(ReadOnlySpan<char> from, ReadOnlySpan<char> to, int most)
    {
        if (to.Length > MaxLength || from.Length > MaxLength) return most + 1;
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var i = 0; i <= to.Length; i++) row[i] = i;
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            var best = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
                best = Math.Min(best, row[j]);
            }
            if (best > most) return most + 1;
        }
        return row[to.Length];
    }
}
