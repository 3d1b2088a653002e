using Azure.Messaging.ServiceBus;
using EdgeRouter.AzureAdapters.Identity;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>Makes the client that the setting <c>EdgeRouter__UsageQueue</c> names.</summary>
public static class ServiceBusConnection
{
    /// <summary>What the setting begins with.</summary>
    public const string Prefix = "servicebus:";

    private const string Setting = "EdgeRouter__UsageQueue";

    /// <summary>
    /// Makes the client; no request is sent. <c>servicebus:&lt;name&gt;.servicebus.windows.net</c> uses a managed identity (<see cref="RouterIdentity"/>);
    /// <c>servicebus:&lt;connection string&gt;</c> uses the key in it, for local use.
    /// </summary>
    /// <param name="setting">Value of the setting.</param>
    /// <param name="clientId">Client id of a user-assigned identity, setting <c>EdgeRouter__Azure__ClientId</c>; null: whatever identity there is.</param>
    /// <exception cref="FormatException">It is neither; the text names the setting and holds no part of a connection string.</exception>
    public static ServiceBusClient Create(string setting, string? clientId)
    {
        if (!setting.StartsWith(Prefix, StringComparison.Ordinal)) throw new FormatException($"{Setting}: expected {Prefix}<namespace or connection string>");
        var target = setting[Prefix.Length..].Trim();
        if (target.Contains('=', StringComparison.Ordinal)) return FromConnectionString(target);
        if (Uri.CheckHostName(target) != UriHostNameType.Dns || !target.Contains('.', StringComparison.Ordinal))
            throw new FormatException($"{Setting}: expected a host name after {Prefix}, such as {Prefix}name.servicebus.windows.net, or a connection string");
        return new ServiceBusClient(target, RouterIdentity.Credential(clientId), Options());
    }

    /// <summary>Short waits: the queue retries by itself, and requests wait for it.</summary>
    internal static ServiceBusClientOptions Options() => new()
    {
        RetryOptions = new ServiceBusRetryOptions
        {
            MaxRetries = 1,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(1),
            TryTimeout = TimeSpan.FromSeconds(4)
        },
    };

    private static ServiceBusClient FromConnectionString(string text)
    {
        ServiceBusClient? client = null;
        try
        {
            client = new ServiceBusClient(text, Options());
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            // The SDK's text might quote the string, which holds a key: it is left out, and so is the exception.
        }
        return client ?? throw new FormatException($"{Setting}: what follows {Prefix} is not a valid connection string");
    }
}
