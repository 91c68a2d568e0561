using System.Text;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Patients;

/// <summary>The reference of a patient is erased: it is shown nowhere any more, and the trail is whole.</summary>
public sealed class ErasureTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly (string Name, string Value) Reason = ("X-Change-Reason", "Consent was withdrawn");

    private IDatabase Database => (IDatabase)Host.Services.GetService(typeof(IDatabase))!;

    [Test]
    public async Task Shows_a_tombstone_wherever_the_reference_was_shown()
    {
        var (site, reference) = (await Api.NewSite(), Sample.Key("to-be-erased"));
        (await Api.Put(site + "/cases/a", Sample.Case("scs", patient: reference))).Expect(201);
        (await Api.Put(site + "/cases/b", Sample.Case("drg", patient: reference, preceding: "a"))).Expect(201);
        (await Api.Put(site + "/cases/a/events/1", Sample.Event("implanted", "2024-01-01"))).Expect(201);
        (await Api.Put(site + "/cases/a/assessments/baseline", Sample.Assessment("2023-12-20", 8))).Expect(201);
        var before = (await Api.Get(site + "/cases/a")).Expect(200);

        var tombstone = (await Api.Delete($"{site}/patients/{reference}", Reason)).Expect(200).Json["patient"]!.GetValue<string>();
        Assert.That(tombstone, Does.Match("^erased-[0-9]+$"));
        foreach (var path in new[]
        {
            site + "/cases/a",
            site + "/cases/a/history",
            site + "/cases",
            site + "/changes",
            $"/follow-ups?site={Sample.KeyOf(site)}&asOf=2024-03-01",
            $"/audit?site={Sample.KeyOf(site)}",
        })
        {
            var text = (await Api.Get(path)).Expect(200).Text;
            Assert.That(text, Does.Not.Contain(reference), path);
            Assert.That(text, Does.Contain(tombstone), path);
        }

        var after = (await Api.Get(site + "/cases/a")).Json;
        Assert.That(after["assessments"]!.ToJsonString(), Is.EqualTo(before.Json["assessments"]!.ToJsonString()), "clinical values stay");
        Assert.That(after["patient"]!["birthYear"]!.GetValue<int>(), Is.EqualTo(1960));
        Assert.That(
            (await Api.Get(site + "/cases/b")).Json["patient"]!["reference"]!.GetValue<string>(),
            Is.EqualTo(tombstone),
            "the link of the cases stays");
        Assert.That((await Api.Get("/audit/verify")).Expect(200).Json["verified"]!.GetValue<bool>());
        var erasure =
            (await Api.Get($"/audit?site={Sample.KeyOf(site)}")).Items.Single(item => item["action"]!.GetValue<string>() == "erasure");
        Assert.That(erasure["subject"]!.GetValue<string>(), Is.EqualTo(tombstone));
        Assert.That(erasure["reason"]!.GetValue<string>(), Is.EqualTo(Reason.Value));
    }

    [Test]
    public async Task The_same_reference_is_a_new_patient_afterwards()
    {
        var (site, reference) = (await Api.NewSite(), Sample.Key("to-be-erased"));
        (await Api.Put(site + "/cases/a", Sample.Case("scs", birthYear: 1960, patient: reference))).Expect(201);
        var tombstone = (await Api.Delete($"{site}/patients/{reference}", Reason)).Expect(200).Json["patient"]!.GetValue<string>();

        // Of another year of birth: of one patient it would be a contradiction.
        (await Api.Put(site + "/cases/b", Sample.Case("scs", birthYear: 1970, patient: reference))).Expect(201);
        Assert.That((await Api.Get(site + "/cases/a")).Json["patient"]!["reference"]!.GetValue<string>(), Is.EqualTo(tombstone));
        Assert.That((await Api.Get(site + "/cases/b")).Json["patient"]!["reference"]!.GetValue<string>(), Is.EqualTo(reference));
        (await Api.Put(site + "/cases/a", Sample.Case("scs", birthYear: 1960, patient: reference))).Expect(409);
        (await Api.Put(site + "/cases/a", Sample.Case("scs", birthYear: 1960, patient: tombstone))).Expect(200);
        (await Api.Delete($"{site}/patients/{reference}", Reason)).Expect(200);
        (await Api.Delete($"{site}/patients/{reference}", Reason)).Expect(404);
    }

    [Test]
    public async Task What_is_erased_can_be_corrected_and_goes_on()
    {
        var (site, reference) = (await Api.NewSite(), Sample.Key("to-be-erased"));
        (await Api.Put(site + "/cases/a", Sample.Case("scs", patient: reference))).Expect(201);
        var tombstone = (await Api.Delete($"{site}/patients/{reference}", Reason)).Expect(200).Json["patient"]!.GetValue<string>();
        var read = (await Api.Get(site + "/cases/a")).Expect(200);
        (await Api.Put(
            site + "/cases/a",
            Sample.Case("scs", birthYear: 1961, patient: tombstone),
            ("If-Match", read.ETag!),
            ("X-Change-Reason", "Typing error"))).Expect(200);
        (await Api.Put(site + "/cases/a/events/1", Sample.Event("implanted", "2024-01-01"))).Expect(201);
        Assert.That((await Api.Get("/audit/verify?site=" + Sample.KeyOf(site))).Json["verified"]!.GetValue<bool>());
    }

    [Test]
    public async Task A_case_that_was_retracted_or_moved_to_another_patient_names_the_tombstone_too()
    {
        var (site, reference, other) = (await Api.NewSite(), Sample.Key("to-be-erased"), Sample.Key("another"));
        var moved = (await Api.Put(site + "/cases/moved", Sample.Case("scs", patient: reference))).Expect(201);
        (await Api.Put(
            site + "/cases/moved",
            Sample.Case("scs", patient: other),
            ("If-Match", moved.ETag!),
            ("X-Change-Reason", "Another patient"))).Expect(200);
        var gone = (await Api.Put(site + "/cases/gone", Sample.Case("scs", patient: reference))).Expect(201);
        (await Api.Delete(site + "/cases/gone", ("If-Match", gone.ETag!), ("X-Change-Reason", "Recorded in error"))).Expect(204);
        (await Api.Delete($"{site}/patients/{reference}", Reason)).Expect(200);
        foreach (var path in new[] { site + "/cases/moved/history", site + "/cases/gone/history", site + "/changes" })
        {
            Assert.That((await Api.Get(path)).Expect(200).Text, Does.Not.Contain(reference).And.Contain("erased-"), path);
        }

        Assert.That((await Api.Get(site + "/cases/moved")).Json["patient"]!["reference"]!.GetValue<string>(), Is.EqualTo(other));
    }

    [Test]
    public async Task Refuses_what_it_cannot_do()
    {
        var (site, reference) = (await Api.NewSite(), Sample.Key("to-be-erased"));
        (await Api.Put(site + "/cases/a", Sample.Case("scs", patient: reference))).Expect(201);
        (await Api.Delete($"{site}/patients/{reference}")).Expect(428);
        Assert.That(
            (await Api.Delete($"{site}/patients/{reference}", ("X-Change-Reason", $"{reference} asked for it"))).Expect(400).Faults,
            Is.EqualTo([("/X-Change-Reason", "names-the-patient")]));
        (await Api.Delete($"{site}/patients/unknown", Reason)).Expect(404);
        (await Api.Delete($"/sites/unknown/patients/{reference}", Reason)).Expect(404);
        (await Api.Delete($"{site}/patients/a%20b", Reason)).Expect(400);
        Assert.That(
            (await Api.Put(site + "/cases/b", Sample.Case("scs", patient: "erased-1000000"))).Expect(422).Faults,
            Is.EqualTo([("/patient/reference", "reserved")]));
        Assert.That((await Api.Get(site + "/cases/a")).Json["patient"]!["reference"]!.GetValue<string>(), Is.EqualTo(reference));
    }

    [Test]
    public async Task Takes_a_reason_in_which_a_short_reference_is_part_of_a_word_alone()
    {
        var site = await Api.NewSite();
        (await Api.Put(site + "/cases/a", Sample.Case("scs", patient: "7"))).Expect(201);
        (await Api.Delete($"{site}/patients/7", ("X-Change-Reason", "Patient 7 asked for it"))).Expect(400);
        (await Api.Delete($"{site}/patients/7", ("X-Change-Reason", "Request of 2026-11-17"))).Expect(200);
    }

    [Test]
    public async Task No_table_holds_the_reference_but_that_of_persons()
    {
        var (site, reference) = (await Api.NewSite(), Sample.Key("only-in-one-place"));
        (await Api.Put(site + "/cases/a", Sample.Case("scs", patient: reference))).Expect(201);
        (await Api.Put(site + "/cases/a/events/1", Sample.Event("implanted", "2024-01-01"))).Expect(201);
        var tables = (await Database.Records(
            Engine == Engine.Sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table'" : "SELECT name FROM sys.tables")).Select(
            row => row["name"]).ToList();
        var holding = new List<string>();
        foreach (var table in tables)
        {
            if ((await Database.Rows($"SELECT * FROM {table}")).Any(row => row.Contains(reference, StringComparison.Ordinal)))
            {
                holding.Add(table);
            }
        }

        Assert.That(holding, Is.EqualTo(["person"]));
    }
}

