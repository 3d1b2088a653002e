using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Azure.ServiceBus.Grpc;

namespace EdgeRouter.Emulators.FunctionsHost.Triggers;

/// <summary>The messages that functions hold now, by lock token. Thread-safe.</summary>
internal sealed class LockedMessages
{
    private readonly ConcurrentDictionary<string, (ServiceBusReceiver Receiver, ServiceBusReceivedMessage Message)> locked = new(
        StringComparer.OrdinalIgnoreCase);

    public void Add(ServiceBusReceiver receiver, ServiceBusReceivedMessage message) => locked[message.LockToken] = (receiver, message);

    public void Remove(ServiceBusReceivedMessage message) => locked.TryRemove(message.LockToken, out _);

    /// <exception cref="RpcException">No function holds it, or Service Bus refused.</exception>
    public async Task<Empty> SettleAsync(string lockToken, Func<ServiceBusReceiver, ServiceBusReceivedMessage, Task> settle)
    {
        if (!locked.TryGetValue(lockToken, out var held)) throw new RpcException(new Status(StatusCode.NotFound, $"No function holds the lock {lockToken}."));
        try
        {
            await settle(held.Receiver, held.Message);
            return new Empty();
        }
        catch (ServiceBusException error)
        {
            throw new RpcException(new Status(StatusCode.Unknown, error.Message, error));
        }
    }
}

/// <summary>Settles messages for the worker's <c>ServiceBusMessageActions</c>, as the real host's Service Bus extension does.</summary>
internal sealed class SettlementService(LockedMessages locked) : Settlement.SettlementBase
{
    public override Task<Empty> Complete(CompleteRequest request, ServerCallContext context) =>
        locked.SettleAsync(request.Locktoken, (receiver, message) => receiver.CompleteMessageAsync(message, context.CancellationToken));

    public override Task<Empty> Abandon(AbandonRequest request, ServerCallContext context) =>
        locked.SettleAsync(request.Locktoken, (receiver, message) => receiver.AbandonMessageAsync(message, null, context.CancellationToken));

    public override Task<Empty> Deadletter(DeadletterRequest request, ServerCallContext context) =>
        locked.SettleAsync(request.Locktoken, (receiver, message) =>
            receiver.DeadLetterMessageAsync(message, request.DeadletterReason, request.DeadletterErrorDescription, context.CancellationToken));

    public override Task<Empty> Defer(DeferRequest request, ServerCallContext context) =>
        locked.SettleAsync(request.Locktoken, (receiver, message) => receiver.DeferMessageAsync(message, null, context.CancellationToken));

    public override Task<Empty> RenewMessageLock(RenewMessageLockRequest request, ServerCallContext context) =>
        locked.SettleAsync(request.Locktoken, (receiver, message) => receiver.RenewMessageLockAsync(message, context.CancellationToken));
}
