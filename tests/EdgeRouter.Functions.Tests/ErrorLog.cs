using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions.Tests;

/// <summary>Keeps the errors and warnings that are logged, and what the app itself logs beside.</summary>
internal sealed class ErrorLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> errors = new();
    private readonly ConcurrentQueue<string> warnings = new();
    private readonly ConcurrentQueue<string> told = new();

    /// <summary>The errors.</summary>
    public IReadOnlyCollection<string> Lines => errors;

    /// <summary>The warnings, each after its category.</summary>
    public IReadOnlyCollection<string> Warnings => warnings;

    /// <summary>What the app logged, errors or not.</summary>
    public IReadOnlyCollection<string> Told => told;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(ErrorLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        private readonly bool isApp = category.StartsWith("EdgeRouter.Functions.", StringComparison.Ordinal);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= (isApp ? LogLevel.Information : LogLevel.Warning);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            if (isApp && IsEnabled(logLevel)) log.told.Enqueue(text);
            if (logLevel == LogLevel.Warning) log.warnings.Enqueue($"{category}: {text}");
            else if (logLevel > LogLevel.Warning) log.errors.Enqueue(text);
        }
    }
}
