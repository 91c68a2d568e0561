using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Registry.Tests.Support;

/// <summary>The program as users run it: a process of its own, listening on a free port of this machine.</summary>
internal sealed class RegistryProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;
    private readonly HttpClient _http;

    private RegistryProcess(Process process, ConcurrentQueue<string> output, HttpClient http)
    {
        (_process, _output, _http) = (process, output, http);
        Api = new ApiClient(_http);
    }

    /// <summary>A client with the administrator's key.</summary>
    public ApiClient Api { get; }

    /// <summary>What it has printed.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts the service on a database, and waits until it listens.</summary>
    public static async Task<RegistryProcess> Start(TestDatabase database)
    {
        var output = new ConcurrentQueue<string>();
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Run(database, ["--urls", "http://127.0.0.1:0"], line =>
        {
            output.Enqueue(line);
            const string Sign = "Now listening on: ";
            if (line.Contains(Sign, StringComparison.Ordinal))
            {
                listening.TrySetResult(new Uri(line[(line.IndexOf(Sign, StringComparison.Ordinal) + Sign.Length)..].Split('"')[0]));
            }
        });
        process.Exited += (_, _) =>
            listening.TrySetException(new InvalidOperationException("The program ended at once:\n" + string.Join('\n', output)));
        try
        {
            return new RegistryProcess(process, output, new HttpClient { BaseAddress = await listening.Task.WaitAsync(Patience) });
        }
        catch
        {
            // What did not start in time may start later, and nobody would stop it.
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Starts the service as a user would, with settings of the environment (null: not set) and arguments, until it says where it listens,
    /// or ends.
    /// </summary>
    /// <returns>Its exit code, or null when it had to be stopped, and what it printed.</returns>
    public static Task<(int? ExitCode, string Output)> Try(
        TestDatabase database, Dictionary<string, string?> environment, params string[] arguments) =>
        TryUntil("Registry: listening on ", database, environment, arguments);

    /// <summary>The same, until it prints a line with this sign.</summary>
    public static async Task<(int? ExitCode, string Output)> TryUntil(
        string sign, TestDatabase database, Dictionary<string, string?> environment, params string[] arguments)
    {
        var output = new ConcurrentQueue<string>();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var process = Run(
            database,
            arguments,
            line =>
            {
                output.Enqueue(line);
                if (line.Contains(sign, StringComparison.Ordinal))
                {
                    listening.TrySetResult();
                }
            },
            environment);
        using var patience = new CancellationTokenSource(Patience);
        await Task.WhenAny(listening.Task, process.WaitForExitAsync(patience.Token));
        int? exitCode = null;
        if (listening.Task.IsCompleted)
        {
            process.Kill();
        }

        await process.WaitForExitAsync(patience.Token);
        if (!listening.Task.IsCompleted)
        {
            exitCode = process.ExitCode;
        }

        return (exitCode, string.Join('\n', output));
    }

    /// <summary>Runs the program with arguments to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEnd(TestDatabase database, params string[] arguments)
    {
        var output = new ConcurrentQueue<string>();
        using var process = Run(database, arguments, output.Enqueue);
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, string.Join('\n', output));
    }

    /// <summary>The number by which the operating system knows it.</summary>
    public int Id => _process.Id;

    /// <summary>Ends it at once, as a power cut would end it: SIGKILL.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as a service manager does: SIGTERM.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private static Process Run(
        TestDatabase database, string[] arguments, Action<string> line, Dictionary<string, string?>? environment = null)
    {
        // Where the size of files is limited, a write beyond it then fails, as on a disk that has an error; the signal would end the
        // program.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--ignore-signal=XFSZ", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Logging__LogLevel__Default"] = "Warning",
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
                ["Registry__Database"] = database.Setting,
                ["ConnectionStrings__Registry"] = database.ConnectionString,
                ["Registry__AdminKey"] = RegistryHost.Key,

                // A process that lives for seconds does not gain what optimising at once costs.
                ["DOTNET_TC_CallCountingDelayMs"] = "100",
            },
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, printed) => Note(printed.Data);
        process.ErrorDataReceived += (_, printed) => Note(printed.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Note(string? text)
        {
            if (text is not null)
            {
                line(text);
            }
        }
    }
}
