using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Registry.Api.Access;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>A credential that is none is refused, whatever form it has; many of one address are logged once a minute and wait.</summary>
public sealed class RefusedCredentialTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly string Unknown = ApiKey.Complete(new string('x', 43));

    private static TestCaseData[] Credentials =>
    [
        Credential("An unknown key", ("X-Api-Key", Unknown)),
        Credential("An unknown key as a bearer token", ("Authorization", "Bearer " + Unknown)),
        Credential("A key with a wrong checksum", ("X-Api-Key", Unknown[..^1] + "!")),
        Credential("A key over 1 kB", ("X-Api-Key", new string('k', 1025))),
        Credential("A bearer token over 1 kB", ("Authorization", "Bearer " + new string('k', 1025))),
        Credential("Two keys", ("X-Api-Key", RegistryHost.Key), ("X-Api-Key", Unknown)),
        Credential("A key and a bearer token", ("X-Api-Key", RegistryHost.Key), ("Authorization", "Bearer " + Unknown)),
        Credential("Two bearer tokens", ("Authorization", "Bearer " + RegistryHost.Key), ("Authorization", "Bearer " + Unknown)),
        Credential("A key with a comma", ("X-Api-Key", RegistryHost.Key + "," + RegistryHost.Key)),
        Credential("Basic", ("Authorization", "Basic dXNlcjpwYXNz")),
        Credential("A bearer token of nothing", ("Authorization", "Bearer ")),
        Credential("Bytes that are no text", ("X-Api-Key", "ÿþ")),
        Credential("A token of an identity provider where none is named", ("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")),
        Credential("A key in other letters", ("X-Api-Key", RegistryHost.Key.ToUpperInvariant())),
    ];

    [TestCaseSource(nameof(Credentials))]
    public async Task Is_refused_with_a_challenge((string, string)[] headers)
    {
        var refused = (await Host.With(null).Get("/summaries/trials", headers)).ExpectProblem(401, "unauthenticated");
        Assert.That(refused.Headers["WWW-Authenticate"], Is.EqualTo("ApiKey header=\"X-Api-Key\", Bearer"));
        Assert.That(refused.Text, Does.Not.Contain(RegistryHost.Key).And.Not.Contain("kkkk"));
    }

    [TestCase("X-Api-Key", "Authorization")]
    [TestCase("X-Api-Key", "X-Api-Key")]
    [TestCase("Authorization", "Authorization")]
    public async Task Is_taken_when_it_is_stated_twice(string header, string again) =>
        (await Host.With(null).Get("/summaries/trials", Stated(header), Stated(again))).Expect(200);

    private static (string, string) Stated(string header) =>
        (header, header == "Authorization" ? "Bearer " + RegistryHost.Key : RegistryHost.Key);

    [Test]
    public async Task Does_not_stand_in_the_way_of_a_key_when_it_is_of_a_proxy() =>
        (await Host.Api.Get("/summaries/trials", ("Authorization", "Basic dXNlcjpwYXNz"))).Expect(200);

    [Test]
    public async Task Is_logged_once_an_address_and_minute_and_counted()
    {
        var (clock, log) = (new ManualClock(), new LogOfTheProgram());
        await using var services = Services(clock, log);
        var refused = services.GetRequiredService<RefusedCredentials>();
        long counted = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == RefusedCredentials.Counter)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, by, _, _) => counted += by);
        listener.Start();

        for (var number = 0; number < 5; number++)
        {
            await refused.Note(From("192.0.2.1"));
        }

        await refused.Note(From("2001:db8::1"));
        await refused.Note(From("2001:db8::2"));
        clock.Advance(TimeSpan.FromMinutes(1));
        await refused.Note(From("192.0.2.1"));

        Assert.That(counted, Is.EqualTo(8));
        Assert.That(
            log.Lines.Select(line => line.Text),
            Is.EqualTo([
                "Refused 1 requests without a valid credential from 192.0.2.1 since the last such line",
                "Refused 1 requests without a valid credential from 2001:db8::/64 since the last such line",
                "Refused 5 requests without a valid credential from 192.0.2.1 since the last such line"]));
    }

    [Test]
    public async Task Waits_once_its_address_has_sent_many_and_is_sent_away_when_too_many_wait()
    {
        var clock = new ManualClock();
        await using var services = Services(
            clock,
            new LogOfTheProgram(),
            ("RefusedCredentialsPerMinute", "2"),
            ("WaitingRefusedCredentials", "1"),
            ("RefusedCredentialMilliseconds", "1000"));
        var refused = services.GetRequiredService<RefusedCredentials>();
        Assert.That(refused.Note(From("192.0.2.1")).IsCompleted);
        Assert.That(refused.Note(From("192.0.2.1")).IsCompleted);

        var waiting = refused.Note(From("192.0.2.1"));
        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(refused.Note(From("192.0.2.2")).IsCompleted, "another address does not wait");
        var sentAway = await refused.Note(From("192.0.2.1"));
        Assert.That((sentAway!.Status, sentAway.RetryAfter), Is.EqualTo((429, (TimeSpan?)TimeSpan.FromMinutes(1))));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await waiting, Is.Null);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(refused.Note(From("192.0.2.1")).IsCompleted, "another minute");
    }

    private static ServiceProvider Services(TimeProvider clock, ILoggerProvider log, params (string Name, string Value)[] limits) =>
        new ServiceCollection()
            .AddSingleton(clock)
            .AddSingleton<IConfiguration>(
                new ConfigurationBuilder().AddInMemoryCollection(
                    limits.Select(limit => KeyValuePair.Create($"{Limits.Section}:{limit.Name}", (string?)limit.Value))).Build())
            .AddSingleton<Limits>()
            .AddSingleton<RefusedCredentials>()
            .AddMetrics()
            .AddLogging(logging => logging.AddProvider(log))
            .BuildServiceProvider();

    private static DefaultHttpContext From(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }

    private static TestCaseData Credential(string name, params (string, string)[] headers) => new TestCaseData([headers]).SetName(name);
}
