using System.Globalization;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Whether records become durable: a queue's accepting loop reports each try, and anyone may ask. A try that does not end counts as failed after a
/// while, since a disk that hangs gives no error. Thread-safe.
/// </summary>
/// <param name="time">Clock of the tries.</param>
/// <param name="patience">Longest that a try may take.</param>
public sealed class UsageAcceptance(TimeProvider time, TimeSpan patience)
{
    private readonly Lock gate = new();
    private Exception? fault;
    private long? begun;

    /// <summary>Why the last try failed, or has not ended; null: it succeeded, or there was none.</summary>
    public Exception? Fault
    {
        get
        {
            lock (gate)
            {
                if (fault is not null || begun is not { } then || time.GetElapsedTime(then) < patience) return fault;
                return new StorageUnavailableException(string.Create(CultureInfo.InvariantCulture,
                    $"Usage records have been waiting to be stored for more than {patience.TotalSeconds} s."));
            }
        }
    }

    /// <summary>A try begins. What the one before came to stays valid until this one ends.</summary>
    public void Begin()
    {
        lock (gate) begun = time.GetTimestamp();
    }

    /// <summary>The try succeeded.</summary>
    public void Succeed()
    {
        lock (gate) (fault, begun) = (null, null);
    }

    /// <summary>The try failed.</summary>
    public void Fail(Exception error)
    {
        lock (gate) (fault, begun) = (error, null);
    }
}
