using EdgeRouter.Emulators.ServiceBus.Faults;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>Answers deliveries, unless the answer is to be lost. A link that has closed meanwhile is answered in vain.</summary>
internal static class Acknowledgements
{
    public static void Send(AmqpLink link, Delivery delivery, Outcome outcome, FaultSwitches faults)
    {
        switch (faults.TakeLoss())
        {
            case AcknowledgementLoss.Silence:
                return;
            case AcknowledgementLoss.Disconnection:
                var connection = link.Session.Connection;
                // Not from inside of a callback of the connection.
                ThreadPool.QueueUserWorkItem(static connection => connection.Abort(), connection, preferLocal: false);
                return;
            default:
                link.DisposeDelivery(delivery, true, outcome);
                return;
        }
    }

    public static Rejected Rejection(AmqpSymbol condition, string description) =>
        new() { Error = new Error { Condition = condition, Description = description } };
}
