using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>A provider's answer for the caller. Owned by one reader; disposing aborts the rest of it.</summary>
internal abstract class Answer : IAsyncDisposable
{
    /// <summary>What has arrived of it.</summary>
    public StreamProgress Progress { get; } = new();

    public abstract ValueTask DisposeAsync();
}
