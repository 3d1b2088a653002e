using System.Collections.Concurrent;

namespace EdgeRouter.StandIns.Functions;

/// <summary>
/// What the host does to invocations under way, for tests: counts them, and cancels them as it does at a time-out or when it stops. Thread-safe.
/// </summary>
public sealed class InvocationControl
{
    private readonly ConcurrentDictionary<CancellationTokenSource, bool> running = new();

    /// <summary>Invocations under way.</summary>
    public int Running => running.Count;

    /// <summary>Cancels every invocation under way. HTTP connections stay open.</summary>
    public void CancelAll()
    {
        foreach (var invocation in running.Keys) invocation.Cancel();
    }

    internal Scope Begin(CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        running.TryAdd(source, true);
        return new Scope(this, source);
    }

    internal readonly struct Scope(InvocationControl control, CancellationTokenSource source) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            // Not disposed: CancelAll may hold it, and it has no timer.
            control.running.TryRemove(source, out _);
        }
    }
}
