using EdgeRouter.Dialects;
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
    private readonly TimeSpan limit;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public StreamKeepAlive(RouterSettings settings, TimeProvider time)
    {
        this.time = time;
        limit = settings.Limits.KeepAlive;
        var period = limit / 4;
        timer = time.CreateTimer(static self => ((StreamKeepAlive)self!).Sweep(), this, period, period);
    }

    /// <summary>Watches a stream until <see cref="Leave"/>.</summary>
    public KeepAliveGate Enter(HttpContext context, ICallerApi api)
    {
        var stream = new KeepAliveGate(context, api, time);
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
        lock (gate)
            foreach (var stream in streams)
                stream.WriteAfter(limit);
    }
}
