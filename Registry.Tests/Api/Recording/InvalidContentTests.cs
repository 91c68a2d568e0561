using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>
/// Content that breaks a rule is refused with every fault at once, each with its pointer, code, value and what would
/// have been allowed, and nothing of it is stored.
/// </summary>
public sealed class InvalidContentTests(Engine engine) : RegistryFixture(engine)
{
    private const string WholeNrs = "a whole number from 0 to 10";
    private const string WholePdi = "a whole number from 0 to 70";
    private const string UpToToday = "a date YYYY-MM-DD up to 2025-06-16";
    private const string ToAmount = "a number from 0 to 10000000000 with at most 2 decimals";

    private string _scs = string.Empty;
    private string _drez = string.Empty;

    protected override TimeProvider Clock => StoppedClock.Noon;

    // Each row: what is wrong, the address below a case of SCS implanted on 2024-01-10, the body, and every fault
    // as "pointer code [value] allowed" ('-' for an absent value; what is allowed may be left out).
    private static TestCaseData[] Rows =>
    [
        Nrs("11", "out-of-range [11]"),
        Nrs("-1", "out-of-range [-1]"),
        Nrs("7.5", "not-a-whole-number [7.5]"),
        Nrs("7.0", "not-a-whole-number [7.0]"),
        Nrs("7e0", "not-a-whole-number [7e0]"),
        Nrs("1e400", "not-a-whole-number [1e400]"),
        Nrs("99999999999999999999", "out-of-range [99999999999999999999]"),
        Nrs("-99999999999999999999", "out-of-range [-99999999999999999999]"),
        Nrs("4294967301", "out-of-range [4294967301]"),
        Nrs("\"7\"", "not-a-number [\"7\"]"),
        Nrs("true", "not-a-number [true]"),
        Nrs("[7]", "not-a-number [[7]]"),
        Nrs("{}", "not-a-number [{}]"),
        Row("an NRS of null", "assessments/6m", """{"assessedOn":"2024-07-01","nrs":null}""", "/nrs null-not-allowed [null]"),
        Row("a PDI of 71", "assessments/6m", """{"assessedOn":"2024-07-01","pdi":71}""", $"/pdi out-of-range [71] {WholePdi}"),
        Row("a PDI of -1", "assessments/6m", """{"assessedOn":"2024-07-01","pdi":-1}""", $"/pdi out-of-range [-1] {WholePdi}"),
        Row("items that are not the sum", "assessments/6m", Items("1,2,3,4,5,6,7", "\"pdi\":29"), "/pdi not-the-sum [29] 28"),
        Row(
            "six of seven items",
            "assessments/6m",
            """{"assessedOn":"2024-07-01","pdiItems":{"familyHome":1,"recreation":2,"social":3,"occupation":4,"sexual":5,"selfCare":6}}""",
            "/pdiItems/lifeSupport missing [-]"),
        Row(
            "no item at all",
            "assessments/6m",
            """{"assessedOn":"2024-07-01","pdiItems":{}}""",
            "/pdiItems/familyHome missing [-]",
            "/pdiItems/recreation missing [-]",
            "/pdiItems/social missing [-]",
            "/pdiItems/occupation missing [-]",
            "/pdiItems/sexual missing [-]",
            "/pdiItems/selfCare missing [-]",
            "/pdiItems/lifeSupport missing [-]"),
        Row(
            "an item of 11, one of -1 and an unknown one",
            "assessments/6m",
            Items("11,2,3,4,5,6,-1").Replace("}}", ",\"walking\":3}}", StringComparison.Ordinal),
            $"/pdiItems/familyHome out-of-range [11] {WholeNrs}",
            $"/pdiItems/lifeSupport out-of-range [-1] {WholeNrs}",
            "/pdiItems/walking unknown-member [walking] familyHome, recreation, social, occupation, sexual, selfCare, lifeSupport"),
        Row(
            "a total although an item is unanswered",
            "assessments/6m",
            Items("1,2,3,null,5,6,7", "\"pdi\":24"),
            "/pdi total-with-items-missing [24]"),
        Row(
            "items that are no object",
            "assessments/6m",
            """{"assessedOn":"2024-07-01","pdiItems":[1,2,3,4,5,6,7]}""",
            "/pdiItems not-an-object [[1,2,3,4,5,6,7]] an object"),
        Row("an assessment of nothing", "assessments/6m", """{"assessedOn":"2024-07-01"}""", " nothing-recorded [-]"),
        Row("an assessment without a date", "assessments/6m", """{"nrs":5}""", "/assessedOn missing [-]"),
        Row(
            "scores of a visit not done",
            "assessments/6m",
            """{"notDone":"died","nrs":5,"pdi":20,"mode":"clinic"}""",
            "/nrs not-done-and-done [-]",
            "/pdi not-done-and-done [-]",
            "/mode not-done-and-done [-]"),
        Row(
            "a reason that is none",
            "assessments/6m",
            """{"notDone":"forgot"}""",
            "/notDone unknown-code [forgot] died, lost-to-follow-up, withdrawn, declined, too-ill, not-done-by-site"),
        Row("a reason of null", "assessments/6m", """{"notDone":null,"assessedOn":"2024-07-01"}""", "/notDone null-not-allowed [null]"),
        Row(
            "a mode that is none",
            "assessments/6m",
            """{"assessedOn":"2024-07-01","nrs":5,"mode":"Clinic"}""",
            "/mode unknown-code [Clinic] clinic, telephone, portal, post"),
        Row(
            "another timepoint than the address",
            "assessments/6m",
            """{"timepoint":"12m","assessedOn":"2024-07-01","nrs":5}""",
            "/timepoint not-the-address [12m] 6m"),
        Row(
            "a member of another kind",
            "assessments/6m",
            """{"assessedOn":"2024-07-01","nrs":5,"NRS":6,"a/b~c":1}""",
            "/NRS unknown-member [NRS] timepoint, notDone, assessedOn, nrs, pdi, pdiItems, mode",
            "/a~1b~0c unknown-member [a/b~c]"),
        Day("2024-02-30", "not-a-date"),
        Day("2023-02-29", "not-a-date"),
        Day("2024-13-01", "not-a-date"),
        Day("2024-00-10", "not-a-date"),
        Day("0000-01-01", "not-a-date"),
        Day("24-07-01", "not-a-date"),
        Day("2024-7-1", "not-a-date"),
        Day("01.07.2024", "not-a-date"),
        Day("2024-07-01T00:00:00Z", "not-a-date"),
        Day(" 2024-07-01", "not-a-date"),
        Day("2024-07-01 ", "not-a-date"),
        Day("", "not-a-date"),
        Day("٢٠٢٤-٠٧-٠١", "not-a-date"),
        Day("2025-06-17", "date-in-the-future"),
        Day("9999-12-31", "date-in-the-future"),
        Row("a date as a number", "assessments/6m", """{"assessedOn":20240701,"nrs":5}""", "/assessedOn not-a-string [20240701] a string"),
        Row(
            "a baseline after treatment",
            "assessments/baseline",
            """{"assessedOn":"2024-01-11","nrs":5}""",
            "/assessedOn baseline-after-treatment [2024-01-11] up to 2024-01-10"),
        Row(
            "faults of its own and of the chart",
            "assessments/baseline",
            """{"assessedOn":"2024-01-11","nrs":11,"mode":"fax"}""",
            $"/nrs out-of-range [11] {WholeNrs}",
            "/mode unknown-code [fax]",
            "/assessedOn baseline-after-treatment [2024-01-11]"),
        Row(
            "a date before birth and before time zero",
            "assessments/6m",
            """{"assessedOn":"0001-01-01","nrs":10.5}""",
            "/nrs not-a-whole-number [10.5]",
            "/assessedOn before-birth-year [0001-01-01] from 1960-01-01"),

        Row("an event of no type", "events/e", """{"occurredOn":"2024-02-01"}""", "/type missing [-]"),
        Row(
            "an event of an unknown type",
            "events/e",
            """{"type":"implant","occurredOn":"2024-02-01"}""",
            "/type unknown-code [implant] trial-started, trial-ended, implanted, lesioned, revised, generator-replaced, explanted, died, "
                + "lost-to-follow-up, withdrawn"),
        Row(
            "an event of an unknown type with details",
            "events/e",
            """{"type":"ended","occurredOn":"2024-02-01","outcome":"failed","reliefPercent":101,"colour":"red"}""",
            "/type unknown-code [ended]",
            "/reliefPercent out-of-range [101] a whole number from -1000 to 100",
            "/colour unknown-member [colour]"),
        Row("an event without its date", "events/e", """{"type":"revised"}""", "/occurredOn missing [-]"),
        Row(
            "a detail of another type",
            "events/e",
            """{"type":"revised","occurredOn":"2024-02-01","lead":"paddle","reason":"other"}""",
            "/lead unknown-member [lead] type, occurredOn",
            "/reason unknown-member [reason] type, occurredOn"),
        Row(
            "an explant without reason and permanence",
            "events/e",
            """{"type":"explanted","occurredOn":"2024-02-01"}""",
            "/reason missing [-]",
            "/permanent missing [-]"),
        Row(
            "permanence that is no boolean",
            "events/e",
            """{"type":"explanted","occurredOn":"2024-02-01","reason":"other","permanent":"true"}""",
            "/permanent not-a-boolean [\"true\"] true, false"),
        Row(
            "a trial without outcome, out of range",
            "events/e",
            """{"type":"trial-ended","occurredOn":"2024-01-05","reliefPercent":101,"threshold":0}""",
            "/outcome missing [-]",
            "/reliefPercent out-of-range [101] a whole number from -1000 to 100",
            "/threshold out-of-range [0] a whole number from 1 to 100"),
        Row(
            "a lesion on SCS",
            "events/e",
            """{"type":"lesioned","occurredOn":"2024-02-01"}""",
            "/type event-not-of-procedure [lesioned] trial-started, trial-ended, implanted, revised, generator-replaced, explanted, died, "
                + "lost-to-follow-up, withdrawn"),
        Row(
            "a faulty detail on an event out of order",
            "events/e",
            """{"type":"explanted","occurredOn":"2024-01-09","reason":"bored","permanent":false}""",
            "/reason unknown-code [bored] loss-of-efficacy, infection, hardware, patient-request, mri-need, other",
            "/occurredOn event-out-of-order [2024-01-09]"),

        Row(
            "an adverse event of nothing", "adverse-events/a", "{}", "/category missing [-]", "/term missing [-]",
            "/onsetOn missing [-]", "/severity missing [-]", "/serious missing [-]"),
        Row(
            "an adverse event all wrong",
            "adverse-events/a",
            """{"category":"minor","term":"lead came loose","onsetOn":"2024-02-30","severity":3,"serious":1,"outcome":"ok","resolvedOn":"tomorrow"}""",
            "/category unknown-code [minor] surgical, hardware-related, neurological, other",
            "/term not-an-identifier [lead came loose] 1 to 64 characters of A-Z a-z 0-9 . _ -",
            "/onsetOn not-a-date [2024-02-30]",
            "/severity not-a-string [3]",
            "/serious not-a-boolean [1] true, false",
            "/outcome unknown-code [ok]",
            "/resolvedOn not-a-date [tomorrow]"),
        Row(
            "an adverse event resolved before its onset",
            "adverse-events/a",
            """{"category":"surgical","term":"bleeding","onsetOn":"2024-02-10","severity":"mild","serious":false,"resolvedOn":"2024-02-09"}""",
            "/resolvedOn out-of-order [2024-02-09] from 2024-02-10"),

        Amount("-1", "EUR", $"out-of-range [-1] {ToAmount}"),
        Amount("-0.01", "EUR", $"out-of-range [-0.01] {ToAmount}"),
        Amount("1.234567", "EUR", $"too-many-decimals [1.234567] {ToAmount}"),
        Amount("1.001", "EUR", $"too-many-decimals [1.001] {ToAmount}"),
        Amount("1.5", "JPY", "too-many-decimals [1.5] a number from 0 to 10000000000 with at most 0 decimals"),
        Amount("1.2345", "KWD", "too-many-decimals [1.2345] a number from 0 to 10000000000 with at most 3 decimals"),
        Amount("10000000000.01", "EUR", $"out-of-range [10000000000.01] {ToAmount}"),
        Amount("1e400", "EUR", $"out-of-range [1e400] {ToAmount}"),
        Amount("1e11", "EUR", $"out-of-range [1e11] {ToAmount}"),
        Amount("1e-3", "EUR", $"too-many-decimals [1e-3] {ToAmount}"),
        Amount("1e-400", "EUR", $"too-many-decimals [1e-400] {ToAmount}"),
        Amount("0.00000000000000000000000000000000001", "EUR", $"too-many-decimals [0.00000000000000000000000000000000001] {ToAmount}"),
        Amount("1.00000000000000000000000000000000001e0", "EUR", $"too-many-decimals [1.00000000000000000000000000000000001e0] {ToAmount}"),
        Amount("\"100\"", "EUR", $"not-a-number [\"100\"] {ToAmount}"),
        Row(
            "a cost in no currency",
            "costs/c",
            """{"category":"device","amount":1.5,"currency":"XYZ","priceYear":2024}""",
            "/currency unknown-code [XYZ] an ISO 4217 code such as CNY or EUR"),
        Row(
            "a cost in lower case",
            "costs/c",
            """{"category":"device","amount":1.5,"currency":"eur","priceYear":2024}""",
            "/currency unknown-code [eur]"),
        Row(
            "a cost at prices to come",
            "costs/c",
            """{"category":"device","amount":1.5,"currency":"EUR","priceYear":2026}""",
            "/priceYear date-in-the-future [2026] a whole number from 1980 to 2025"),
        Row(
            "a cost at prices of old",
            "costs/c",
            """{"category":"device","amount":1.5,"currency":"EUR","priceYear":1979}""",
            "/priceYear out-of-range [1979] a whole number from 1980 to 2025"),
        Row(
            "a cost of everything wrong",
            "costs/c",
            """{"category":"gift","amount":null,"currency":null,"priceYear":2024.0,"incurredOn":"2025-06-17","note":"x"}""",
            "/category unknown-code [gift] operation, device, anaesthesia, trial, hospital-stay, revision, explant, follow-up, medication, other",
            "/currency null-not-allowed [null]",
            "/amount null-not-allowed [null]",
            "/priceYear not-a-whole-number [2024.0]",
            "/incurredOn date-in-the-future [2025-06-17]",
            "/note unknown-member [note] category, currency, amount, priceYear, incurredOn"),
        Row(
            "a cost before birth with a bad amount",
            "costs/c",
            """{"category":"device","amount":1.5,"currency":"EUR","priceYear":2024,"incurredOn":"1959-12-31","note":1}""",
            "/note unknown-member [note]",
            "/incurredOn before-birth-year [1959-12-31] from 1960-01-01"),

        Row(
            "a stay that ends before it begins",
            "stays/s",
            """{"admittedOn":"2024-01-10","dischargedOn":"2024-01-09"}""",
            "/dischargedOn out-of-order [2024-01-09] from 2024-01-10"),
        Row(
            "a stay that is not over",
            "stays/s",
            """{"admittedOn":"2024-01-10","dischargedOn":null}""",
            "/dischargedOn null-not-allowed [null]"),
        Row("a stay without days", "stays/s", "{}", "/admittedOn missing [-]", "/dischargedOn missing [-]"),
    ];

