using System.Buffers;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// The body of a scripted answer as a connection would give it: bytes are there as soon as their event is, pauses are waited for, and a reset throws as a
/// socket does. Nothing is made before it is read. Not thread-safe.
/// </summary>
internal sealed class ScriptedStream(IEnumerable<ScriptedStep> script, IScriptedBody body, TimeProvider timeProvider) : Stream
{
    /// <summary>Bytes that are gathered before a read returns them.</summary>
    private const int EnoughBytes = 4096;

    private readonly IEnumerator<ScriptedStep> steps = script.GetEnumerator();
    private readonly ArrayBufferWriter<byte> unread = new(EnoughBytes + EnoughBytes / 2);
    private int taken;
    private TimeSpan pause;
    private Exception? failure;
    private bool ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        Fill();
        return pause > TimeSpan.Zero && taken == unread.WrittenCount ? WaitAsync(buffer, cancellationToken) : new(Take(buffer.Span));
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) steps.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (pause > TimeSpan.Zero && taken == unread.WrittenCount)
        {
            await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
            pause = TimeSpan.Zero;
            Fill();
        }
        return Take(buffer.Span);
    }

    /// <summary>Continues the script until there is enough to read, or a pause.</summary>
    private void Fill()
    {
        while (!ended && pause == TimeSpan.Zero && unread.WrittenCount - taken < EnoughBytes)
        {
            if (!steps.MoveNext())
            {
                ended = true;
                return;
            }
            var step = steps.Current;
            pause = step.Pause;
            if (step.Event is { } streamEvent) body.Add(streamEvent, unread);
            if (step.Fault == ScriptedFault.None) continue;
            failure = body.Break(step.Fault, unread);
            ended = true;
        }
    }

    private int Take(Span<byte> buffer)
    {
        var bytes = unread.WrittenSpan[taken..];
        if (bytes.IsEmpty && failure is not null) throw failure;
        var count = Math.Min(bytes.Length, buffer.Length);
        bytes[..count].CopyTo(buffer);
        taken += count;
        if (taken < unread.WrittenCount) return count;
        unread.ResetWrittenCount();
        taken = 0;
        return count;
    }
}
