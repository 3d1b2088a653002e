namespace EdgeRouter.Emulators.ServiceBus.Queues;

/// <summary>Properties of a queue. The defaults are those of infra/modules/service-bus.bicep and of the Standard tier.</summary>
public sealed record QueueOptions
{
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After so many deliveries without completion a message becomes a dead letter.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>A message whose id was seen within this time is accepted and dropped. Zero: duplicates are not detected.</summary>
    public TimeSpan DuplicateDetectionWindow { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Largest message in bytes as it is on the wire; a batch is one message there.</summary>
    public int MaxMessageBytes { get; init; } = 256 * 1024;
}
