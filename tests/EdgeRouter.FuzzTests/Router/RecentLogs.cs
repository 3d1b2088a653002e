using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.FuzzTests.Router;

/// <summary>
/// Keeps what is logged as an error or worse, since nothing that a caller or a provider sends may be one; and the last lines of every level, for the report
/// of what failed.
/// </summary>
internal sealed class RecentLogs : ILoggerProvider
{
    private const int Kept = 40;
    private readonly ConcurrentQueue<string> errors = new();
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> Errors => errors;

    public IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string line)
    {
        lines.Enqueue($"{level} {line}");
        while (lines.Count > Kept) lines.TryDequeue(out _);
        if (level >= LogLevel.Error) errors.Enqueue(line);
    }

    private sealed class Logger(RecentLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Add(logLevel, $"{category} {eventId.Id}: {formatter(state, exception)} {exception}");
    }
}
