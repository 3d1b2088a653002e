using System.Diagnostics.CodeAnalysis;

namespace EdgeRouter.Dialects.Answers;

/// <summary>
/// Remembers what providers signed in turns that called tools, by caller and tool call, for ten minutes. Clients lose such signatures in a tool loop, and
/// providers then refuse the next request or reason again. Bounded in turns and bytes: the oldest make room. This instance's own. Thread-safe.
/// </summary>
/// <param name="time">Decides when a turn is forgotten.</param>
public sealed class SignatureMemory(TimeProvider time)
{
    /// <summary>Most turns that are kept.</summary>
    public const int MostTurns = 4096;

    /// <summary>Most bytes that are kept.</summary>
    public const long MostBytes = 32 * 1024 * 1024;

    /// <summary>Most bytes of a turn; a larger one is not kept.</summary>
    public const int MostBytesOfTurn = 512 * 1024;

    /// <summary>How long a turn is kept.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Owner, string CallId), Entry> byCall = [];
    private readonly Queue<Entry> oldestFirst = new();
    private long bytes;

    /// <summary>Keeps a turn, unless it is too large.</summary>
    /// <param name="owner">The caller's key hash.</param>
    /// <param name="turn">What was signed.</param>
    public void Remember(string owner, SignedTurn turn)
    {
        var size = turn.Bytes;
        if (size > MostBytesOfTurn) return;
        var entry = new Entry(owner, turn, size, time.GetTimestamp());
        lock (gate)
        {
            oldestFirst.Enqueue(entry);
            bytes += size;
            foreach (var id in turn.CallIds) byCall[(owner, id)] = entry;
            while (oldestFirst.TryPeek(out var oldest) && (oldestFirst.Count > MostTurns || bytes > MostBytes || IsOver(oldest))) Forget(oldestFirst.Dequeue());
        }
    }

    /// <summary>The turn that made a call; false: it is not known, or was forgotten.</summary>
    public bool TryFind(string owner, string callId, [NotNullWhen(true)] out SignedTurn? turn)
    {
        lock (gate) turn = byCall.TryGetValue((owner, callId), out var entry) && !IsOver(entry) ? entry.Turn : null;
        return turn is not null;
    }

    private bool IsOver(Entry entry) => time.GetElapsedTime(entry.Since) >= Lifetime;

    private void Forget(Entry entry)
    {
        bytes -= entry.Bytes;
        foreach (var id in entry.Turn.CallIds)
            if (byCall.TryGetValue((entry.Owner, id), out var current) && ReferenceEquals(current, entry)) byCall.Remove((entry.Owner, id));
    }

    private sealed record Entry(string Owner, SignedTurn Turn, int Bytes, long Since);
}
