using System.Collections.Concurrent;
using EdgeRouter.Emulators.ServiceBus.Faults;
using EdgeRouter.Emulators.ServiceBus.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transport;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>Makes the broker's end of each connection and link, and finds the node that a link is for.</summary>
internal sealed class LinkProvider(ConcurrentDictionary<string, EmulatedQueue> queues, FaultSwitches faults, ConnectionSet connections) : IRuntimeProvider
{
    private const uint Credit = 1000;
    private const string DeadLetterSuffix = "/$DeadLetterQueue";
    private readonly RequestNodes requests = new(faults);

    public AmqpConnection CreateConnection(TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings,
        AmqpConnectionSettings connectionSettings)
    {
        var connection = new AmqpConnection(transport, protocolHeader, false, amqpSettings, connectionSettings);
        connections.Add(connection);
        return connection;
    }

    public AmqpSession CreateSession(AmqpConnection connection, AmqpSessionSettings settings) => throw new NotSupportedException();

    public AmqpLink CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        if (settings.Role == false) return new SendingAmqpLink(session, settings);
        settings.TotalLinkCredit = Credit;
        settings.AutoSendFlow = true;
        return new ReceivingAmqpLink(session, settings);
    }

    public IAsyncResult BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state)
    {
        var opening = new Opening(state);
        // A silent broker never says that the link is open.
        if (faults.IsSilent) return opening;
        Serve(link);
        callback(opening);
        return opening;
    }

    public void EndOpenLink(IAsyncResult result)
    {
        // What goes wrong is thrown when opening begins.
    }

    private void Serve(AmqpLink link)
    {
        var terminus = link.IsReceiver ? ((Target)link.Settings.Target)?.Address : ((Source)link.Settings.Source)?.Address;
        var address = terminus?.ToString()?.TrimStart('/') ?? throw new AmqpException(AmqpErrorCode.InvalidField, "The link has no address.");
        var isManagement = address.EndsWith(ManagementNode.Suffix, StringComparison.OrdinalIgnoreCase);
        if (link is SendingAmqpLink sending)
        {
            if (isManagement || address == TokenNode.Address) requests.ServeReplies(sending);
            else DepartingLink.Serve(sending, Find(address), faults);
        }
        else if (link is ReceivingAmqpLink receiving)
        {
            if (address == TokenNode.Address) requests.ServeRequests(receiving, TokenNode.Answer);
            else if (!isManagement) ArrivingLink.Serve(receiving, Find(address), faults);
            else
            {
                var queue = Find(address[..^ManagementNode.Suffix.Length]);
                requests.ServeRequests(receiving, request => ManagementNode.Answer(queue, request));
            }
        }
    }

    private EmulatedQueue Find(string path)
    {
        var isDeadLetters = path.EndsWith(DeadLetterSuffix, StringComparison.OrdinalIgnoreCase);
        var name = isDeadLetters ? path[..^DeadLetterSuffix.Length] : path;
        if (!queues.TryGetValue(name, out var queue))
            throw new AmqpException(AmqpErrorCode.NotFound, $"The messaging entity '{path}' could not be found.");
        return isDeadLetters ? queue.DeadLetters : queue;
    }

    /// <summary>The library finds the link again by the state.</summary>
    private sealed class Opening(object state) : IAsyncResult
    {
        public object AsyncState => state;

        public WaitHandle AsyncWaitHandle => throw new NotSupportedException();

        public bool CompletedSynchronously => true;

        public bool IsCompleted => true;
    }
}
