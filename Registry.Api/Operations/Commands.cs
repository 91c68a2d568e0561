using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Spectre.Console;

namespace Registry.Api.Operations;

/// <summary>The commands of the program. Without one it serves.</summary>
internal static class Commands
{
    // What is left over for the configuration: '--Section:Key=value', or the key and the value one after the other.
    private static readonly string[] Sections = ["Registry", "ConnectionStrings", "Logging", "Kestrel"];

    // The options of ASP.NET Core's own host.
    private static readonly string[] HostOptions =
    [
        "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "webRoot", "AllowedHosts",
    ];

    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="build">Builds the program from the arguments of its configuration.</param>
    /// <param name="serve">Serves until it is asked to stop.</param>
    /// <returns>
    /// The exit code: 0 when it went well, 1 when the database or the address to listen on cannot be used, 2 for wrong arguments or
    /// settings.
    /// </returns>
    public static async Task<int> Run(string[] args, Func<string[], WebApplicationBuilder> build, Func<WebApplication, Task> serve)
    {
        var root =
            new RootCommand("The neuromodulation registry. Without a command it serves. Settings can be given as --Section:Key=value.");
        Add(null, Serve);
        Add(new Command("serve", "Serve the registry until it is asked to stop."), Serve);
        Add(new Command("migrate", "Bring the schema of the database, and the analysis tables, up to date; then end."), Migrate);
        Add(
            new Command("rebuild", "Derive the analysis tables anew from the records; then end. The embedded database must not be in use."),
            Rebuild);
        var seed = new Command("seed", "Fill an empty database with synthetic cases, the same for the same seed; then end.");
        var cases = new Option<int>("--cases") { Description = "How many, 1 to 9000000.", Required = true };
        var number = new Option<int>("--seed") { Description = "The seed.", DefaultValueFactory = _ => 1 };
        cases.Validators.Add(result =>
        {
            // What is no number at all is refused as such.
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value)
                && value is < 1 or > 9_000_000)
            {
                result.AddError(FormattableString.Invariant($"--cases is {value}; it has to be 1 to 9000000."));
            }
        });
        seed.Options.Add(cases);
        seed.Options.Add(number);
        Add(seed, (app, parsed) => SeedCommand.Run(app.Services, parsed.GetValue(cases), parsed.GetValue(number)));
        var asked = root.Parse(args);
        return asked.Action is ParseErrorAction
            ? await Fail(string.Join(Environment.NewLine, asked.Errors.Select(error => error.Message).Append("See --help.")), 2)
            : await asked.InvokeAsync();

        async Task<int> Serve(WebApplication app, ParseResult parsed)
        {
            await serve(app);
            return 0;
        }

        void Add(Command? command, Func<WebApplication, ParseResult, Task<int>> work)
        {
            var acting = command ?? root;
            acting.TreatUnmatchedTokensAsErrors = false;
            acting.SetAction(async (parsed, _) => Unknown(parsed.UnmatchedTokens) is { } fault
                ? await Fail(fault, 2)
                : await Act(() => build([.. parsed.UnmatchedTokens]), work, parsed));
            if (command is not null)
            {
                root.Subcommands.Add(command);
            }
        }
    }

    private static async Task<int> Act(
        Func<WebApplicationBuilder> build, Func<WebApplication, ParseResult, Task<int>> work, ParseResult parsed)
    {
        WebApplicationBuilder builder;
        try
        {
            builder = build();
        }
        catch (DirectoryNotFoundException missing)
        {
            return await Fail($"The content root, {missing.Message}, is no directory. See --contentRoot and ASPNETCORE_CONTENTROOT.", 2);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException)
        {
            return await Fail(
                Serving.OneLine($"The settings cannot be read: {unreadable.Message} {unreadable.InnerException?.Message}").TrimEnd(), 2);
        }

        if (RegistrySettings.FaultsOf(builder.Configuration) is { Count: > 0 } faults)
        {
            return await Fail(string.Join(Environment.NewLine, faults), 2);
        }

        try
        {
            await using var app = builder.Build();
            return await work(app, parsed);
        }
        catch (Exception refused) when (refused is UnusableDatabaseException or SchemaException or CannotListenException)
        {
            return await Fail(refused.Message, 1);
        }
    }

    private static async Task<int> Fail(string why, int exitCode)
    {
        await Console.Error.WriteLineAsync(why);
        return exitCode;
    }

    private static async Task<int> Migrate(WebApplication app, ParseResult parsed)
    {
        var database = app.Services.GetRequiredService<IDatabase>();
        await Installer.Install(database, CancellationToken.None);
        await WithProgress(
            "Chaining the audit trail", progress => app.Services.GetRequiredService<TrailUpgrade>().Run(progress, CancellationToken.None));
        var derived = await WithProgress(
            "Deriving",
            progress => app.Services.GetRequiredService<AnalysisRebuild>().Run(everything: false, progress, CancellationToken.None));
        await Console.Out.WriteLineAsync(FormattableString.Invariant(
            $"The schema is that of {Installer.Version(database.Engine)}; {derived} persons were derived anew."));
        return 0;
    }

    private static async Task<int> Rebuild(WebApplication app, ParseResult parsed)
    {
        await Installer.Check(app.Services.GetRequiredService<IDatabase>(), CancellationToken.None);
        var derived = await WithProgress(
            "Deriving",
            progress => app.Services.GetRequiredService<AnalysisRebuild>().Run(everything: true, progress, CancellationToken.None));
        await Console.Out.WriteLineAsync(FormattableString.Invariant($"{derived} persons were derived anew."));
        return 0;
    }

    /// <summary>Shows a bar while something goes on, where there is a terminal to show it on.</summary>
    public static async Task<T> WithProgress<T>(string what, Func<IProgress<(int Done, int Of)>, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
        {
            return await work(new Reported(_ => { }));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(context =>
        {
            var task = context.AddTask(what);
            return work(new Reported(step => (task.MaxValue, task.Value) = (Math.Max(1, step.Of), step.Done)));
        });
    }

    private static string? Unknown(IReadOnlyList<string> tokens)
    {
        for (var at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at];
            var key = token.TrimStart('-', '/').Split('=')[0];
            if (!token.StartsWith("--", StringComparison.Ordinal) || !(HostOptions.Contains(key, StringComparer.OrdinalIgnoreCase)
                || Sections.Any(section => (key + ":").StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))))
            {
                return $"'{token}' is not an argument of this program. See --help.";
            }

            if (!token.Contains('=', StringComparison.Ordinal))
            {
                if (++at == tokens.Count)
                {
                    return $"'{token}' needs a value.";
                }
            }
        }

        return null;
    }

    private sealed class Reported(Action<(int Done, int Of)> report) : IProgress<(int Done, int Of)>
    {
        public void Report((int Done, int Of) value) => report(value);
    }
}
