namespace EdgeRouter.Emulators.ServiceBus.Queues;

/// <summary>How a lock on a message ended.</summary>
public enum Settlement
{
    /// <summary>The message is gone.</summary>
    Completed,

    /// <summary>The message comes again, unless it was delivered too often.</summary>
    Abandoned,

    /// <summary>As abandoned; nobody settled the message in time.</summary>
    Expired,

    /// <summary>The message comes again, and the delivery does not count: nobody saw it.</summary>
    Released,

    /// <summary>The message is in the dead-letter queue.</summary>
    DeadLettered,
}