/// <summary>
/// After erasures no byte of the embedded database, of its write-ahead log or of what the program logs holds the references.
/// </summary>
public sealed class ErasedBytesTests
{
    private const int Patients = 300;

    [Test]
    public async Task Nothing_of_an_erased_reference_is_left_in_any_file_or_log()
    {
        using var file = new TestFile();
        var log = new LogOfTheProgram();
        var where = new FileDatabase(file);
        await using var program = new RegistryHost(
            where,
            settings: new() { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Trace" },
            log: log);
        var api = program.Api;
        (await api.Put("/sites/s", Sample.Site)).Expect(201);
        var random = new Random(20_261_125);
        var references = Enumerable.Range(0, Patients)
            .Select(number => FormattableString.Invariant($"Zq{random.Next():x8}-{new string('x', random.Next(0, 30))}{number}"))
            .ToList();
        foreach (var (number, reference) in references.Index())
        {
            var path = FormattableString.Invariant($"/sites/s/cases/{number}");
            var first = (await api.Put(path, Sample.Case("scs", patient: reference))).Expect(201);
            switch (number % 5)
            {
                case 0:
                    (await api.Put(
                        path,
                        Sample.Case("drg", patient: reference),
                        ("If-Match", first.ETag!),
                        ("X-Change-Reason", "Typing error"))).Expect(200);
                    break;
                case 1:
                    (await api.Delete(path, ("If-Match", first.ETag!), ("X-Change-Reason", "Recorded in error"))).Expect(204);
                    break;
                case 2:
                    (await api.Put(path, Sample.Case("scs", birthYear: 1970, patient: reference))).Expect(409);
                    break;
                case 3:
                    (await api.Put(path + "b", Sample.Case("scs", birthYear: 1970, patient: reference))).Expect(422);
                    break;
            }
        }

        Assert.That(Found(file, references), Is.Not.Empty, "they were there");
        foreach (var reference in references.OrderBy(_ => random.Next()))
        {
            (await api.Delete("/sites/s/patients/" + reference, ("X-Change-Reason", "Consent was withdrawn"))).Expect(200);
        }

        Assert.That(Found(file, references), Is.Empty, "while the program goes on");
        Assert.That((await api.Get("/audit/verify")).Json["verified"]!.GetValue<bool>());
        await program.DisposeAsync();
        Assert.That(Found(file, references), Is.Empty, "after its end");
        Assert.That(log.Lines, Is.Not.Empty);
        var logged = string.Join('\n', log.Lines.Select(line => $"{line.Text} {line.Exception}"));
        Assert.That(references.Where(reference => logged.Contains(reference, StringComparison.Ordinal)), Is.Empty, "in the log");
    }

    private static List<string> Found(TestFile file, IReadOnlyList<string> references)
    {
        var found = new List<string>();
        foreach (var one in new FileInfo(file.FullName).Directory!.EnumerateFiles().Where(one => one.Extension != ".lock"))
        {
            try
            {
                using var stream = new FileStream(one.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                found.AddRange(from reference in references
                               where bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(reference)) >= 0
                               select $"{reference} in {one.Name}");
            }
            catch (FileNotFoundException)
            {
                // The program that ends has just taken the log away.
            }
        }

        return found;
    }

    private sealed class FileDatabase(TestFile file) : TestDatabase
    {
        public override string Setting => "sqlite";

        public override string ConnectionString => file.ConnectionString;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
