using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Registry.Tests.Support;

/// <summary>Keeps every line that the program logs, after the filters of its own configuration.</summary>
internal sealed class LogOfTheProgram : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Writer(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Writer(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new LogLine(logLevel, category, formatter(state, exception), exception));
    }
}

/// <summary>One line of a log.</summary>
internal sealed record LogLine(LogLevel Level, string Category, string Text, Exception? Exception);
