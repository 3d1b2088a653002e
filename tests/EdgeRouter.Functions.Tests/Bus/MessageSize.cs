using System.Text;
using Azure.Messaging.ServiceBus;

namespace EdgeRouter.Functions.Tests.Bus;

/// <summary>What a message takes on the wire: its body and its properties, with an allowance for how AMQP frames them.</summary>
internal static class MessageSize
{
    private const int Framing = 128;

    public static long Of(ServiceBusMessage message)
    {
        long size = Framing + message.Body.ToMemory().Length + Text(message.MessageId) + Text(message.ContentType) + Text(message.Subject);
        foreach (var (name, value) in message.ApplicationProperties) size += Text(name) + (value is string text ? Text(text) : 16);
        return size;
    }

    private static int Text(string? text) => text is null ? 0 : 5 + Encoding.UTF8.GetByteCount(text);
}
