using Azure.Messaging.ServiceBus;

namespace EdgeRouter.Emulators.FunctionsHost;

/// <summary>What an <see cref="EmulatedHost"/> runs, and how.</summary>
public sealed record HostOptions
{
    /// <summary>Folder of the built app, with its host.json.</summary>
    public required string AppDirectory { get; init; }

    /// <summary>The app's settings, which trigger attributes name: <c>%name%</c>, and connections. As in the environment: <c>__</c> separates.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Port of the HTTP address on 127.0.0.1; 0: any.</summary>
    public int Port { get; init; }

    /// <summary>Clock of the timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Longest that an invocation may take, in real time; null: what host.json says.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    /// <summary>False: neither timers nor Service Bus triggers fire by themselves.</summary>
    public bool RunTriggers { get; init; } = true;

    /// <summary>Batches of a Service Bus trigger under way at once. One, as on a real instance; more: as on so many instances.</summary>
    public int BatchesAtOnce { get; init; } = 1;

    /// <summary>Makes the receiver for a connection string and a queue; null: the real client. Disposed by the host.</summary>
    public Func<string, string, ServiceBusReceiver>? OpenReceiver { get; init; }

    /// <summary>Takes each line of the log, of the worker's and the host's own. May be called by several threads at once.</summary>
    public Action<LogLevel, string>? OnLog { get; init; }

    internal void Log(LogLevel level, string message) => OnLog?.Invoke(level, message);

    /// <summary>Replaces <c>%name%</c> by the setting, as the real host does.</summary>
    /// <exception cref="InvalidOperationException">There is no such setting.</exception>
    internal string Resolve(string text) => text is ['%', .. var name, '%']
        ? Settings.TryGetValue(name, out var value) && value.Length > 0 ? value : throw new InvalidOperationException($"'{text}' does not resolve to a value.")
        : text;
}
