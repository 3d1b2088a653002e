using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Files;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Local;

// Faults that the operator can fix end in one clear message and exit code 2, not in a stack trace.
try
{
    await using var host = await LocalHost.StartAsync(LocalOptions.Parse(args), LocalHost.ReadConfiguration(), Environment.GetEnvironmentVariable, Console.Out);
    await host.WaitForShutdownAsync();
    return 0;
}
catch (Exception fault) when (fault is FormatException or SettingsException or CatalogException or StorageUnavailableException or StoreRefusedException
    or IOException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 2;
}