    private static TestCaseData[] CaseRows =>
    [
        CaseRow("nothing", "{}", "/patient missing [-]", "/procedure missing [-]", "/indication missing [-]"),
        CaseRow(
            "an empty patient",
            """{"patient":{},"procedure":"scs","indication":"crps"}""",
            "/patient/reference missing [-]",
            "/patient/sex missing [-]",
            "/patient/birthYear missing [-]"),
        CaseRow(
            "a patient with a name and a birth date",
            """{"patient":{"reference":"P","sex":"male","birthYear":1960,"name":"x","birthDate":"1960-01-01"},"procedure":"scs","indication":"crps"}""",
            "/patient/name unknown-member [name] reference, sex, birthYear",
            "/patient/birthDate unknown-member [birthDate] reference, sex, birthYear"),
        CaseRow(
            "codes that are none",
            """{"patient":{"reference":"P 1","sex":"m","birthYear":2026},"procedure":"SCS","indication":"pain","painSide":"L","painDurationMonths":1201}""",
            "/patient/reference not-an-identifier [P 1] 1 to 64 characters of A-Z a-z 0-9 . _ -",
            "/patient/sex unknown-code [m] male, female, other, unknown",
            "/patient/birthYear date-in-the-future [2026] a whole number from 1900 to 2025",
            "/procedure unknown-code [SCS] scs, drg, drez, cordotomy",
            "/indication unknown-code [pain]",
            "/painSide unknown-code [L] left, right, bilateral, midline",
            "/painDurationMonths out-of-range [1201] a whole number from 0 to 1200"),
        CaseRow(
            "a birth year of 1899",
            """{"patient":{"reference":"P","sex":"male","birthYear":1899},"procedure":"scs","indication":"crps"}""",
            "/patient/birthYear out-of-range [1899] a whole number from 1900 to 2025"),
        CaseRow(
            "levels that are none",
            """{"patient":{"reference":"P","sex":"male","birthYear":1960},"procedure":"scs","indication":"crps","painLevels":["T7","T13","t8",9,"T7",null]}""",
            "/painLevels/1 unknown-code [\"T13\"] V1-V3, C1-C8, T1-T12, L1-L5, S1-S5",
            "/painLevels/2 unknown-code [\"t8\"]",
            "/painLevels/3 unknown-code [9]",
            "/painLevels/4 repeated [\"T7\"]",
            "/painLevels/5 unknown-code [null]"),
        CaseRow(
            "no levels in the list",
            """{"patient":{"reference":"P","sex":"male","birthYear":1960},"procedure":"scs","indication":"crps","painLevels":[]}""",
            "/painLevels not-a-list [[]] V1-V3, C1-C8, T1-T12, L1-L5, S1-S5"),
        CaseRow(
            "levels that are no list",
            """{"patient":{"reference":"P","sex":"male","birthYear":1960},"procedure":"scs","indication":"crps","painLevels":"T7"}""",
            "/painLevels not-a-list [\"T7\"]"),
        CaseRow(
            "a patient that is no object",
            """{"patient":"P","procedure":"scs","indication":"crps"}""",
            "/patient not-an-object [\"P\"] an object"),
        CaseRow(
            "null wherever it can be",
            """{"patient":null,"procedure":null,"indication":null,"painSide":null,"painLevels":null,"painDurationMonths":null,"precedingCase":null}""",
            "/patient null-not-allowed [null]",
            "/procedure null-not-allowed [null]",
            "/indication null-not-allowed [null]",
            "/painSide null-not-allowed [null]",
            "/painLevels null-not-allowed [null]",
            "/painDurationMonths null-not-allowed [null]",
            "/precedingCase null-not-allowed [null]"),
    ];

