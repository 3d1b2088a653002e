namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>
/// The further members of a stream's chunks, by their last value: a member that repeats unchanged from chunk to chunk (Perplexity's citations) is
/// passed on once. Bounded; what exceeds the bounds is passed on every time. Not thread-safe.
/// </summary>
internal sealed class OpenAIChatChunkExtensions
{
    private const int MaxRemembered = 32;
    private const int MaxRememberedBytes = 16 * 1024;

    private readonly List<(byte[] Name, byte[] Value)> remembered = [];

    /// <summary>Whether the member is new or has changed; it is remembered.</summary>
    public bool IsNew(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.Length + value.Length > MaxRememberedBytes) return true;
        for (var i = 0; i < remembered.Count; i++)
        {
            if (!name.SequenceEqual(remembered[i].Name)) continue;
            if (value.SequenceEqual(remembered[i].Value)) return false;
            remembered[i] = (remembered[i].Name, value.ToArray());
            return true;
        }
        if (remembered.Count < MaxRemembered) remembered.Add((name.ToArray(), value.ToArray()));
        return true;
    }
}
