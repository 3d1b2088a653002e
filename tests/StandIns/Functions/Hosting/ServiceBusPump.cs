using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.StandIns.Functions;

/// <summary>
/// Receives messages in batches and runs the function with them. As in Azure, an instance has one batch at a time; the setting
/// <c>StandIn:Instances</c> says how many instances there are.
/// </summary>
internal sealed class ServiceBusPump(FunctionEntry function, TriggerConnection connection, Invoker invoker, IConfiguration configuration, TimeProvider time,
    ILogger<ServiceBusPump> log) : BackgroundService
{
    private const int DefaultBatch = 1000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly ServiceBusTriggerAttribute trigger = (ServiceBusTriggerAttribute)function.Trigger;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var client = connection.Connect();
        await using var receiver = client.CreateReceiver(configuration.Resolve(trigger.QueueName!));
        await Task.WhenAll(Enumerable.Range(0, configuration.GetValue("StandIn:Instances", 1)).Select(_ => RunAsync(receiver, stoppingToken)));
    }

    private async Task RunAsync(ServiceBusReceiver receiver, CancellationToken stopping)
    {
        var most = StandInHost.ReadHostJson("serviceBus", "maxMessageBatchSize")?.GetInt32() ?? DefaultBatch;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var messages = await receiver.ReceiveMessagesAsync(most, TimeSpan.FromMinutes(1), stopping);
                if (messages.Count > 0) await ProcessAsync(receiver, [.. messages], stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ServiceBusException error)
            {
                log.LogDebug(error, "The queue cannot be reached.");
                await Task.Delay(Retry, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ProcessAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage[] messages, CancellationToken stopping)
    {
        var succeeded = false;
        try
        {
            await invoker.InvokeAsync(function, messages, [new ServiceBusMessageActions(receiver)], stopping);
            succeeded = true;
        }
        catch (Exception error)
        {
            log.LogError(error, "Function {Name} failed.", function.Name);
        }
        if (!trigger.AutoCompleteMessages) return;
        foreach (var message in messages)
            await (succeeded
                ? receiver.CompleteMessageAsync(message, CancellationToken.None) : receiver.AbandonMessageAsync(message, null, CancellationToken.None));
    }
}