    private static TestCaseData[] SiteRows =>
    [
        CaseRow("nothing", "{}", "/name missing [-]", "/country missing [-]"),
        CaseRow(
            "a country and a time zone that are none",
            """{"name":"A","country":"XX","timeZone":"Mars/Olympus"}""",
            "/country unknown-code [XX] an ISO 3166-1 alpha-2 code such as CN or DE",
            "/timeZone unknown-code [Mars/Olympus] an IANA time zone such as Europe/Berlin"),
        CaseRow("a country in lower case", """{"name":"A","country":"de"}""", "/country unknown-code [de]"),
        CaseRow("an empty name", """{"name":"","country":"DE"}""", "/name not-a-name []"),
        CaseRow("a name with spaces around it", """{"name":" A","country":"DE"}""", "/name not-a-name [ A]"),
        CaseRow("a name with a control character", """{"name":"A\u0000B","country":"DE"}""", "/name not-a-name [A\0B]"),
        CaseRow(
            "a time zone that is a path",
            """{"name":"A","country":"DE","timeZone":"../../../etc/passwd"}""",
            "/timeZone unknown-code [../../../etc/passwd]"),
        CaseRow(
            "a time zone of Windows",
            """{"name":"A","country":"DE","timeZone":"W. Europe Standard Time"}""",
            "/timeZone unknown-code [W. Europe Standard Time]"),
        CaseRow(
            "a time zone with a zero byte",
            """{"name":"A","country":"DE","timeZone":"Europe/Berlin\u0000"}""",
            "/timeZone unknown-code [Europe/Berlin\0]"),
        CaseRow("an empty time zone", """{"name":"A","country":"DE","timeZone":""}""", "/timeZone unknown-code []"),
    ];

