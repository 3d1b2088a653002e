using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class ErrorLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> errors = new();
    private readonly ConcurrentQueue<Exception> faults = new();
    private readonly ConcurrentQueue<string> warnings = new();
    private readonly ConcurrentQueue<string> notes = new();

    /// <summary>The errors.</summary>
    public IReadOnlyCollection<string> Lines => errors;

    /// <summary>What the errors were logged with.</summary>
    public IReadOnlyCollection<Exception> Faults => faults;

    /// <summary>The warnings, each after its category.</summary>
    public IReadOnlyCollection<string> Warnings => warnings;

    /// <summary>What is said for information.</summary>
    public IReadOnlyCollection<string> Notes => notes;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(ErrorLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Information) log.notes.Enqueue(formatter(state, exception));
            else if (logLevel == LogLevel.Warning) log.warnings.Enqueue($"{category}: {formatter(state, exception)}");
            else if (IsEnabled(logLevel)) log.errors.Enqueue(formatter(state, exception));
            if (logLevel > LogLevel.Warning && exception is not null) log.faults.Enqueue(exception);
        }
    }
}
