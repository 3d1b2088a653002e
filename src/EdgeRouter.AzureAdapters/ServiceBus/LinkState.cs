namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>Whether the last try to reach Service Bus succeeded; tells of changes once. Thread-safe.</summary>
internal sealed class LinkState(ServiceBusUsageQueueOptions options)
{
    private readonly Lock gate = new();
    private Exception? lastError;

    public Exception? LastError
    {
        get
        {
            lock (gate) return lastError;
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
            return before;
        }
    }
}