    protected override async Task Prepare()
    {
        _scs = await Api.NewCase("scs", events: ("implanted", "2024-01-10"));
        _drez = await Api.NewCase("drez");
    }

    [TestCaseSource(nameof(Rows))]
    public Task Refuses_a_record_of(string what, string folder, string body, string[] faults) =>
        ExpectRefused(what, $"{_scs}/{folder}", body, faults);

    [TestCaseSource(nameof(CaseRows))]
    public Task Refuses_a_case_of(string what, string body, string[] faults) =>
        ExpectRefused(what, string.Join('/', _scs.Split('/')[..4]) + "/refused", body, faults);

    [TestCaseSource(nameof(SiteRows))]
    public Task Refuses_a_site_of(string what, string body, string[] faults) =>
        ExpectRefused(what, "/sites/refused", body, faults);

    [Test]
    public Task Refuses_a_site_that_is_called_as_all_of_them_together() =>
        ExpectRefused("a site", "/sites/all", Sample.Site, "/site reserved [all] any other code");

    [TestCase("implanted")]
    [TestCase("trial-started")]
    public Task Refuses_on_DREZ(string type) =>
        ExpectRefused(
            "a device",
            _drez + "/events/e",
            Sample.Event(type, "2024-01-10"),
            $"/type event-not-of-procedure [{type}] lesioned, died, lost-to-follow-up, withdrawn");

