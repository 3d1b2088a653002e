using System.Globalization;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Functions;

/// <summary>The settings of this host, checked. What is missing or wrong is null, and among the faults.</summary>
internal sealed record FunctionsHostSettings
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

    /// <summary>The router's settings; null: they have faults.</summary>
    public required RouterSettings? Router { get; init; }

    /// <summary>Which tables.</summary>
    public required string? Storage { get; init; }

    /// <summary>Which Service Bus namespace.</summary>
    public required string? UsageQueue { get; init; }

    /// <summary>Name of the queue in it.</summary>
    public required string? UsageQueueName { get; init; }

    /// <summary>Client id of a user-assigned identity; null: the default identity.</summary>
    public required string? ClientId { get; init; }

    /// <summary>Schedules of timers that are not set. Not a fault: only those timers do not run, and the app serves without them.</summary>
    public required IReadOnlyList<string> MissingSchedules { get; init; }

    /// <summary>Reads and checks everything. Opens nothing.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="faults">Gets every fault, in one line each.</param>
    public static FunctionsHostSettings Read(IConfiguration configuration, List<string> faults)
    {
        var settings = new FunctionsHostSettings
        {
            Router = ReadRouter(configuration, faults),
            Storage = Required(faults, configuration, "EdgeRouter:Storage", "tables:<account URL or connection string>"),
            UsageQueue = Required(faults, configuration, "EdgeRouter:UsageQueue", "servicebus:<namespace or connection string>"),
            UsageQueueName = Required(faults, configuration, QueueNameSetting, "the name of the usage queue"),
            ClientId = configuration["EdgeRouter:Azure:ClientId"],
            MissingSchedules = Array.FindAll(Schedules, schedule => string.IsNullOrEmpty(configuration[schedule])),
        };
        if (settings.Router is { } router) CheckTime(faults, router.Limits);
        CheckTriggerConnection(faults, configuration);
        CheckKeys(faults, configuration);
        CheckReferences(faults, configuration);
        return settings;
    }

    private static RouterSettings? ReadRouter(IConfiguration configuration, List<string> faults)
    {
        try
        {
            return WithPlatform(RouterSettings.Read(configuration));
        }
        catch (SettingsException error)
        {
            faults.AddRange(error.Faults);
            return null;
        }
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

    private static string? Required(List<string> faults, IConfiguration configuration, string path, string expectation)
    {
        if (configuration[path] is { Length: > 0 } value) return value;
        faults.Add($"{VariableName(path)}: required on Azure Functions; expected {expectation}");
        return null;
    }

    /// <summary>The trigger reads its connection by itself; without one the queue is not read.</summary>
    private static void CheckTriggerConnection(List<string> faults, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[UsageFunction.Connection])
            && string.IsNullOrEmpty(configuration[UsageFunction.Connection + ":fullyQualifiedNamespace"]))
            faults.Add($"{UsageFunction.Connection}__fullyQualifiedNamespace: required on Azure Functions; expected the Service Bus namespace, "
                + $"or a connection string in {UsageFunction.Connection}");
    }

    // Instances share only the settings, so none can generate keys. A region may have no management key: the management routes are then closed there.
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
