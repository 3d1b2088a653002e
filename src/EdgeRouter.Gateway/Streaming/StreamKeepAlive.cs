using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Sends keep-alives to callers whose streams have been silent since their last token, so that no proxy closes the connection. One timer for all
/// streams: a timer each would cost more than the waiting streams themselves. Thread-safe.
/// </summary>
internal sealed class StreamKeepAlive : IDisposable
{
    private readonly LinkedList<StreamBeat> beats = new();
    private readonly Lock gate = new();
    private readonly Lock sweeping = new();
    private readonly List<StreamBeat> silent = [];
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
    public StreamBeat Enter(HttpContext context, ICallerApi api)
    {
        var beat = new StreamBeat(context, api, output, time);
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
        // A sweep that is still writing does for this one, too.
        if (!sweeping.TryEnter()) return;
        try
        {
            // Written outside of the lock that every stream takes at its start and end.
            lock (gate)
                foreach (var beat in beats)
                    if (beat.IsSilentFor(limit)) silent.Add(beat);
            foreach (var beat in silent) beat.WriteAfter(limit);
            silent.Clear();
        }
        finally
        {
            sweeping.Exit();
        }
    }
}