    [TestCase("depthMm", "20.1", "out-of-range")]
    [TestCase("depthMm", "-0.1", "out-of-range")]
    [TestCase("depthMm", "2.55", "too-many-decimals")]
    [TestCase("angleDegrees", "90.5", "out-of-range")]
    [TestCase("angleDegrees", "1e-1000", "too-many-decimals")]
    public Task Refuses_a_lesion_with(string member, string value, string code) =>
        ExpectRefused(
            "a lesion",
            _drez + "/events/e",
            $$"""{"type":"lesioned","occurredOn":"2024-01-10","{{member}}":{{value}}}""",
            $"/{member} {code} [{value}]");

    [Test]
    public async Task Takes_an_item_that_the_patient_left_unanswered_and_gives_no_total()
    {
        var path = await Api.NewCase() + "/assessments/6m";
        var answer = (await Api.Put(path, Items("1,2,3,null,5,6,7"))).Expect(201);
        Assert.That(
            (answer.Json["pdi"], answer.Json["pdiItems"]!.AsObject().ContainsKey("occupation"), answer.Json["pdiItems"]!["occupation"]),
            Is.EqualTo(((JsonNode?)null, true, (JsonNode?)null)));
        (await Api.Put(path, Items("1,2,3,0,5,6,7"))).ExpectProblem(409, "conflict");
    }

