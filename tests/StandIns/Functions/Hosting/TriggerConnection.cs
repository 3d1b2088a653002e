using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.StandIns.Functions;

/// <summary>
/// The Service Bus connection that a trigger names: a connection string in the setting of its name, or the namespace in
/// <c>__fullyQualifiedNamespace</c>.
/// </summary>
internal sealed record TriggerConnection(string Host)
{
    public static TriggerConnection Of(IConfiguration configuration, string name)
    {
        if (configuration[name] is { Length: > 0 } connectionString)
            return new(new ServiceBusClient(connectionString, new ServiceBusClientOptions()).FullyQualifiedNamespace);
        return configuration[name + ":fullyQualifiedNamespace"] is { Length: > 0 } host
            ? new(host)
            : throw new InvalidOperationException($"Microsoft.Azure.WebJobs.ServiceBus: Service Bus account connection string '{name}' does not exist.");
    }

    public ServiceBusClient Connect() => new(Host, credential: null, new ServiceBusClientOptions());
}
