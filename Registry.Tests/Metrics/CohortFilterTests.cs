using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;
using static Registry.Tests.Support.CaseToRecord;

namespace Registry.Tests.Metrics;

/// <summary>
/// Eight cases with a stay each, so that the stays count the cases that a filter lets through. Asked on 30 June 2026.
/// <code>
///               site      indication  sex      born  side       months  time zero   age
/// scs           hospital  crps        female   1960  left       24      2024-01-10  64
/// drg           hospital  other       male     1970  right      12      2024-02-29  54
/// drez          clinic    crps        unknown  1980  bilateral  .       2023-12-31  43
/// cordotomy     clinic    cancer-pain other    1940  midline    0       2024-12-31  84
/// untold        Hospital  other       female   1960  .          .       2024-01-11  64
/// enrolled      hospital  other       female   1960  left       60      .           .
/// tried         hospital  other       female   1961  left       60      2024-03-01  63
/// tried-drez    hospital  other       female   1961  left       60      2024-06-01  63
/// </code>
/// 'tried-drez' follows 'tried', whose time zero is the start of its trial. 'Hospital' is another site than 'hospital'.
/// A ninth case, elsewhere, has no stay.
/// </summary>
public sealed class CohortFilterTests(Engine engine) : RegistryFixture(engine)
{
    protected override TimeProvider? Clock => new StoppedClock(new DateOnly(2026, 6, 30));

    protected override async Task Prepare()
    {
        await Site(Api);
        await Site(Api, "clinic");
        await Site(Api, "Hospital");
        await Site(Api, "elsewhere");
        await Scs("moved", "elsewhere", Details("other", "male", 1990, null, null)).Trial("2024-12-20", succeeded: "2024-12-30")
            .Implanted("2025-01-05")
            .Record(Api);
        CaseToRecord[] all =
        [
            Scs("scs", details: Details("crps", "female", 1960, "left", 24)).Implanted("2024-01-10"),
            Drg("drg", details: Details("other", "male", 1970, "right", 12)).Implanted("2024-02-29"),
            Drez("drez", site: "clinic", details: Details("crps", "unknown", 1980, "bilateral", null)).Lesioned("2023-12-31"),
            Cordotomy("cordotomy", "clinic", Details("cancer-pain", "other", 1940, "midline", 0)).Lesioned("2024-12-31"),
            Scs("untold", "Hospital", Details("other", "female", 1960, null, null)).Trial("2024-01-11"),
            Scs("enrolled", details: Details("other", "female", 1960, "left", 60)),
            Scs("tried", details: Details("other", "female", 1961, "left", 60)).Trial("2024-03-01", failed: "2024-03-11"),
            Drez("tried-drez", follows: "tried", details: Details("other", "female", 1961, "left", 60)).Lesioned("2024-06-01"),
        ];
        foreach (var told in all)
        {
            await told.Stayed("2023-12-01", "2023-12-02").Record(Api);
        }
    }

    [TestCase("", 8)]
    [TestCase("procedure=scs", 4)]
    [TestCase("procedure=scs&procedure=drez", 6)]
    [TestCase("site=hospital", 5)]
    [TestCase("site=Hospital", 1)]
    [TestCase("site=Hospital&site=clinic", 3)]
    [TestCase("indication=crps", 2)]
    [TestCase("indication=crps&indication=cancer-pain", 3)]
    [TestCase("sex=female", 5)]
    [TestCase("sex=other&sex=unknown", 2)]

    // 'enrolled' has no time zero, so no age.
    [TestCase("ageMin=0", 7)]
    [TestCase("ageMin=63", 5)]
    [TestCase("ageMin=64", 3)]
    [TestCase("ageMax=63", 4)]
    [TestCase("ageMax=42", 0)]
    [TestCase("ageMin=54&ageMax=54", 1)]

    // 'untold' has no side.
    [TestCase("painSide=left", 4)]
    [TestCase("painSide=left&painSide=right&painSide=bilateral&painSide=midline", 7)]

    // 'drez' and 'untold' have no duration, which is not 0 months.
    [TestCase("painDurationMin=0", 6)]
    [TestCase("painDurationMin=12", 5)]
    [TestCase("painDurationMin=13", 4)]
    [TestCase("painDurationMax=12", 2)]
    [TestCase("painDurationMax=0", 1)]
    [TestCase("painDurationMin=24&painDurationMax=24", 1)]
    [TestCase("from=2024-01-10", 6)]
    [TestCase("from=2024-01-11", 5)]
    [TestCase("to=2024-02-29", 4)]
    [TestCase("to=2024-02-28", 3)]
    [TestCase("from=2024-02-29&to=2024-03-01", 2)]
    [TestCase("primary=true", 7)]
    [TestCase("primary=false", 8)]

