using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes messages of what the host sends: 16 bytes of lock token, then the encoded message.</summary>
[SupportsDeferredBinding]
[SupportedTargetType(typeof(ServiceBusReceivedMessage))]
[SupportedTargetType(typeof(ServiceBusReceivedMessage[]))]
internal sealed class ServiceBusReceivedMessageConverter : IInputConverter
{
    private const string Source = "AzureServiceBusReceivedMessage";
    private const string ContentType = "application/octet-stream";
    private const int LockTokenBytes = 16;

    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context)
    {
        try
        {
            return new(context.Source switch
            {
                ModelBindingData one => ConversionResult.Success(ToMessage(one)),
                CollectionModelBindingData many => ConversionResult.Success(Array.ConvertAll(many.ModelBindingData, ToMessage)),
                _ => ConversionResult.Unhandled(),
            });
        }
        catch (Exception error)
        {
            return new(ConversionResult.Failed(error));
        }
    }

    private static ServiceBusReceivedMessage ToMessage(ModelBindingData data)
    {
        if (data.Source != Source || data.ContentType != ContentType)
            throw new InvalidOperationException(
                $"Binding data of source '{data.Source}' and type '{data.ContentType}'; expected '{Source}' and '{ContentType}'.");
        var bytes = data.Content.ToMemory();
        return ServiceBusReceivedMessage.FromAmqpMessage(
            AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(bytes[LockTokenBytes..])), BinaryData.FromBytes(bytes[..LockTokenBytes]));
    }
}
