namespace EdgeRouter.Emulators.ServiceBus.Queues;

/// <summary>The application properties that say why a message is a dead letter.</summary>
internal static class DeadLetterProperties
{
    public const string Reason = "DeadLetterReason";
    public const string Description = "DeadLetterErrorDescription";

    public static Dictionary<string, object> Of(string? reason, string? description)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal);
        if (reason is not null) properties.Add(Reason, reason);
        if (description is not null) properties.Add(Description, description);
        return properties;
    }
}
