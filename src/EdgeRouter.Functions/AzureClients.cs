using Azure.Messaging.ServiceBus;
using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Functions;

/// <summary>Clients of the Azure services that the settings name. Making them sends no request. What cannot be made is null, and a fault.</summary>
/// <param name="Tables">The store.</param>
/// <param name="Bus">The client of the usage queue.</param>
/// <param name="Exports">Where money records are exported; null also when no setting says where.</param>
internal sealed record AzureClients(ITableStore? Tables, ServiceBusClient? Bus, ExportContainer? Exports)
{
    /// <summary>Makes them.</summary>
    /// <param name="settings">The settings; what they miss is among the faults already.</param>
    /// <param name="createTables">Makes the store.</param>
    /// <param name="createBus">Makes the client of the usage queue.</param>
    /// <param name="faults">Gets the faults of the values.</param>
    public static AzureClients Create(FunctionsHostSettings settings, TableStoreFactory createTables, ServiceBusFactory createBus, List<string> faults) => new(
        Create(settings.Storage, faults, value => createTables(value, settings.ClientId)),
        Create(settings.UsageQueue, faults, value => createBus(value, settings.ClientId)),
        Create(settings.Router?.ExportTarget, faults, value => ExportContainer.Create(value, settings.ClientId)));

    private static T? Create<T>(string? value, List<string> faults, Func<string, T> create) where T : class
    {
        if (value is null) return null;
        try
        {
            return create(value);
        }
        catch (FormatException error)
        {
            faults.Add(error.Message);
            return null;
        }
    }
}
