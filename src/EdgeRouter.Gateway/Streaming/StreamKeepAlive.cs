using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Writes comments to callers whose streams have fallen silent after their first token, so that no proxy on the way hangs up. One timer for all
/// streams: a timer each would cost more than the streams themselves do while they wait. Thread-safe.
/// </summary>
internal sealed class StreamKeepAlive : IDisposable
{
    private readonly LinkedList<StreamBeat> beats = new();
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

    /// <summary>Watches over a stream until <see cref="Leave"/>.</summary>
    public StreamBeat Enter(HttpContext context)
    {
        var beat = new StreamBeat(context, time);
        lock (gate) beat.Node = beats.AddLast(beat);
        return beat;
    }

    /// <summary>The stream is over.</summary>
    public void Leave(StreamBeat beat)
    {
        lock (gate) beats.Remove(beat.Node!);
    }

    public void Dispose() => timer.Dispose();

    private void Sweep()
    {
        lock (gate)
            foreach (var beat in beats)
                beat.CommentAfter(limit);
    }
}
