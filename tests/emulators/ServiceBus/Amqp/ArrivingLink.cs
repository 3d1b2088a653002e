using EdgeRouter.Emulators.ServiceBus.Faults;
using EdgeRouter.Emulators.ServiceBus.Queues;
using Microsoft.Azure.Amqp;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>The broker's end of a client's sender: each delivery is a message or a batch, stored whole and then accepted.</summary>
internal static class ArrivingLink
{
    public static void Serve(ReceivingAmqpLink link, EmulatedQueue queue, FaultSwitches faults)
    {
        // The library refuses a larger delivery by closing the link with amqp:link:message-size-exceeded, as the service does.
        link.Settings.MaxMessageSize = (ulong)queue.Options.MaxMessageBytes;
        link.RegisterMessageListener(message =>
        {
            using (message)
            {
                if (faults.IsSilent) return;
                queue.Enqueue(MessageCodec.Decode(message));
                Acknowledgements.Send(link, message, AmqpConstants.AcceptedOutcome, faults);
            }
        });
    }
}
