using EdgeRouter.Gateway.Attempts;

namespace EdgeRouter.Gateway.Tests;

/// <summary>An answer that knows whether it was released.</summary>
internal sealed class ReleasedAnswer : Answer
{
    public bool IsReleased { get; private set; }

    public override ValueTask DisposeAsync()
    {
        IsReleased = true;
        return ValueTask.CompletedTask;
    }
}
