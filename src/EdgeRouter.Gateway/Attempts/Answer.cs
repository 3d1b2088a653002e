using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>A provider's answer on its way to the caller. Owned by one reader; disposing aborts what is left of it.</summary>
internal abstract class Answer : IAsyncDisposable
{
    /// <summary>What has been seen of it.</summary>
    public StreamProgress Progress { get; } = new();

    public abstract ValueTask DisposeAsync();
}
