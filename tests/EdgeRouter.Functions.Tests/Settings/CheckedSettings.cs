using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Functions.Tests.Settings;

/// <summary>The app's settings, as it checks them when it starts, without the catalog that they name.</summary>
internal static class CheckedSettings
{
    /// <summary>Reads the settings and makes the clients.</summary>
    /// <exception cref="SettingsException">Lists every fault.</exception>
    public static FunctionsHostSettings Read(IEnumerable<KeyValuePair<string, string?>> values)
    {
        var faults = new List<string>();
        var settings = FunctionsHostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), faults);
        AzureClients.Create(settings, OpenMemory, ServiceBusConnection.Create, faults);
        return faults.Count == 0 ? settings : throw new SettingsException(faults);
    }

    private static MemoryTableStore OpenMemory(string setting, string? clientId) => setting.StartsWith("tables:", StringComparison.Ordinal)
        ? new MemoryTableStore() : throw new FormatException("EdgeRouter__Storage: expected tables:<account URL or connection string>.");
}
