using System.Collections.Concurrent;
using Microsoft.Data.SqlClient;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Campaigns;

/// <summary>The line to the SQL Server is cut, now and then or for good, while sites are sending.</summary>
public sealed class LostConnectionTests
{
    private const string Body =
        """{"patient": {"reference": "P-1", "sex": "female", "birthYear": 1960}, "procedure": "scs", "indication": "crps"}""";

    private TestDatabase _behind = null!;
    private CuttableProxy _proxy = null!;
    private ProxiedDatabase _where = null!;
    private RegistryHost _host = null!;

    [OneTimeSetUp]
    public async Task StartBehindAProxy()
    {
        _behind = await TestDatabase.Create(Engine.SqlServer);
        var address = new SqlConnectionStringBuilder(_behind.ConnectionString).DataSource.Replace(
            "tcp:", string.Empty, StringComparison.OrdinalIgnoreCase).Split(',');
        _proxy = new CuttableProxy(
            address[0], address.Length > 1 ? int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture) : 1433);
        _where = new ProxiedDatabase(_behind, _proxy.Port);
        _host = new RegistryHost(_where);
        (await _host.Api.Put("/sites/s", """{"name": "A site", "country": "DE"}""")).Expect(201);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_where is not null)
        {
            await _where.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    [Test]
    public async Task Neither_loses_nor_doubles_a_write_when_lines_are_cut_at_random()
    {
        const int Senders = 4;
        const int Each = 10;
        var random = new Random(20_260_102);
        var statuses = new ConcurrentBag<int>();
        _proxy.Lifetime = () => random.Next(500, 60_000);
        _proxy.IsDown = true;
        _proxy.IsDown = false;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
            {
                for (var number = 0; number < Each; number++)
                {
                    await SendUntilStored(FormattableString.Invariant($"/sites/s/cases/{sender}-{number}"), statuses);
                }
            })));
        }
        finally
        {
            _proxy.Lifetime = null;
            TestContext.Out.WriteLine(
                $"{_proxy.Cuts} cuts; {string.Join(", ", statuses.CountBy(status => status).Select(pair => $"{pair.Value} × {pair.Key}"))}");
        }

        Assert.That(_proxy.Cuts, Is.GreaterThan(5), "or nothing was tried");
        Assert.That(statuses.Distinct(), Is.SubsetOf([200, 201, 503]));
        var database = _behind.Open();
        var versions =
            await database.Records("SELECT case_code, version FROM resource_version WHERE kind = 'case' AND case_code LIKE '%-%'");
        Assert.That(
            versions.Select(row => (row["case_code"], row["version"])),
            Is.EquivalentTo(from sender in Enumerable.Range(0, Senders)
                            from number in Enumerable.Range(0, Each)
                            select (FormattableString.Invariant($"{sender}-{number}"), "1")));
        Assert.That(
            await database.Single<int>("SELECT COUNT(*) FROM treatment_case WHERE case_code LIKE '%-%'"), Is.EqualTo(Senders * Each));
        Assert.That(
            await database.Single<long>("SELECT SUM(changes) FROM data_version WHERE site_code = 's' AND table_name = 'record'"),
            Is.EqualTo(await database.Single<long>("SELECT COUNT(*) FROM resource_version")),
            "each change is counted once");
    }

    [Test]
    public async Task Says_503_while_the_server_is_gone_and_goes_on_when_it_is_back()
    {
        _proxy.IsDown = true;
        var answers = await Task.WhenAll(
            _host.Api.Get("/sites/s"),
            _host.Api.Put("/sites/s/cases/gone", Body),
            _host.Api.Get("/summaries/trials"),
            _host.Api.Get("/health/ready"));
        Assert.That(answers.Select(answer => (answer.Status, answer.ContentType)), Is.All.EqualTo((503, "application/problem+json")));
        (await _host.Api.Get("/health/live")).Expect(200);

        _proxy.IsDown = false;
        var statuses = new ConcurrentBag<int>();
        await SendUntilStored("/sites/s/cases/back", statuses);
        Assert.That(statuses.Distinct(), Is.SubsetOf([201, 503]));
        (await _host.Api.Get("/health/ready")).Expect(200);
    }

    // As a site would: what is answered by 503 is sent again.
    private async Task SendUntilStored(string path, ConcurrentBag<int> statuses)
    {
        for (var attempt = 0; attempt < 60; attempt++)
        {
            var answer = await _host.Api.Put(path, Body);
            statuses.Add(answer.Status);
            if (answer.Status != 503)
            {
                Assert.That(answer.Status, Is.EqualTo(201).Or.EqualTo(200), answer.Text);
                return;
            }

            await Task.Delay(500);
        }

        Assert.Fail($"{path} was not stored within half a minute.");
    }
}
