using EdgeRouter.Emulators.ServiceBus.Faults;
using EdgeRouter.Emulators.ServiceBus.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>The broker's end of a client's receiver: sends messages as far as the client's credit goes, and settles what the client decides on.</summary>
internal sealed class DepartingLink
{
    private readonly Lock sending = new();
    private readonly SendingAmqpLink link;
    private readonly EmulatedQueue queue;
    private readonly FaultSwitches faults;
    private bool isDrained;
    private int isScheduled;

    private DepartingLink(SendingAmqpLink link, EmulatedQueue queue, FaultSwitches faults)
    {
        this.link = link;
        this.queue = queue;
        this.faults = faults;
    }

    public static void Serve(SendingAmqpLink link, EmulatedQueue queue, FaultSwitches faults)
    {
        var end = new DepartingLink(link, queue, faults);
        link.RegisterCreditListener((_, drain, _) => end.OnCredit(drain));
        link.RegisterDispositionListener(end.OnDisposition);
        queue.Watch(end.Schedule);
        link.SafeAddClosed((_, _) => queue.Unwatch(end.Schedule));
    }

    // A drained client takes nothing that comes after the answer to its drain, so nothing is sent until it gives credit again.
    private void OnCredit(bool drain)
    {
        lock (sending)
        {
            isDrained = false;
            SendNeedsLock();
            isDrained = drain;
        }
    }

    // On a thread of its own: it is called under the queue's lock, and by other links.
    private void Schedule()
    {
        if (Interlocked.Exchange(ref isScheduled, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(static end => end.Run(), this, preferLocal: false);
    }

    private void Run()
    {
        Volatile.Write(ref isScheduled, 0);
        lock (sending)
        {
            try
            {
                SendNeedsLock();
            }
            catch (Exception error) when (error is AmqpException or InvalidOperationException or OperationCanceledException)
            {
                // The link closed meanwhile; the lock of what was being sent expires.
            }
        }
    }

    private void SendNeedsLock()
    {
        while (!isDrained && !faults.IsSilent && link.State == AmqpObjectState.Opened && link.LinkCredit > 0 && queue.TryLock() is { } view)
        {
            var message = MessageCodec.Encode(view);
            message.DeliveryTag = new ArraySegment<byte>(view.LockToken.ToByteArray());
            if (link.TrySendDelivery(message)) continue;
            queue.TrySettle(view.LockToken, Settlement.Released);
            return;
        }
    }

    private void OnDisposition(Delivery delivery)
    {
        if (faults.IsSilent) return;
        var answer = Settle(new Guid(delivery.DeliveryTag), delivery.State);
        if (!delivery.Settled) Acknowledgements.Send(link, delivery, answer, faults);
    }

    private Outcome Settle(Guid token, DeliveryState state)
    {
        var settled = state switch
        {
            Accepted => queue.TrySettle(token, Settlement.Completed),
            Modified { UndeliverableHere: true } => (bool?)null,
            Modified modified => queue.TrySettle(token, Settlement.Abandoned, Properties(modified.MessageAnnotations)),
            Rejected rejected => queue.TrySettle(token, Settlement.DeadLettered, Properties(rejected.Error?.Info)),
            Released => queue.TrySettle(token, Settlement.Released),
            _ => null,
        };
        return settled switch
        {
            // Not the client's outcome: it takes an echoed rejection for a failure.
            true => AmqpConstants.AcceptedOutcome,
            false => Acknowledgements.Rejection(ServiceBusErrors.MessageLockLost, ServiceBusErrors.LockLostText),
            null => Acknowledgements.Rejection(AmqpErrorCode.NotImplemented, "The emulator does not defer messages and has no transactions."),
        };
    }

    private static Dictionary<string, object>? Properties(Fields? fields) =>
        fields?.ToDictionary(field => field.Key.ToString(), field => field.Value, StringComparer.Ordinal);
}
