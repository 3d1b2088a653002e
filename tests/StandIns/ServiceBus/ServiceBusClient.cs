using Azure.Core;
using EdgeRouter.StandIns.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// Finds the in-process broker by the namespace's host name; with none registered there, every call fails as with a namespace that is out of reach.
/// </summary>
public class ServiceBusClient : IAsyncDisposable
{
    public ServiceBusClient(string connectionString, ServiceBusClientOptions options) : this(HostOf(connectionString), (TokenCredential)null, options) { }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions options)
    {
        FullyQualifiedNamespace = fullyQualifiedNamespace;
        Credential = credential;
        Options = options;
    }

    public virtual string FullyQualifiedNamespace { get; }

    public virtual bool IsClosed { get; private set; }

    /// <summary>Not in the package: lets tests see what was chosen.</summary>
    public TokenCredential Credential { get; }

    /// <summary>Not in the package: lets tests see what was chosen.</summary>
    public ServiceBusClientOptions Options { get; }

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => new(this, queueOrTopicName);

    public virtual ServiceBusReceiver CreateReceiver(string queueName) => new(this, queueName, new ServiceBusReceiverOptions());

    public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) => new(this, queueName, options);

    public virtual ValueTask DisposeAsync()
    {
        IsClosed = true;
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal BrokerQueue Queue(string name)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return Broker.Of(FullyQualifiedNamespace).Queue(name);
    }

    private static string HostOf(string connectionString)
    {
        const string Endpoint = "Endpoint=";
        var endpoint = Array.Find(connectionString.Split(';'), part => part.StartsWith(Endpoint, StringComparison.OrdinalIgnoreCase));
        return endpoint is not null && Uri.TryCreate(endpoint[Endpoint.Length..], UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? uri.Host
            : throw new FormatException("The connection string used for an Service Bus client must specify the Service Bus namespace host and either a Shared "
                + "Access Key (both the name and value) OR a Shared Access Signature to be valid.");
    }
}

public class ServiceBusClientOptions
{
    public ServiceBusRetryOptions RetryOptions { get; set; } = new();
}

public class ServiceBusRetryOptions
{
    public int MaxRetries { get; set; } = 3;

    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(0.8);

    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