    [Test]
    public async Task Takes_today_at_the_site_where_it_is_tomorrow_elsewhere()
    {
        var auckland = await Api.NewCase(site: await Api.NewSite("""{"name":"A","country":"NZ","timeZone":"Pacific/Auckland"}"""));
        (await Api.Put(auckland + "/assessments/baseline", Sample.Assessment("2025-06-16"))).Expect(201);
        Assert.That(
            (await Api.Put(auckland + "/assessments/1m", Sample.Assessment("2025-06-17"))).ExpectProblem(422).FaultsWithValues(),
            Is.EqualTo([("/assessedOn", "date-in-the-future", "2025-06-17")]));
        var honolulu = await Api.NewCase(site: await Api.NewSite("""{"name":"A","country":"US","timeZone":"Pacific/Honolulu"}"""));
        (await Api.Put(honolulu + "/assessments/baseline", Sample.Assessment("2025-06-15"))).Expect(201);
    }

    [TestCase("10", "70")]
    [TestCase("0", "0")]
    public async Task Takes_the_ends_of_every_range(string nrs, string pdi)
    {
        var @case = await Api.NewCase("drez");
        (await Api.Put(@case + "/assessments/baseline", $$"""{"assessedOn":"2024-02-29","nrs":{{nrs}},"pdi":{{pdi}}}""")).Expect(201);
        (await Api.Put(
            @case + "/events/e",
            $$"""{"type":"lesioned","occurredOn":"2024-02-29","depthMm":{{(nrs == "0" ? "0" : "20.0")}},"angleDegrees":{{(nrs == "0" ? "0" : "90")}}}""")).Expect(201);
        (await Api.Put(
            @case + "/costs/c",
            $$"""{"category":"other","amount":{{(nrs == "0" ? "0" : "10000000000")}},"currency":"KWD","priceYear":{{(nrs == "0" ? "1980" : "2025")}}}""")).Expect(201);
    }

