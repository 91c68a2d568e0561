using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using Registry.Api;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Operations;

/// <summary>
/// The real program is started with settings: it listens where they say, says so in one line, and refuses those that are none.
/// </summary>
public sealed class StartTests
{
    private const string Secret = "a-key-that-nobody-may-see";

    private TestDatabase _where = null!;

    [OneTimeSetUp]
    public async Task Create() => _where = await TestDatabase.Create(Engine.Sqlite);

    [OneTimeTearDown]
    public async Task Drop() => await _where.DisposeAsync();

    private static TestCaseData[] Addresses =>
    [
        Address("ASPNETCORE_URLS", port => Environment(("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"))),
        Address("DOTNET_URLS", port => Environment(("DOTNET_URLS", $"http://127.0.0.1:{port}"))),
        Address("URLS", port => Environment(("URLS", $"http://127.0.0.1:{port}"))),
        Address("ASPNETCORE_HTTP_PORTS", port => Environment(("ASPNETCORE_HTTP_PORTS", $"{port}"))),
        Address("--urls", port => (new(), ["--urls", $"http://127.0.0.1:{port}"])),
        Address("--Urls=", port => (new(), [$"--Urls=http://127.0.0.1:{port}"])),
        Address(
            "--urls before ASPNETCORE_URLS",
            port => (new() { ["ASPNETCORE_URLS"] = "http://127.0.0.1:1" }, ["--urls", $"http://127.0.0.1:{port}"])),
        Address(
            "ASPNETCORE_URLS before ASPNETCORE_HTTP_PORTS",
            port => Environment(("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("ASPNETCORE_HTTP_PORTS", "1"))),
        Address("Kestrel__Endpoints", port => Environment(("Kestrel__Endpoints__Http__Url", $"http://127.0.0.1:{port}"))),
    ];

    [TestCaseSource(nameof(Addresses))]
    public async Task Listens_where_it_is_told(Func<int, (Dictionary<string, string?> Environment, string[] Arguments)> told)
    {
        var port = FreePort();
        var (environment, arguments) = told(port);
        var (exitCode, output) = await RegistryProcess.Try(_where, environment, arguments);
        Assert.That(exitCode, Is.Null, output);
        Assert.That(Line(output), Does.Contain(FormattableString.Invariant($":{port};")), output);
        Assert.That(Line(output), Does.Not.Contain("5080"), output);
    }

    [Test]
    public async Task Listens_on_port_5080_of_this_machine_when_it_is_told_nothing()
    {
        var (exitCode, output) = await RegistryProcess.Try(_where, []);

        // Where another program has the port, the attempt shows.
        Assert.That(output, Does.Contain("http://127.0.0.1:5080"), $"{exitCode}\n{output}");
    }

    [Test]
    public async Task Answers_addresses_and_headers_of_many_thousand_letters_in_words()
    {
        await using var program = await RegistryProcess.Start(_where);
        (await program.Api.Get("/sites/" + new string('a', 10_000))).ExpectProblem(400, "invalid-parameters");
        (await program.Api.Get("/sites?limit=" + new string('1', 50_000))).ExpectProblem(400, "invalid-parameters");
        (await program.Api.Get("/sites", ("X-Unknown", new string('a', 60_000)))).Expect(200);
    }

    [TestCase("Production")]
    [TestCase("Staging")]
    public async Task Says_in_one_line_where_it_listens_and_on_which_database_in_which_version_and_no_secret(string environment)
    {
        var (_, output) = await RegistryProcess.Try(
            _where,
            new()
            {
                ["ASPNETCORE_ENVIRONMENT"] = environment,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Registry__AdminKey"] = Secret,
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Warning",
            });
        Assert.That(
            output,
            Does.Match(@"^Registry: listening on http://127\.0\.0\.1:\d+; database SQLite at "
                + System.Text.RegularExpressions.Regex.Escape(_where.ConnectionString["Data Source=".Length..])
                + @"; schema version \d+\.$"));
    }

    [Test]
    public async Task Shows_no_key_with_demonstration_data_outside_development()
    {
        var (exitCode, output) = await RegistryProcess.TryUntil(
            "Post a score",
            _where,
            new()
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Staging",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Registry__AdminKey"] = Secret,
                ["Registry__Demo"] = "true",
            });
        Assert.That(exitCode, Is.Null, output);
        Assert.That(output, Does.Contain("Swagger page").And.Not.Contain(Secret));
    }

    [TestCase("Registry__AdminKy", "x", "Registry:AdminKy")]
    [TestCase("Registry__Limits__RequestsPerSecnd", "10", "Registry:Limits:RequestsPerSecnd")]
    [TestCase("Registry__Limits__RequestsPerSecond", "0", "Registry:Limits:RequestsPerSecond")]
    [TestCase("Registry__Limits__WaitingSummaries", "many", "Registry:Limits:WaitingSummaries")]
    [TestCase("Registry__Limits__RecordBytes", "64KiB", "Registry:Limits:RecordBytes")]
    [TestCase("Registry__Limits__BatchBytes", "67108865", "Registry:Limits:BatchBytes")]
    [TestCase("Registry__Limits__BatchItems", "0", "Registry:Limits:BatchItems")]
    [TestCase("Registry__Limits__PageRows", "-1", "Registry:Limits:PageRows")]
    [TestCase("Registry__Metrics__Open", "yes", "Registry:Metrics:Open")]
    [TestCase("Registry__Oidc__Authority", "https://identity.example.org", "Registry:Oidc")]
    [TestCase("Registry__Oidc__Roles__owner", "owners", "Registry:Oidc:Roles:owner")]
    [TestCase("Registry__Oidc__Roles__admin", "site", "Registry:Oidc:Roles")]
    [TestCase("Registry__Cors__Origin", "https://a.example", "Registry:Cors:Origin")]
    [TestCase("Registry__Databse", "sqlite", "Registry:Databse")]
    [TestCase("Registry__Database", "oracle", "Registry:Database")]
    [TestCase("Registry__Demo", "perhaps", "Registry:Demo")]
    [TestCase("Registry__Schema", "drop", "Registry:Schema")]
    [TestCase("Registry__Proxies", "10.0.0.0/99", "Registry:Proxies")]
    [TestCase("Registry__Proxies__0", "proxy.example.org", "Registry:Proxies")]
    [TestCase("Registry__PathBase", "registry", "Registry:PathBase")]
    [TestCase("Registry__Cors__Origins__0", "dashboard.example.org", "Registry:Cors:Origins")]
    [TestCase("Registry__Cors__Origins", "https://dashboard.example.org/path", "Registry:Cors:Origins")]
    [TestCase("Registry__AdminKeyFile", "/nowhere/key", "Registry:AdminKeyFile")]
    [TestCase("Registry__AdminKeyFile", "/dev/null", "Registry:AdminKeyFile")]
    [TestCase("Registry__AdminKey", "", "Registry:AdminKey")]
    [TestCase("Registry__AdminKey", " \t\n", "Registry:AdminKey")]
    [TestCase("Registry__Disclosure__Rounding", "7", "Registry:Disclosure:Rounding")]
    [TestCase("Logging__LogLevel__Default", "Foo", "Logging:LogLevel:Default")]
    [TestCase("Logging__Console__LogLevel__Microsoft.Hosting", "loud", "Logging:Console:LogLevel:Microsoft.Hosting")]
    [TestCase("urls", "nonsense", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", ";", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "http://127.0.0.1:99999", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "http://127.0.0.1:5O80", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "http://127.0.0.300:5080", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "http://127.0.1:5080", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "http://locahost:5080", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "http://[::1:5080", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "ftp://127.0.0.1:5080", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "http://127.0.0.1:5080/registry", "--urls or ASPNETCORE_URLS")]
    [TestCase("urls", "http://127.0.0.1:5080;http://127.0.0.1.:5081", "--urls or ASPNETCORE_URLS")]
    [TestCase("Kestrel__Endpoints__Http__Url", "http://locahost:5080", "Kestrel:Endpoints:Http:Url")]
    [TestCase("http_ports", "abc", "ASPNETCORE_HTTP_PORTS")]
    [TestCase("http_ports", "8080;65536", "ASPNETCORE_HTTP_PORTS")]
    [TestCase("http_ports", "8080,8081", "ASPNETCORE_HTTP_PORTS")]
    [TestCase("https_ports", "-1", "ASPNETCORE_HTTPS_PORTS")]
    public void Refuses_a_setting_that_is_none_and_names_it(string name, string value, string setting)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create(name.Replace("__", ":", StringComparison.Ordinal), (string?)value)]).Build();
        var fault = RegistrySettings.FaultsOf(configuration).Single();
        Assert.That(fault, Does.StartWith(setting + " ").And.Not.Contain("\n").And.EndWith("."));
        if (fault.Contains("is not a setting", StringComparison.Ordinal))
        {
            Assert.That(
                fault,
                Does.Contain("Registry:AdminKey, Registry:AdminKeyFile, Registry:Cors:Origins, Registry:Database"),
                "the known ones are named");
        }
    }

