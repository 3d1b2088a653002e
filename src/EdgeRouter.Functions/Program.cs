using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Storage;
using EdgeRouter.Functions;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Hosting;

// Faults that the operator can fix end in one clear message and exit code 2, not in a crash loop with stack traces.
try
{
    using var app = await RouterApplication.BuildAsync(args, AzureTableStoreFactory.Create);
    await app.RunAsync();
    return 0;
}
catch (Exception fault) when (fault is SettingsException or StorageUnavailableException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 2;
}
