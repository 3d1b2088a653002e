using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Functions;

/// <summary>What the settings say about this host, checked: the parts that differ from other hosts.</summary>
internal sealed class FunctionsParts
{
    private const string QueueNameSetting = "UsageQueueName";
    /// <summary>The load balancer of the platform ends requests that sent nothing for 230 seconds; the answer needs some of that to get there.</summary>
    private static readonly TimeSpan PlatformLimit = TimeSpan.FromSeconds(225);

    private static readonly string[] Schedules = [RollupSweepFunction.Schedule, StatisticsSnapshotFunction.Schedule, LeaseJanitorFunction.Schedule];

    private FunctionsParts(RouterSettings settings, ITableStore tables, ServiceBusClient bus, KeyRing keys, string usageQueueName,
        IReadOnlyList<string> missingSchedules)
    {
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

    public string UsageQueueName { get; }

    /// <summary>Settings of timers that are not set. No fault: the Functions host leaves out those timers only, and the app can serve without them.</summary>
    public IReadOnlyList<string> MissingSchedules { get; }

    public string JournalFolder => Settings.Azure.UsageJournal ?? Path.Combine(Path.GetTempPath(), "edgerouter-usage");

    /// <summary>Reads and checks everything before it gives up.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="openTables">Makes the store.</param>
    /// <param name="openBus">Makes the client of the usage queue.</param>
    /// <param name="addGateway">Adds the gateway's parts, the catalog among them, if the gateway's settings are good.</param>
    /// <exception cref="SettingsException">Lists every fault.</exception>
    public static FunctionsParts Create(IConfiguration configuration, TableStoreOpener openTables, ServiceBusOpener openBus,
        Func<RouterSettings, object> addGateway)
    {
        var faults = new List<string>();
        var settings = Try(faults, () => WithPlatform(RouterSettings.Read(configuration)));
        if (settings is not null) Try(faults, () => addGateway(settings));
        var clientId = configuration["EdgeRouter:Azure:ClientId"];
        var storage = Required(faults, configuration, "EdgeRouter:Storage", "tables:<account URL or connection string>");
        var tables = storage is null ? null : Try(faults, () => openTables(storage, clientId));
        var target = Required(faults, configuration, "EdgeRouter:UsageQueue", "servicebus:<namespace or connection string>");
        var bus = target is null ? null : Try(faults, () => openBus(target, clientId));
        var queue = Required(faults, configuration, QueueNameSetting, "the name of the usage queue");
        CheckTriggerConnection(faults, configuration);
        var keys = ReadKeys(faults, configuration, settings?.Budgets ?? BudgetSettings.None);
        CheckReferences(faults, configuration);
        if (faults.Count > 0) throw new SettingsException(faults);
        return new FunctionsParts(settings!, tables!, bus!, keys!, queue!, Array.FindAll(Schedules, schedule => string.IsNullOrEmpty(configuration[schedule])));
    }

    private static RouterSettings WithPlatform(RouterSettings settings) =>
        settings with { Limits = settings.Limits with { Platform = settings.Limits.Platform ?? PlatformLimit } };

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
        catch (CatalogException error)
        {
            faults.AddRange(error.Errors.Select(static fault => fault.ToString()));
        }
        catch (FormatException error)
        {
            faults.Add(error.Message);
        }
        return null;
    }

    private static string? Required(List<string> faults, IConfiguration configuration, string path, string expectation)
    {
        if (configuration[path] is { Length: > 0 } value) return value;
        faults.Add($"{VariableName(path)}: required here; expected {expectation}");
        return null;
    }

    /// <summary>The trigger reads its connection by itself, and without one the queue would fill unread.</summary>
    private static void CheckTriggerConnection(List<string> faults, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[UsageFunction.Connection])
            && string.IsNullOrEmpty(configuration[UsageFunction.Connection + ":fullyQualifiedNamespace"]))
            faults.Add($"{UsageFunction.Connection}__fullyQualifiedNamespace: required here; expected the Service Bus namespace, "
                + $"or a connection string in {UsageFunction.Connection}");
    }

    // Instances share nothing but the settings, so none can make keys of its own.
    private static KeyRing? ReadKeys(List<string> faults, IConfiguration configuration, BudgetSettings budgets)
    {
        var inference = Required(faults, configuration, "EdgeRouter:Keys:Inference", "the bootstrap inference key");
        var management = Required(faults, configuration, "EdgeRouter:Keys:Management", "the bootstrap management key");
        if (inference is null || management is null) return null;
        if (inference != management)
            return new KeyRing(
                [budgets.Bound(KeyRing.CallerOf(inference, KeyKind.Inference)), budgets.Bound(KeyRing.CallerOf(management, KeyKind.Management))]);
        faults.Add("EdgeRouter__Keys__Management: expected another key than EdgeRouter__Keys__Inference");
        return null;
    }

    /// <summary>A reference that Key Vault did not resolve arrives as its own text, and would serve as a key that anyone can guess.</summary>
    private static void CheckReferences(List<string> faults, IConfiguration configuration)
    {
        foreach (var (path, value) in configuration.GetSection("EdgeRouter").AsEnumerable())
            if (value?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true)
                faults.Add($"{VariableName(path)}: the Key Vault reference is not resolved; "
                    + "expected a secret that exists and that the app's identity may read");
    }

    private static string VariableName(string path) => path.Replace(":", "__", StringComparison.Ordinal);
}