    [TestCase("urls", "http://127.0.0.1:5080/")]
    [TestCase("urls", "http://localhost:5080;http://[::1]:5080")]
    [TestCase("urls", "http://*:80")]
    [TestCase("urls", "http://+:80;http://0.0.0.0:81;http://[::]:82")]
    [TestCase("urls", "https://10.0.0.7")]
    [TestCase("urls", "http://unix:/run/registry.sock")]
    [TestCase("http_ports", "8080; 8081")]
    [TestCase("Logging:LogLevel:Default", "warning")]
    public void Takes_a_setting_of_the_framework_that_is_one(string name, string value) =>
        Assert.That(
            RegistrySettings.FaultsOf(
                new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build()),
            Is.Empty);

    [Test]
    public async Task Says_in_one_line_why_it_does_not_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}");
        foreach (var (name, value, exit, sign) in (IEnumerable<(string, string, int, string)>)
        [
            ("ASPNETCORE_URLS", taken, 1, $"listen on {taken}"),
            ("ASPNETCORE_URLS", "http://192.0.2.1:5080", 1, "listen on http://192.0.2.1:5080"),
            ("ASPNETCORE_URLS", "nonsense", 2, "'nonsense'"),
            ("ASPNETCORE_HTTP_PORTS", "abc", 2, "'abc'"),
            ("Logging__LogLevel__Default", "Foo", 2, "'Foo'"),
            ("Kestrel__Endpoints__Http__Adress", "http://127.0.0.1:0", 1, "Url"),
            ("ASPNETCORE_CONTENTROOT", "/nowhere", 2, "/nowhere"),
            ("Registry__AdminKey", " ", 2, "Registry:AdminKey"),
        ])
        {
            var (exitCode, output) = await RegistryProcess.Try(_where, new() { [name] = value });
            Assert.That(exitCode, Is.EqualTo(exit), output);
            Assert.That(output, Does.Contain(sign).And.Not.Contain("\n").And.Not.Contain("Exception").And.EndWith("."), $"{name}={value}");
        }
    }

    [TestCase("fifteen-letters", true)]
    [TestCase("sixteen-letters.", false)]
    public async Task Warns_of_a_short_administrators_key_without_saying_it(string key, bool isShort)
    {
        var (exitCode, output) = await RegistryProcess.Try(
            _where, new() { ["Registry__AdminKey"] = key, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" });
        Assert.That(exitCode, Is.Null, output);
        Assert.That(output.Contains("fewer than 16 characters", StringComparison.Ordinal), Is.EqualTo(isShort), output);
        Assert.That(output, Does.Not.Contain(key));
    }

    [Test]
    public async Task Does_not_start_with_settings_that_are_none_and_says_so_a_line_each()
    {
        var (exitCode, output) = await RegistryProcess.Try(
            _where,
            new() { ["Registry__Databse"] = "x", ["Registry__Limits__PageRows"] = "-1", ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" });
        Assert.That(exitCode, Is.EqualTo(2), output);
        Assert.That(
            output.Split('\n').Select(line => line.Split(' ')[0]),
            Is.EquivalentTo(["Registry:Databse", "Registry:Limits:PageRows"]),
            "no stack trace");
    }

    [Test]
    public async Task Reads_the_administrators_key_from_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Secret + "\n");
            await using var host =
                new RegistryHost(_where, settings: new() { ["Registry:AdminKeyFile"] = file, ["Registry:AdminKey"] = "" });
            using var http = host.CreateClient();
            (await new ApiClient(http, Secret).Get("/sites")).Expect(200);
            (await host.Api.Get("/sites")).ExpectProblem(401);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static TestCaseData Address(string what, Func<int, (Dictionary<string, string?>, string[])> told) =>
        new TestCaseData(told).SetArgDisplayNames(what);

    private static (Dictionary<string, string?>, string[]) Environment(params (string Name, string Value)[] variables) =>
        (variables.ToDictionary(variable => variable.Name, variable => (string?)variable.Value), []);

    private static string Line(string output) => output.Split('\n').Single(line => line.StartsWith("Registry: ", StringComparison.Ordinal));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
