using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Sends keep-alives to callers whose streams have been silent since their last token, so that no proxy closes the connection. One timer for all
/// streams: a timer per stream would cost more than the waiting streams themselves. Thread-safe.
/// </summary>
internal sealed class StreamKeepAlive : IDisposable
{
    private readonly LinkedList<KeepAliveGate> streams = new();
    private readonly Lock gate = new();
    private readonly Lock sweeping = new();
    private readonly List<KeepAliveGate> silent = [];
    private readonly CallerOutput output;
    private readonly TimeSpan limit;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public StreamKeepAlive(RouterSettings settings, CallerOutput output, TimeProvider time)
    {
        this.output = output;
        this.time = time;
        limit = settings.Limits.KeepAlive;
        var period = limit / 4;
        timer = time.CreateTimer(static self => ((StreamKeepAlive)self!).Sweep(), this, period, period);
    }

    /// <summary>Watches a stream until <see cref="Leave"/>.</summary>
    public KeepAliveGate Enter(HttpContext context, ICallerApi api)
    {
        var stream = new KeepAliveGate(context, api, output, time);
        lock (gate) stream.Node = streams.AddLast(stream);
        return stream;
    }

    /// <summary>The stream is over.</summary>
    public void Leave(KeepAliveGate stream)
    {
        lock (gate) streams.Remove(stream.Node!);
    }

    public void Dispose() => timer.Dispose();

    private void Sweep()
    {
        // A sweep that is still running covers this one.
        if (!sweeping.TryEnter()) return;
        try
        {
            // Written outside of the lock that every stream takes at its start and end.
            lock (gate)
                foreach (var stream in streams)
                    if (stream.IsSilentFor(limit)) silent.Add(stream);
            foreach (var stream in silent) stream.WriteAfter(limit);
            silent.Clear();
        }
        finally
        {
            sweeping.Exit();
        }
    }
}
