using System.Buffers;
using EdgeRouter.Dialects.Sse;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// Whose turn it is to write to one caller while his stream waits for its provider: nobody's, or the comment's that keeps proxies from hanging up.
/// The stream's own reader calls
/// <see cref="Begin"/> and <see cref="EndAsync"/>; <see cref="StreamKeepAlive"/> calls the rest from another thread.
/// </summary>
internal sealed class StreamBeat(HttpContext context, TimeProvider time)
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Writing = 2;
    private Task writing = Task.CompletedTask;
    private long silentSince = time.GetTimestamp();
    private int state;

    /// <summary>Neighbours in the list of <see cref="StreamKeepAlive"/>, under its lock.</summary>
    public LinkedListNode<StreamBeat>? Node { get; set; }

    /// <summary>The caller has been sent something.</summary>
    public void Sent() => Volatile.Write(ref silentSince, time.GetTimestamp());

    /// <summary>The stream begins to wait for its provider: until the end of the wait nothing else is written.</summary>
    public void Begin() => Volatile.Write(ref state, Waiting);

    /// <summary>The wait is over. Waits for a comment that is being written.</summary>
    public ValueTask EndAsync() => Interlocked.CompareExchange(ref state, Idle, Waiting) == Waiting
        ? ValueTask.CompletedTask : new ValueTask(AfterCommentAsync());

    /// <summary>Writes a comment if the caller has heard nothing for <paramref name="limit"/>.</summary>
    public void CommentAfter(TimeSpan limit)
    {
        if (Volatile.Read(ref state) != Waiting || time.GetElapsedTime(Volatile.Read(ref silentSince)) < limit) return;
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Told before the turn is taken: whoever sees the turn taken finds what to wait for.
        Volatile.Write(ref writing, written.Task);
        if (Interlocked.CompareExchange(ref state, Writing, Waiting) == Waiting) _ = CommentAsync(written);
    }

    private async Task AfterCommentAsync()
    {
        while (Interlocked.CompareExchange(ref state, Idle, Waiting) == Writing) await Volatile.Read(ref writing);
    }

    private async Task CommentAsync(TaskCompletionSource written)
    {
        try
        {
            context.Response.BodyWriter.Write(SseWriter.Processing);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller left, which the stream's own reader learns by the same token.
        }
        finally
        {
            Sent();
            Volatile.Write(ref state, Waiting);
            written.SetResult();
        }
    }
}
