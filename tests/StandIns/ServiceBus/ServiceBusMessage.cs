namespace Azure.Messaging.ServiceBus;

public class ServiceBusMessage
{
    public ServiceBusMessage(BinaryData body) => Body = body;

    public BinaryData Body { get; set; }

    public string MessageId { get; set; }

    public string ContentType { get; set; }

    public string Subject { get; set; }

    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>(StringComparer.Ordinal);
}
