using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Configuration;

namespace EdgeRouter.Gateway.Requests;

/// <summary>The load of this instance: requests, and the memory of their bodies. Limits both. Thread-safe.</summary>
internal sealed class InstanceLoad(RouterSettings settings)
{
    private int requests;
    private long bodyBytes;

    /// <summary>Bytes that the bodies of all requests hold now.</summary>
    public long BodyBytes => Volatile.Read(ref bodyBytes);

    /// <summary>Adds a request; every one that was added is ended by <see cref="Leave"/>.</summary>
    /// <exception cref="RouterException">429: there are too many.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref requests) <= settings.Limits.MaxConcurrentRequests) return;
        Interlocked.Decrement(ref requests);
        throw Busy($"This instance already serves {settings.Limits.MaxConcurrentRequests} requests (EdgeRouter__Limits__MaxConcurrentRequests).");
    }

    /// <summary>The request has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref requests);

    /// <summary>Adds memory of a body; all of it is returned by <see cref="ReleaseBytes"/>.</summary>
    /// <exception cref="RouterException">429: the bodies together hold too much.</exception>
    public void HoldBytes(int count)
    {
        if (Interlocked.Add(ref bodyBytes, count) <= settings.Limits.MaxBodyBytesAtOnce) return;
        Interlocked.Add(ref bodyBytes, -count);
        throw Busy($"The bodies of this instance's requests already hold {settings.Limits.MaxBodyBytesAtOnce} bytes (EdgeRouter__Limits__MaxBodyBytesAtOnce).");
    }

    /// <summary>Returns memory of a body.</summary>
    public void ReleaseBytes(int count) => Interlocked.Add(ref bodyBytes, -count);

    private static RouterException Busy(string message) =>
        new(new RouterError(429, ErrorTypes.RateLimitExceeded, message) { RetryAfter = TimeSpan.FromSeconds(1) });
}