    private async Task ExpectRefused(string what, string path, string body, params string[] faults)
    {
        var before = await Versions();
        var refused = (await Api.Put(path, body)).ExpectProblem(422, "invalid-content");
        var found = refused.Json["errors"]!.AsArray()
            .Select(fault => $"{fault!["pointer"]} {fault["code"]} [{fault["value"]?.ToString() ?? "-"}] {fault["allowed"]}".Trim(' '))
            .ToList();
        Assert.That(found, Has.Count.EqualTo(faults.Length), () => $"{what}\n{refused.Text}");
        foreach (var expected in faults)
        {
            Assert.That(found, Has.Some.StartsWith(expected.Trim(' ')), () => $"{what}\n{refused.Text}");
        }

        (await Api.Get(path)).ExpectProblem(404);
        (await Api.Get(path + "/history")).ExpectProblem(404);
        Assert.That(await Versions(), Is.EqualTo(before), "nothing is stored");
    }

    private Task<long> Versions() =>
        ((IDatabase)Host.Services.GetService(typeof(IDatabase))!).Single<long>("SELECT COUNT(*) FROM resource_version");

    private static string Items(string values, string? more = null)
    {
        var names = (string[])["familyHome", "recreation", "social", "occupation", "sexual", "selfCare", "lifeSupport"];
        var items = string.Join(',', names.Zip(values.Split(','), (name, value) => $"\"{name}\":{value}"));
        return "{\"assessedOn\":\"2024-07-01\"," + (more is null ? "" : more + ",") + "\"pdiItems\":{" + items + "}}";
    }

    private static TestCaseData Nrs(string value, string fault) =>
        Row($"an NRS of {value}", "assessments/6m", $$"""{"assessedOn":"2024-07-01","nrs":{{value}}}""", $"/nrs {fault} {WholeNrs}");

    private static TestCaseData Day(string day, string code) =>
        Row($"the date {day}", "assessments/6m", $$"""{"assessedOn":"{{day}}","nrs":5}""", $"/assessedOn {code} [{day}] {UpToToday}");

    private static TestCaseData Amount(string amount, string currency, string fault) =>
        Row(
            $"{amount} {currency}",
            "costs/c",
            $$"""{"category":"device","amount":{{amount}},"currency":"{{currency}}","priceYear":2024}""",
            $"/amount {fault}");

    private static TestCaseData Row(string what, string folder, string body, params string[] faults) =>
        new TestCaseData(what, folder, body, faults).SetArgDisplayNames(what);

    private static TestCaseData CaseRow(string what, string body, params string[] faults) =>
        new TestCaseData(what, body, faults).SetArgDisplayNames(what);
}
