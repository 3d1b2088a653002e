namespace EdgeRouter.Core.Usage.Sweeping;

/// <summary>Receives rows that a sweep cannot read. Thread-safe.</summary>
public interface IUnreadableDays
{
    /// <summary>A row of that partition and day cannot be read: this part of the day counts as unfinished. Neither throws nor blocks.</summary>
    void Report(string partition, DateOnly day, Exception cause);
}
