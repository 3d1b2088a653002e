using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions.Tests;

/// <summary>Keeps the errors that are logged, and what the app itself tells beside.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    private readonly ConcurrentQueue<string> told = new();

    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>What the app told, errors or not.</summary>
    public IReadOnlyCollection<string> Told => told;

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("EdgeRouter.Functions.", StringComparison.Ordinal) ? new Teller(this) : this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) lines.Enqueue(formatter(state, exception));
    }

    public void Dispose() { }

    private sealed class Teller(ErrorLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log.Log(logLevel, eventId, state, exception, formatter);
            if (IsEnabled(logLevel)) log.told.Enqueue(formatter(state, exception));
        }
    }
}
