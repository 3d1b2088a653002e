using EdgeRouter.Core.Errors;

namespace EdgeRouter.Upstreams.Media;

/// <summary>The result of a fetch: exactly one of both is set.</summary>
/// <param name="DataUrl">The bytes as <c>data:type;base64,...</c>.</param>
/// <param name="Error">A 400 or, when too much is fetched at once, 503, that names the field.</param>
public readonly record struct MediaResult(string? DataUrl, RouterError? Error);

/// <summary>Bytes that all fetches of one request may still use. Thread-safe.</summary>
public sealed class MediaBudget(long bytes)
{
    private long left = bytes;

    /// <summary>Takes bytes; false: fewer are left.</summary>
    public bool TryTake(long count) => Interlocked.Add(ref left, -count) >= 0;
}
