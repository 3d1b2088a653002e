using Microsoft.Azure.Amqp;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>The connections that are open or opening. Thread-safe.</summary>
internal sealed class ConnectionSet
{
    private readonly Lock gate = new();
    private readonly HashSet<AmqpConnection> open = [];
    private bool isRefusing;

    /// <summary>Connections taken so far.</summary>
    public int Taken { get; private set; }

    /// <summary>While true, none is taken. Turning it on breaks those that are open.</summary>
    public bool IsRefusing
    {
        get
        {
            lock (gate) return isRefusing;
        }
        set
        {
            lock (gate) isRefusing = value;
            if (value) Break();
        }
    }

    /// <exception cref="AmqpException">None is taken at present.</exception>
    public void Add(AmqpConnection connection)
    {
        lock (gate)
        {
            if (isRefusing) throw new AmqpException(AmqpErrorCode.ConnectionForced, "The emulator is away.");
            Taken++;
            open.Add(connection);
        }
        connection.SafeAddClosed((_, _) =>
        {
            lock (gate) open.Remove(connection);
        });
    }

    /// <summary>Breaks all of them, without a word to their clients.</summary>
    public void Break()
    {
        AmqpConnection[] broken;
        lock (gate) broken = [.. open];
        foreach (var connection in broken) connection.Abort();
    }
}
