using Azure.Core;
using Azure.Data.Tables;
using EdgeRouter.AzureAdapters.Identity;

namespace EdgeRouter.AzureAdapters.Tables;

/// <summary>Makes the table store that the setting <c>EdgeRouter__Storage</c> names.</summary>
public static class AzureTableStoreFactory
{
    /// <summary>Prefix of the setting's value.</summary>
    public const string Prefix = "tables:";

    private const string Setting = "EdgeRouter__Storage";

    /// <summary>
    /// Makes the store; no request is sent. <c>tables:https://&lt;account&gt;.table.core.windows.net</c> uses a managed identity
    /// (<see cref="RouterIdentity"/>);
    /// <c>tables:&lt;connection string&gt;</c> uses the account key in it, for local use (<c>tables:UseDevelopmentStorage=true</c> is Azurite on its
    /// usual port).
    /// </summary>
    /// <param name="setting">Value of the setting.</param>
    /// <param name="clientId">Client id of a user-assigned identity, setting <c>EdgeRouter__Azure__ClientId</c>; null: the machine's default
    /// identity.</param>
    /// <exception cref="FormatException">It is neither; the text names the setting and holds no part of a connection string.</exception>
    public static AzureTableStore Create(string setting, string? clientId = null)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (!setting.StartsWith(Prefix, StringComparison.Ordinal))
            throw new FormatException($"{Setting}: expected {Prefix}<account URL or connection string>.");
        var target = setting[Prefix.Length..].Trim();
        return new AzureTableStore(target.Contains("://", StringComparison.Ordinal) && !target.Contains('=', StringComparison.Ordinal)
            ? new TableServiceClient(AccountUrl(target), RouterIdentity.Credential(clientId), Options())
            : FromConnectionString(target));
    }

    /// <summary>Short timeouts: requests wait, and callers have a fallback (cached data, a later retry).</summary>
    internal static TableClientOptions Options() => new()
    {
        Retry = { Mode = RetryMode.Exponential, MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(2),
            NetworkTimeout = TimeSpan.FromSeconds(10) },
    };

    private static Uri AccountUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
        && url is { Query: "", Fragment: "", UserInfo: "" }
        ? url
        : throw new FormatException($"{Setting}: expected an https URL without query after {Prefix}, such as {Prefix}https://account.table.core.windows.net.");

    private static TableServiceClient FromConnectionString(string text)
    {
        try
        {
            return new TableServiceClient(text, Options());
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or ArgumentException)
        {
#pragma warning disable MA0054 // The SDK's exception might quote the string, which holds a key: it is left out.
            throw new FormatException($"{Setting}: what follows {Prefix} is neither an https URL nor a valid connection string.");
#pragma warning restore MA0054
        }
    }
}
