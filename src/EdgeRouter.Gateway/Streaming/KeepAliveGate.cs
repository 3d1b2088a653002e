using System.Buffers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Attempts;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Makes sure that a keep-alive and the stream never write to the caller at the same time: keep-alives, which stop proxies from closing the
/// connection, are allowed only while the stream waits for its provider. The stream's own reader calls <see cref="Begin"/> and
/// <see cref="EndAsync"/>; <see cref="StreamKeepAlive"/> calls the rest from another thread.
/// </summary>
internal sealed class KeepAliveGate(HttpContext context, ICallerApi api, CallerOutput output, TimeProvider time) : IWaitObserver
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Writing = 2;
    private Task writing = Task.CompletedTask;
    private long silentSince = time.GetTimestamp();
    private int state;

    /// <summary>Neighbours in the list of <see cref="StreamKeepAlive"/>, under its lock.</summary>
    public LinkedListNode<KeepAliveGate>? Node { get; set; }

    /// <summary>Something was sent to the caller.</summary>
    public void Sent() => Volatile.Write(ref silentSince, time.GetTimestamp());

    /// <summary>The stream starts to wait for its provider: until the wait ends it writes nothing.</summary>
    public void Begin() => Volatile.Write(ref state, Waiting);

    /// <summary>The wait is over. Completes when no keep-alive is being written.</summary>
    public ValueTask EndAsync() => Interlocked.CompareExchange(ref state, Idle, Waiting) == Waiting
        ? ValueTask.CompletedTask : new ValueTask(AfterKeepAliveAsync());

    /// <summary>Whether the stream waits for its provider and the caller has received nothing for <paramref name="limit"/>.</summary>
    public bool IsSilentFor(TimeSpan limit) =>
        !api.KeepAlive.IsEmpty && Volatile.Read(ref state) == Waiting && time.GetElapsedTime(Volatile.Read(ref silentSince)) >= limit;

    /// <summary>Writes a keep-alive if the caller has received nothing for <paramref name="limit"/>.</summary>
    public void WriteAfter(TimeSpan limit)
    {
        if (!IsSilentFor(limit)) return;
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Set before the state changes, so that a reader of the new state finds the task to wait for.
        Volatile.Write(ref writing, written.Task);
        if (Interlocked.CompareExchange(ref state, Writing, Waiting) == Waiting) _ = WriteAsync(written);
    }

    private async Task AfterKeepAliveAsync()
    {
        while (Interlocked.CompareExchange(ref state, Idle, Waiting) == Writing) await Volatile.Read(ref writing);
    }

    private async Task WriteAsync(TaskCompletionSource written)
    {
        try
        {
            context.Response.BodyWriter.Write(api.KeepAlive);
            // The stream's own reader sees by its token that the caller disconnected.
            await output.TryFlushAsync(context, TimeSpan.MaxValue);
        }
        finally
        {
            Sent();
            Volatile.Write(ref state, Waiting);
            written.SetResult();
        }
    }
}
