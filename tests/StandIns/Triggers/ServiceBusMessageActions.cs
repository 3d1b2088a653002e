using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.ServiceBus.Grpc;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles messages through the host, one gRPC call each. Properties to modify are refused: nothing here uses them.</summary>
[InputConverter(typeof(ServiceBusMessageActionsConverter))]
public class ServiceBusMessageActions
{
    private readonly Settlement.SettlementClient? settlement;

    internal ServiceBusMessageActions(Settlement.SettlementClient settlement) => this.settlement = settlement;

    protected ServiceBusMessageActions() { }

    public virtual async Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await settlement!.CompleteAsync(new CompleteRequest { Locktoken = message.LockToken }, cancellationToken: cancellationToken);

    public virtual async Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default,
        CancellationToken cancellationToken = default)
    {
        Refuse(propertiesToModify);
        await settlement!.AbandonAsync(new AbandonRequest { Locktoken = message.LockToken }, cancellationToken: cancellationToken);
    }

    public virtual async Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default)
    {
        Refuse(propertiesToModify);
        await settlement!.DeadletterAsync(
            new DeadletterRequest
            {
                Locktoken = message.LockToken,
                DeadletterReason = deadLetterReason,
                DeadletterErrorDescription = deadLetterErrorDescription,
            },
            cancellationToken: cancellationToken);
    }

    public virtual async Task DeferMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default,
        CancellationToken cancellationToken = default)
    {
        Refuse(propertiesToModify);
        await settlement!.DeferAsync(new DeferRequest { Locktoken = message.LockToken }, cancellationToken: cancellationToken);
    }

    public virtual async Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await settlement!.RenewMessageLockAsync(new RenewMessageLockRequest { Locktoken = message.LockToken }, cancellationToken: cancellationToken);

    private static void Refuse(IDictionary<string, object>? propertiesToModify)
    {
        if (propertiesToModify is { Count: > 0 }) throw new NotSupportedException("This stand-in cannot modify properties of messages.");
    }
}

internal sealed class ServiceBusMessageActionsConverter(Settlement.SettlementClient settlement) : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => new(ConversionResult.Success(new ServiceBusMessageActions(settlement)));
}
