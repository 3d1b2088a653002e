using System.Globalization;
using Azure.Messaging.ServiceBus;
using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Functions;

/// <summary>The checked settings of this host, and the objects made from them: store, Service Bus client, keys.</summary>
internal sealed class FunctionsHostSettings
{
    /// <summary>
    /// Time of an invocation in host.json. When it is over, the host cuts the answer, and other answers of the instance with it: nothing that the router
    /// allows may take as long.
    /// </summary>
    internal static readonly TimeSpan FunctionTimeout = TimeSpan.FromMinutes(40);

    /// <summary>What an invocation needs beside its request: it waits for its record, and the host's clock starts earlier.</summary>
    internal static readonly TimeSpan InvocationReserve = TimeSpan.FromMinutes(1);

    private const string QueueNameSetting = "UsageQueueName";

    /// <summary>The load balancer of the platform ends requests that sent nothing for 230 seconds; the answer needs some of that to get there.</summary>
    private static readonly TimeSpan PlatformLimit = TimeSpan.FromSeconds(225);

    private static readonly string[] Schedules = [RollupSweepFunction.Schedule, StatisticsSnapshotFunction.Schedule, LeaseJanitorFunction.Schedule,
        MoneyExportFunction.Schedule];

    private FunctionsHostSettings(RouterSettings settings, ITableStore tables, ServiceBusClient bus, KeyRing keys, string usageQueueName,
        IReadOnlyList<string> missingSchedules, ExportContainer? exports)
    {
        Exports = exports;
        Settings = settings;
        Tables = tables;
        Bus = bus;
        Keys = keys;
        UsageQueueName = usageQueueName;
        MissingSchedules = missingSchedules;
    }

    public RouterSettings Settings { get; }

    public ITableStore Tables { get; }

    public ServiceBusClient Bus { get; }

    public KeyRing Keys { get; }

    /// <summary>Where money records are exported; null: nowhere.</summary>
    public ExportContainer? Exports { get; }

    public string UsageQueueName { get; }

    /// <summary>Schedules of timers that are not set. Not a fault: only those timers do not run, and the app serves without them.</summary>
    public IReadOnlyList<string> MissingSchedules { get; }

    public string JournalFolder => Settings.Azure.UsageJournal ?? Path.Combine(Path.GetTempPath(), "edgerouter-usage");

    /// <summary>Reads and checks everything, and reports all faults together.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="createTables">Makes the store.</param>
    /// <param name="createBus">Makes the client of the usage queue.</param>
    /// <param name="addGateway">Adds the gateway's services, with the catalog, if the gateway's settings and the store's are valid.</param>
    /// <exception cref="SettingsException">Lists every fault.</exception>
    public static async Task<FunctionsHostSettings> CreateAsync(IConfiguration configuration, TableStoreFactory createTables, ServiceBusFactory createBus,
        Func<RouterSettings, ITableStore, Task> addGateway)
    {
        var faults = new List<string>();
        var settings = Try(faults, () => WithPlatform(RouterSettings.Read(configuration)));
        if (settings is not null) CheckTime(faults, settings.Limits);
        var clientId = configuration["EdgeRouter:Azure:ClientId"];
        var storage = Required(faults, configuration, "EdgeRouter:Storage", "tables:<account URL or connection string>");
        var tables = storage is null ? null : Try(faults, () => createTables(storage, clientId));
        if (settings is not null && tables is not null) await TryAsync(faults, () => addGateway(settings, tables));
        var target = Required(faults, configuration, "EdgeRouter:UsageQueue", "servicebus:<namespace or connection string>");
        var bus = target is null ? null : Try(faults, () => createBus(target, clientId));
        var exports = settings?.ExportTarget is { } container ? Try(faults, () => ExportContainer.Create(container, clientId)) : null;
        var queue = Required(faults, configuration, QueueNameSetting, "the name of the usage queue");
        CheckTriggerConnection(faults, configuration);
        CheckKeys(faults, configuration);
        CheckReferences(faults, configuration);
        if (faults.Count > 0) throw new SettingsException(faults);
        var keys = new KeyRing(KeyRing.CallersOf(settings!.Keys).Select(settings.Budgets.Bound));
        var missing = Array.FindAll(Schedules, schedule => string.IsNullOrEmpty(configuration[schedule]));
        return new FunctionsHostSettings(settings, tables!, bus!, keys, queue!, missing, exports);
    }

    private static RouterSettings WithPlatform(RouterSettings settings) =>
        settings with { Limits = settings.Limits with { Platform = settings.Limits.Platform ?? PlatformLimit } };

    private static void CheckTime(List<string> faults, LimitSettings limits)
    {
        var most = FunctionTimeout - InvocationReserve - limits.ReadOn;
        if (limits.Total > most)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"EdgeRouter__Limits__TotalSeconds: expected at most {most.TotalSeconds} on Azure "
                + $"Functions, where an invocation ends after {FunctionTimeout.TotalSeconds} seconds (functionTimeout in host.json), "
                + $"EdgeRouter__Limits__ReadOnSeconds and {InvocationReserve.TotalSeconds} seconds included"));
    }

    private static T? Try<T>(List<string> faults, Func<T> make) where T : class
    {
        try
        {
            return make();
        }
        catch (SettingsException error)
        {
            faults.AddRange(error.Faults);
        }
        catch (FormatException error)
        {
            faults.Add(error.Message);
        }
        return null;
    }

    private static async Task TryAsync(List<string> faults, Func<Task> add)
    {
        try
        {
            await add();
        }
        catch (CatalogException error)
        {
            faults.AddRange(error.Errors.Select(static fault => fault.ToString()));
        }
    }

    private static string? Required(List<string> faults, IConfiguration configuration, string path, string expectation)
    {
        if (configuration[path] is { Length: > 0 } value) return value;
        faults.Add($"{VariableName(path)}: required on Azure Functions; expected {expectation}");
        return null;
    }

    /// <summary>The trigger reads its connection by itself; without one nobody reads the queue.</summary>
    private static void CheckTriggerConnection(List<string> faults, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[UsageFunction.Connection])
            && string.IsNullOrEmpty(configuration[UsageFunction.Connection + ":fullyQualifiedNamespace"]))
            faults.Add($"{UsageFunction.Connection}__fullyQualifiedNamespace: required on Azure Functions; expected the Service Bus namespace, "
                + $"or a connection string in {UsageFunction.Connection}");
    }

    // Instances share only the settings, so none can generate keys. A region may have no management key: nobody manages through it then.
    private static void CheckKeys(List<string> faults, IConfiguration configuration) =>
        Required(faults, configuration, "EdgeRouter:Keys:Inference", "the bootstrap inference key");

    /// <summary>A Key Vault reference that was not resolved arrives as its own text, and would be a key that anyone can guess.</summary>
    private static void CheckReferences(List<string> faults, IConfiguration configuration)
    {
        // Everywhere: providers' keys may be in their customary variables, which are not the router's own.
        foreach (var (path, value) in configuration.AsEnumerable())
            if (value?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true)
                faults.Add($"{VariableName(path)}: the Key Vault reference is not resolved; "
                    + "expected a secret that exists and that the app's identity may read");
    }

    private static string VariableName(string path) => path.Replace(":", "__", StringComparison.Ordinal);
}
