using System.Collections.Concurrent;
using EdgeRouter.Emulators.ServiceBus.Faults;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>Nodes that answer requests: a request comes on one link, and its answer goes to the link whose target is the request's reply-to.</summary>
internal sealed class RequestNodes(FaultSwitches faults)
{
    private readonly ConcurrentDictionary<string, SendingAmqpLink> replies = new(StringComparer.Ordinal);
    private long lastDelivery;

    /// <summary>Serves a link of requests.</summary>
    /// <param name="link">The link.</param>
    /// <param name="answer">Makes the answer to a request.</param>
    public void ServeRequests(ReceivingAmqpLink link, Func<AmqpMessage, AmqpMessage> answer) => link.RegisterMessageListener(request =>
    {
        using (request)
        {
            link.DisposeDelivery(request, true, AmqpConstants.AcceptedOutcome);
            if (faults.IsSilent || !replies.TryGetValue(request.Properties.ReplyTo.ToString() ?? "", out var reply)) return;
            var message = answer(request);
            message.Properties.CorrelationId = request.Properties.MessageId;
            var tag = new ArraySegment<byte>(BitConverter.GetBytes(Interlocked.Increment(ref lastDelivery)));
            reply.SendMessageNoWait(message, tag, AmqpConstants.NullBinary);
        }
    });

    /// <summary>Serves a link that takes answers.</summary>
    public void ServeReplies(SendingAmqpLink link)
    {
        var address = ((Target)link.Settings.Target).Address.ToString() ?? "";
        replies[address] = link;
        link.SafeAddClosed((_, _) => replies.TryRemove(address, out _));
    }
}
