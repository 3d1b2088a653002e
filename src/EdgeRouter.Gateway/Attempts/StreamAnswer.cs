using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>A streamed answer, of which at least one real token has arrived when its attempt succeeds.</summary>
internal abstract class StreamAnswer(AttemptClock clock) : Answer
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    /// <summary>Caller's bytes that arrived before the attempt won.</summary>
    public PooledBuffer Held { get; } = new();

    /// <summary>Ends the attempt when a phase takes too long.</summary>
    public AttemptClock Clock => clock;

    /// <summary>How it failed before it was chosen; null: it did not.</summary>
    public UpstreamFailure? Broken { get; set; }

    /// <summary>Called for each wait for the provider; null: none.</summary>
    public IWaitObserver? Observer { get; set; }

    /// <summary>The provider has sent everything.</summary>
    public bool Ended { get; protected set; }

    /// <summary>
    /// Reads the next piece from the provider and writes whole events of the caller's format. Returns a failure when the stream broke; network
    /// trouble is returned, not thrown.
    /// </summary>
    public abstract ValueTask<UpstreamFailure?> PumpAsync(IBufferWriter<byte> output);

    /// <summary>Display name of the provider.</summary>
    public abstract string Provider { get; }

    /// <summary>The failure behind an error that the provider reported inside the stream.</summary>
    public abstract UpstreamFailure Classify(UpstreamError error);

    /// <summary>Ends a good stream.</summary>
    public abstract void Complete(UsageReport usage, IBufferWriter<byte> output);

    /// <summary>Ends a broken stream.</summary>
    public abstract void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output);

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

    /// <summary>Closes the connection.</summary>
    protected abstract ValueTask CloseAsync();

    private async Task DrainAsync()
    {
        using var rest = new PooledBuffer();
        try
        {
            clock.Arm(DrainTime, FailureClass.IdleTimeout);
            while (!Ended && await PumpAsync(rest) is null) rest.Clear();
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async ValueTask ReleaseAsync()
    {
        await CloseAsync();
        clock.Dispose();
    }
}
