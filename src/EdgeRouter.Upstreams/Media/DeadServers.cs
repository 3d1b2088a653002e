using System.Collections.Concurrent;

namespace EdgeRouter.Upstreams.Media;

/// <summary>
/// Servers to which no connection could be opened a moment ago: a request with sixty URLs to one of them fails at once and not sixty times. Only
/// what no caller can bring about counts: a server that is slow or refuses is not dead. Thread-safe; bounded.
/// </summary>
internal sealed class DeadServers(TimeProvider time)
{
    private const int Most = 1024;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, long> failedAt = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the server of a URL is known to be unreachable.</summary>
    public bool Contains(Uri url) => failedAt.TryGetValue(url.Authority, out var at) && time.GetElapsedTime(at) < Remembered;

    /// <summary>No connection could be opened to the server of a URL.</summary>
    public void Add(Uri url)
    {
        if (failedAt.Count >= Most)
            foreach (var (server, at) in failedAt)
                if (time.GetElapsedTime(at) >= Remembered) failedAt.TryRemove(server, out _);
        if (failedAt.Count < Most) failedAt[url.Authority] = time.GetTimestamp();
    }
}
