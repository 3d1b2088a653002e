namespace EdgeRouter.Emulators.ServiceBus.Queues;

/// <summary>Message ids seen within a window. The queue's lock guards it.</summary>
internal sealed class SeenIds(TimeSpan window)
{
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, DateTimeOffset At)> order = new();

    /// <summary>False: the id was seen within the window.</summary>
    public bool TryAdd(string? id, DateTimeOffset now)
    {
        if (id is null || window == TimeSpan.Zero) return true;
        while (order.TryPeek(out var oldest) && now - oldest.At >= window) ids.Remove(order.Dequeue().Id);
        if (!ids.Add(id)) return false;
        order.Enqueue((id, now));
        return true;
    }

    public void Clear()
    {
        ids.Clear();
        order.Clear();
    }
}
