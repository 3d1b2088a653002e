namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>Whether the last try to reach Service Bus succeeded; reports each change once. Thread-safe.</summary>
internal sealed class LinkState(ServiceBusUsageQueueOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private Exception? lastError;
    private long awaySince;

    public Exception? LastError
    {
        get
        {
            lock (gate) return lastError;
        }
    }

    /// <summary>Time since the first try that failed after one that succeeded; zero: the last one succeeded.</summary>
    public TimeSpan AwayFor
    {
        get
        {
            lock (gate) return lastError is null ? TimeSpan.Zero : time.GetElapsedTime(awaySince);
        }
    }

    public void Failed(Exception error)
    {
        if (Exchange(error) is null) options.OnAway?.Invoke(error);
    }

    public void Succeeded()
    {
        if (Exchange(null) is not null) options.OnBack?.Invoke();
    }

    private Exception? Exchange(Exception? error)
    {
        lock (gate)
        {
            var before = lastError;
            lastError = error;
            if (before is null) awaySince = time.GetTimestamp();
            return before;
        }
    }
}
