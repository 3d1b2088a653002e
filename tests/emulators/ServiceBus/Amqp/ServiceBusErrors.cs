using Microsoft.Azure.Amqp.Encoding;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>Error conditions of Service Bus, with its texts.</summary>
internal static class ServiceBusErrors
{
    public const string LockLostText =
        "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.";

    public static readonly AmqpSymbol MessageLockLost = "com.microsoft:message-lock-lost";
}
