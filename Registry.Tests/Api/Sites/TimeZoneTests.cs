using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Common;
using Registry.Domain.Sites;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Sites;

/// <summary>A site states a zone of the IANA database, by whichever of its names; no other word is one.</summary>
public sealed class TimeZoneTests(Engine engine) : RegistryFixture(engine)
{
    [TestCase("US/Eastern", "America/New_York")]
    [TestCase("Asia/Calcutta", "Asia/Kolkata")]
    [TestCase("Europe/Kiev", "Europe/Kyiv")]
    [TestCase("America/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [TestCase("Japan", "Asia/Tokyo")]
    [TestCase("UTC", "Etc/UTC")]
    [TestCase("Zulu", "Etc/UTC")]
    [TestCase("Europe/Berlin", "Europe/Berlin")]
    [TestCase("Europe/Copenhagen", "Europe/Copenhagen")]
    [TestCase("Asia/Kuwait", "Asia/Kuwait")]
    [TestCase("Pacific/Kiritimati", "Pacific/Kiritimati")]
    public async Task Records_an_alias_as_the_zone_that_it_stands_for(string stated, string canonical)
    {
        var path = await Api.NewSite(Site(stated));
        Assert.That((await Api.Get(path)).Expect(200).Json["timeZone"]!.GetValue<string>(), Is.EqualTo(canonical));
        (await Api.Put(path, Site(stated))).Expect(200);
        (await Api.Put(path, Site(canonical))).Expect(200);
    }

    [Test]
    public async Task Finds_an_alias_that_was_recorded_earlier_to_be_the_same_zone()
    {
        var set = new RecordSet(new RecordKinds());
        set.Site(SiteCode.Of("eastern"), new Site { Name = "East", Country = "US", TimeZone = "US/Eastern" });
        var loader = new BulkLoader(Host.Services.GetRequiredService<IDatabase>(), TimeProvider.System);
        await loader.Begin(CancellationToken.None);
        await loader.Load(set.Records, CancellationToken.None);
        foreach (var zone in new[] { "US/Eastern", "America/New_York" })
        {
            (await Api.Put("/sites/eastern", $$"""{"name":"East","country":"US","timeZone":"{{zone}}"}""")).Expect(200);
        }

        Assert.That((await Api.Get("/sites/eastern/history")).Expect(200).Json.AsArray(), Has.Count.EqualTo(1));
        (await Api.Put("/sites/eastern", """{"name":"East","country":"US","timeZone":"America/Chicago"}""")).ExpectProblem(409, "conflict");
    }

    [TestCase("localtime")]
    [TestCase("posixrules")]
    [TestCase("Factory")]
    [TestCase("Etc/Unknown")]
    [TestCase("posix/Europe/Berlin")]
    [TestCase("right/Europe/Berlin")]
    [TestCase("SystemV/EST5")]
    [TestCase("europe/berlin")]
    [TestCase("Europe/Berlin ")]
    [TestCase("CEST")]
    [TestCase("+01:00")]
    [TestCase("leapseconds")]
    [TestCase("zone.tab")]
    public async Task Refuses_what_is_no_zone(string stated) =>
        Assert.That(
            (await Api.Put("/sites/" + Sample.Key("zone"), Site(stated))).ExpectProblem(422).FaultsWithValues(),
            Is.EqualTo([("/timeZone", "unknown-code", stated)]));

    [Test]
    public void Knows_every_name_of_the_database_and_the_canonical_one_as_itself()
    {
        foreach (var name in NodaTime.DateTimeZoneProviders.Tzdb.Ids)
        {
            var canonical = SiteTimeZone.Canonical(name);
            Assert.That(canonical, Is.Not.Null, name);
            Assert.That(SiteTimeZone.Canonical(canonical!), Is.EqualTo(canonical), name);
        }
    }

    private static string Site(string zone) => $$"""{"name":"A clinic","country":"DE","timeZone":"{{zone}}"}""";
}
