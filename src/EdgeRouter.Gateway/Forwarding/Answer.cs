using System.Buffers;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects;
using EdgeRouter.Gateway.Streaming;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>An upstream's answer on its way to the caller. Owned by one reader; disposing aborts what is left of it.</summary>
internal abstract class Answer : IAsyncDisposable
{
    /// <summary>What has been seen of it.</summary>
    public StreamProgress Progress { get; } = new();

    public abstract ValueTask DisposeAsync();
}

/// <summary>A whole answer, already read.</summary>
internal abstract class WholeAnswer : Answer
{
    /// <summary>Writes it in the caller's dialect.</summary>
    public abstract void Write(UsageReport usage, IBufferWriter<byte> output);
}

/// <summary>A stream, at least one real token of which has arrived when its attempt succeeds.</summary>
internal abstract class StreamAnswer(AttemptClock clock) : Answer
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    /// <summary>Caller's bytes that arrived before the attempt won.</summary>
    public PooledBuffer Held { get; } = new();

    /// <summary>Ends the attempt when a phase takes too long.</summary>
    public AttemptClock Clock => clock;

    /// <summary>How it broke before it was chosen; null: it did not.</summary>
    public UpstreamFailure? Broken { get; set; }

    /// <summary>Told of each wait for the upstream, so that the caller hears something meanwhile; null: nobody is.</summary>
    public StreamBeat? Beat { get; set; }

    /// <summary>The upstream has nothing more.</summary>
    public bool Ended { get; protected set; }

    /// <summary>
    /// Takes the next piece of the upstream, writes whole events of the caller's dialect. Returns a failure when the upstream broke; network trouble
    /// is returned, not thrown.
    /// </summary>
    public abstract ValueTask<UpstreamFailure?> PumpAsync(IBufferWriter<byte> output);

    /// <summary>Display name of the provider.</summary>
    public abstract string Provider { get; }

    /// <summary>The class of an error that the upstream reported inside the stream.</summary>
    public abstract UpstreamFailure Classify(Core.Conversation.UpstreamError error);

    /// <summary>Ends a good stream.</summary>
    public abstract void Complete(UsageReport usage, IBufferWriter<byte> output);

    /// <summary>Ends a broken stream.</summary>
    public abstract void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output);

    /// <summary>
    /// Lets go of the stream. A provider that has said its last word is given a moment, in the background, to end the answer too: only then can its
    /// connection be used again, and nobody waits.
    /// </summary>
    public override ValueTask DisposeAsync()
    {
        Held.Dispose();
        if (Ended || !Progress.Completed || Broken is not null || clock.Token.IsCancellationRequested) return ReleaseAsync();
        _ = DrainAsync();
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the upstream.</summary>
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
