using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// A streamed answer, of which at least one real token has arrived when its attempt succeeds: bytes of the provider to frames, frames to the caller's
/// bytes. Holds no buffer while it waits.
/// </summary>
internal sealed class StreamAnswer(
    UpstreamAnswer upstream, IStreamTranscoder transcoder, IFrameReader frames, Provider provider, AttemptClock clock, TimeProvider time) : Answer
{
    private const int ReadSize = 16 * 1024;
    private const int MaxDrainedBytes = 64 * 1024;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    /// <summary>Longest time for the remainder of a piece whose start has arrived.</summary>
    private static readonly TimeSpan RemainderTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Caller's bytes that arrived before the attempt won.</summary>
    public PooledBuffer Held { get; } = new();

    /// <summary>Ends the attempt when a phase takes too long.</summary>
    public AttemptClock Clock => clock;

    /// <summary>Failure while no relay ran: before it was chosen, or after its caller had left; null: none.</summary>
    public UpstreamFailure? Broken { get; set; }

    /// <summary>Called for each wait for the provider; null: none.</summary>
    public IWaitObserver? Observer { get; set; }

    /// <summary>The provider has sent everything.</summary>
    public bool Ended { get; private set; }

    /// <summary>Timestamp of the last byte that the provider sent.</summary>
    public long LastReceived { get; private set; }

    /// <summary>Media type of the caller's bytes; null: that of the caller API's streams.</summary>
    public string? MediaType => transcoder.MediaType;

    /// <summary>Display name of the provider.</summary>
    public string Provider => provider.Name;

    /// <summary>
    /// Reads the next piece from the provider and writes whole events of the caller's format. Returns a failure when the stream broke; network
    /// trouble is returned, not thrown. What follows the stream's terminator is read for late usage only, and never written.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamFailure?> PumpAsync(IBufferWriter<byte> output)
    {
        byte[]? buffer = null;
        try
        {
            // A read of zero bytes waits until there is data, so that thousands of silent streams hold no buffers.
            Observer?.Begin();
            try
            {
                _ = await upstream.Body.ReadAsync(Memory<byte>.Empty, clock.Token);
            }
            finally
            {
                if (Observer is not null) await EndWaitAsync(Observer);
            }
            buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
            var read = await upstream.Body.ReadAsync(buffer, clock.Token);
            LastReceived = time.GetTimestamp();
            if (read == 0)
            {
                Ended = true;
                frames.Complete();
            }
            else
            {
                frames.Append(buffer.AsMemory(0, read));
            }
            return Transcode(output);
        }
        catch (UpstreamFormatException exception)
        {
            return UpstreamFailure.Observed(FailureClass.MalformedAnswer, exception.Message);
        }
        catch (OperationCanceledException) when (clock.Token.IsCancellationRequested)
        {
            return clock.ToFailure();
        }
        catch (Exception exception) when (TransportFailures.IsTransport(exception))
        {
            return TransportFailures.Of(exception, null, CancellationToken.None);
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The failure behind an error that the provider reported inside the stream.</summary>
    public UpstreamFailure Classify(UpstreamError error) => FailureClassifier.InAnswer(provider.Wire, error);

    /// <summary>Ends a good stream.</summary>
    public void Complete(UsageReport usage, IBufferWriter<byte> output) => transcoder.Complete(usage, output);

    /// <summary>Ends a broken stream.</summary>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => transcoder.Fail(error, usage, output);

    /// <summary>
    /// Releases the stream. A provider that has completed its answer gets a moment, in the background, to end the response too, because only then can
    /// its connection be reused. The caller does not wait for it.
    /// </summary>
    public override ValueTask DisposeAsync()
    {
        Held.Dispose();
        if (Ended || !Progress.Completed || Broken is not null || clock.Token.IsCancellationRequested) return ReleaseAsync();
        _ = DrainAsync();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends a wait. A keep-alive that the caller is slow to take is not the provider's silence, and gives it no more time than its phase.</summary>
    private ValueTask EndWaitAsync(IWaitObserver observer)
    {
        var ended = observer.EndAsync();
        return ended.IsCompletedSuccessfully ? ended : AfterKeepAliveAsync(ended);
    }

    private async ValueTask AfterKeepAliveAsync(ValueTask ended)
    {
        clock.Disarm();
        await ended;
        clock.Rearm(RemainderTimeout, FailureClass.IdleTimeout);
    }

    private UpstreamFailure? Transcode(IBufferWriter<byte> output)
    {
        try
        {
            while (frames.TryRead(out var frame))
            {
                if (Progress.Completed) Progress.Usage ??= transcoder.ReadLateUsage(frame.Name, frame.Data);
                else transcoder.Transcode(frame.Name, frame.Data, output, Progress);
            }
            return null;
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json has no other exception for a text that is not Unicode.
            return UpstreamFailure.Observed(FailureClass.MalformedAnswer, "the stream has text that is not Unicode");
        }
    }

    /// <summary>Reads bytes only: late data of a provider changes neither the record nor the price.</summary>
    private async Task DrainAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            clock.Arm(DrainTime, FailureClass.IdleTimeout);
            for (var drained = 0; drained < MaxDrainedBytes;)
            {
                var read = await upstream.Body.ReadAsync(buffer, clock.Token);
                if (read == 0) return;
                drained += read;
            }
        }
        catch (Exception exception) when (TransportFailures.IsTransport(exception))
        {
            // The connection is closed instead of being used again.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await ReleaseAsync();
        }
    }

    private async ValueTask ReleaseAsync()
    {
        frames.Dispose();
        await upstream.DisposeAsync();
        clock.Dispose();
    }
}