    // What happened later is not looked at: on 28 February 2024 'drg', 'tried', 'tried-drez' and 'cordotomy' have no time zero.
    [TestCase("asOf=2024-02-28", 8)]
    [TestCase("asOf=2024-02-28&ageMin=0", 3)]
    [TestCase("asOf=2024-02-29&ageMin=0", 4)]
    [TestCase("asOf=2024-02-28&to=2026-01-01", 3)]

    // All of them at once.
    [TestCase(
        "procedure=drez&site=hospital&indication=other&sex=female&ageMin=63&ageMax=63&painSide=left&painDurationMin=60&painDurationMax=60&from=2024-06-01&to=2024-06-01",
        1)]
    [TestCase(
        "procedure=drez&site=hospital&indication=other&sex=female&ageMin=63&ageMax=63&painSide=left&painDurationMin=60&painDurationMax=60&from=2024-06-01&to=2024-06-01&primary=true",
        0)]
    public async Task Lets_through(string query, int cases) =>
        Assert.That(
            (await Api.Get($"/summaries/stays?{query}")).Expect(200).Row(("procedure", "all"))["n"]!.GetValue<int>(), Is.EqualTo(cases));

    // Until the implant was known, time zero was the start of the trial, in the year before.
    [TestCase("asOf=2025-01-04", 34)]
    [TestCase("asOf=2025-01-05", 35)]
    public async Task Tells_the_age_from_what_was_known(string asOf, int age) =>
        Assert.That(
            (await Api.Get($"/summaries/trials?site=elsewhere&ageMin={age}&ageMax={age}&{asOf}")).Expect(200)
                .Row(("procedure", "all"))["started"]!.GetValue<int>(),
            Is.EqualTo(1));

    [TestCase("/summaries/response-rates?procedure=drg&procedure=scs", "scs", "drg", "all")]
    [TestCase("/summaries/scores?procedure=cordotomy", "cordotomy", "all")]
    [TestCase("/summaries/costs", "scs", "drg", "drez", "cordotomy", "all")]
    [TestCase("/summaries/stays?procedure=drez", "drez", "all")]
    [TestCase("/summaries/trials?ageMin=150", "scs", "drg", "drez", "cordotomy", "all")]
    public async Task Keeps_the_rows_of_the_procedures_asked_for(string path, params string[] procedures) =>
        Assert.That((await Api.Get(path)).Expect(200).Items.Select(row => row["procedure"]!.ToString()).Distinct(), Is.EqualTo(procedures));

    [TestCase("response-rates?timepoint=6m&timepoint=1m&instrument=pdi&set=observed&threshold=50&threshold=30", 5 * 2 * 1 * 1 * 2)]
    [TestCase("response-rates", 5 * 6 * 2 * 3)]
    [TestCase("scores?timepoint=baseline&set=treated&set=observed", 5 * 1 * 2 * 2)]
    [TestCase("scores", 5 * 7 * 2 * 3)]
    [TestCase("costs?basis=all&per=case", 5)]
    [TestCase("costs", 5 * 2 * 2)]
    public async Task Keeps_the_rows_of_the_figures_asked_for(string path, int rows) =>
        Assert.That((await Api.Get($"/summaries/{path}")).Expect(200).Items, Has.Count.EqualTo(rows));

    [TestCase("ageMin=50&ageMax=49")]
    [TestCase("from=2024-01-02&to=2024-01-01")]
    [TestCase("painDurationMin=2&painDurationMax=1")]
    [TestCase("asOf=2026-07-02")]
    [TestCase("asOf=2025-02-29")]
    [TestCase("threshold=30")]
    [TestCase("procedure=SCS")]
    [TestCase("primary=yes")]
    public async Task Refuses_what_cannot_be_meant(string query) => (await Api.Get($"/summaries/stays?{query}")).Expect(400);

    [TestCase("/summaries/stays?site=HOSPITAL", "HOSPITAL")]
    [TestCase("/summaries/response-rates?site=hospital&site=nowhere", "nowhere")]
    [TestCase("/summaries/completeness?site=nowhere", "nowhere")]
    public async Task Refuses_a_site_that_is_not_known(string path, string site)
    {
        var answer = (await Api.Get(path)).Expect(422);
        Assert.That(
            answer.Json["errors"]!.AsArray().Select(fault => (fault!["pointer"]!.ToString(), fault["value"]!.ToString())),
            Is.EqualTo(new[] { ("/site", site) }));
    }

    private static JsonObject Details(string indication, string sex, int birthYear, string? painSide, int? months)
    {
        var details =
            new JsonObject { ["patient"] = new JsonObject { ["sex"] = sex, ["birthYear"] = birthYear }, ["indication"] = indication };
        if (painSide is not null)
        {
            details["painSide"] = painSide;
        }

        if (months is not null)
        {
            details["painDurationMonths"] = months;
        }

        return details;
    }
}
