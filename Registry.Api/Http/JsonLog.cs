using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Registry.Api.Http;

/// <summary>
/// Writes the log to the standard output as JSON, one object a line. Lines are written together, a few times a hundredth of a second at
/// most: a line a request then costs next to nothing, where the console of the framework writes each on its own.
/// </summary>
internal sealed class JsonLog : ILoggerProvider
{
    // Whoever logs more than is read waits. Unit: bytes.
    private const int LargestBuffer = 4 * 1024 * 1024;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);
    private static readonly JsonWriterOptions Relaxed =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly TimeProvider _clock;
    private readonly Stream _output;
    private readonly Thread _thread;
    private readonly object _lock = new();
    private readonly Utf8JsonWriter _writer;
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _writing = new();
    private bool _isEnded;

    public JsonLog(TimeProvider clock)
        : this(clock, Console.OpenStandardOutput())
    {
    }

    /// <summary>The same to another stream.</summary>
    public JsonLog(TimeProvider clock, Stream output)
    {
        (_clock, _output, _writer) = (clock, output, new Utf8JsonWriter(_filling, Relaxed));
        _thread = new Thread(Write) { IsBackground = true, Name = "Log" };
        _thread.Start();
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isEnded)
            {
                return;
            }

            _isEnded = true;
            Monitor.PulseAll(_lock);
        }

        _thread.Join();
        _writer.Dispose();
    }

    private void Add<TState>(string category, LogLevel level, TState state, string message, Exception? exception)
    {
        lock (_lock)
        {
            while (_filling.WrittenCount > LargestBuffer && !_isEnded)
            {
                Monitor.Wait(_lock);
            }

            if (_isEnded)
            {
                return;
            }

            var wasEmpty = _filling.WrittenCount == 0;
            _writer.Reset(_filling);
            _writer.WriteStartObject();
            _writer.WriteString("time"u8, _clock.GetUtcNow().UtcDateTime);
            _writer.WriteString("level"u8, level.ToString());
            _writer.WriteString("category"u8, category);
            _writer.WriteString("message"u8, message);
            if (state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 1 } members)
            {
                _writer.WriteStartObject("state"u8);
                for (var member = 0; member < members.Count; member++)
                {
                    WriteMember(members[member].Key, members[member].Value);
                }

                _writer.WriteEndObject();
            }

            if (exception is not null)
            {
                _writer.WriteString("exception"u8, exception.ToString());
            }

            _writer.WriteEndObject();
            _writer.Flush();
            _filling.Write("\n"u8);
            if (wasEmpty)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void WriteMember(string name, object? value)
    {
        switch (value)
        {
            case string when name == "{OriginalFormat}":
                break;
            case int number:
                _writer.WriteNumber(name, number);
                break;
            case long number:
                _writer.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                _writer.WriteNumber(name, number);
                break;
            default:
                _writer.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private void Write()
    {
        while (true)
        {
            lock (_lock)
            {
                while (_filling.WrittenCount == 0 && !_isEnded)
                {
                    Monitor.Wait(_lock);
                }

                if (!_isEnded)
                {
                    Monitor.Wait(_lock, Gathering);
                }

                (_filling, _writing) = (_writing, _filling);
                Monitor.PulseAll(_lock);
                if (_writing.WrittenCount == 0)
                {
                    return;
                }
            }

            try
            {
                _output.Write(_writing.WrittenSpan);
                _output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads the log any more. The service goes on.
            }

            _writing.ResetWrittenCount();
        }
    }

    private sealed class Category(JsonLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add(name, logLevel, state, formatter(state, exception), exception);
    }
}
