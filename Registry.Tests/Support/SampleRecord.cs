namespace Registry.Tests.Support;

/// <summary>One kind of record, with bodies that say the same and one that says something else.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its path, with {site}, {case} and {key} for what each test chooses anew.</param>
/// <param name="Body">A content.</param>
/// <param name="Same">The same content, written otherwise.</param>
/// <param name="Other">A content that differs in one member.</param>
/// <param name="Member">That member.</param>
/// <param name="Before">Its value in <paramref name="Body"/>, as JSON.</param>
/// <param name="After">Its value in <paramref name="Other"/>, as JSON.</param>
public sealed record SampleRecord(
    string Name, string Path, string Body, string[] Same, string Other, string Member, string Before, string After)
{
    private const string Case = "/sites/{site}/cases/{case}";

    /// <summary>Every kind there is.</summary>
    public static readonly IReadOnlyList<SampleRecord> All =
    [
        new(
            "site",
            "/sites/{site}",
            """{"name":"Zürich","country":"CH","timeZone":"Europe/Zurich"}""",
            ["""{"timeZone":"Europe\/Zurich", "country" : "CH", "name":"Z\u00fcrich"}"""],
            """{"name":"Zürich Nord","country":"CH","timeZone":"Europe/Zurich"}""",
            "name",
            "\"Zürich\"",
            "\"Zürich Nord\""),
        new(
            "case",
            Case,
            """{"patient":{"reference":"P-1","sex":"female","birthYear":1960},"procedure":"scs","indication":"crps","painLevels":["T7","T8","T10"],"painDurationMonths":18}""",
            [
                """{"painDurationMonths":18,"painLevels":["T10","T7","T8"],"indication":"crps","procedure":"scs","patient":{"birthYear":1960,"sex":"female","reference":"P-1"}}""",
                "\n{ \"patient\": { \"reference\": \"P-1\", \"sex\": \"female\", \"birthYear\": 1960 },\r\n\t\"procedure\": \"scs\", "
                    + "\"indication\": \"crps\", \"painLevels\": [ \"T8\", \"T7\", \"T10\" ], \"painDurationMonths\": 18 }\n",
            ],
            """{"patient":{"reference":"P-1","sex":"female","birthYear":1960},"procedure":"scs","indication":"crps","painLevels":["T7","T8","T10"],"painDurationMonths":19}""",
            "painDurationMonths",
            "18",
            "19"),
        new(
            "assessment",
            Case + "/assessments/6m",
            """{"assessedOn":"2024-07-01","nrs":6,"pdiItems":{"familyHome":1,"recreation":2,"social":3,"occupation":4,"sexual":5,"selfCare":6,"lifeSupport":7},"mode":"clinic"}""",
            [
                """{"mode":"clinic","pdi":28,"pdiItems":{"lifeSupport":7,"selfCare":6,"sexual":5,"occupation":4,"social":3,"recreation":2,"familyHome":1},"nrs":6,"assessedOn":"2024-07-01"}""",
                """{"timepoint":"6m","assessedOn":"2024-07-01","nrs":6,"pdi":28,"pdiItems":{"familyHome":1,"recreation":2,"social":3,"occupation":4,"sexual":5,"selfCare":6,"lifeSupport":7},"mode":"clinic"}""",
            ],
            """{"assessedOn":"2024-07-01","nrs":5,"pdiItems":{"familyHome":1,"recreation":2,"social":3,"occupation":4,"sexual":5,"selfCare":6,"lifeSupport":7},"mode":"clinic"}""",
            "nrs",
            "6",
            "5"),
        new(
            "event",
            Case + "/events/{key}",
            """{"type":"trial-ended","occurredOn":"2024-01-10","outcome":"succeeded","reliefPercent":60,"threshold":50}""",
            ["""{"threshold":50,"reliefPercent":60,"outcome":"succeeded","occurredOn":"2024-01-10","type":"trial-ended"}"""],
            """{"type":"trial-ended","occurredOn":"2024-01-10","outcome":"succeeded","reliefPercent":55,"threshold":50}""",
            "reliefPercent",
            "60",
            "55"),
        new(
            "adverse event",
            Case + "/adverse-events/{key}",
            """{"category":"hardware-related","term":"lead-migration","onsetOn":"2024-03-01","severity":"mild","serious":false,"resolvedOn":"2024-03-05"}""",
            ["""{"serious":false,"severity":"mild","resolvedOn":"2024-03-05","onsetOn":"2024-03-01","term":"lead-migration","category":"hardware-related"}"""],
            """{"category":"hardware-related","term":"lead-migration","onsetOn":"2024-03-01","severity":"severe","serious":false,"resolvedOn":"2024-03-05"}""",
            "severity",
            "\"mild\"",
            "\"severe\""),
        new(
            "cost",
            Case + "/costs/{key}",
            """{"category":"device","amount":100,"currency":"EUR","priceYear":2024,"incurredOn":"2024-01-10"}""",
            [
                """{"category":"device","amount":100.00,"currency":"EUR","priceYear":2024,"incurredOn":"2024-01-10"}""",
                """{"incurredOn":"2024-01-10","priceYear":2024,"currency":"EUR","amount":1.00e2,"category":"device"}""",
                """{"category":"device","amount":100.0000000000000000000000000000000000,"currency":"EUR","priceYear":2024,"incurredOn":"2024-01-10"}""",
            ],
            """{"category":"device","amount":100.01,"currency":"EUR","priceYear":2024,"incurredOn":"2024-01-10"}""",
            "amount",
            "100",
            "100.01"),
        new(
            "stay",
            Case + "/stays/{key}",
            """{"admittedOn":"2024-01-09","dischargedOn":"2024-01-14"}""",
            ["""{ "dischargedOn" : "2024-01-14", "admittedOn" : "2024-01-09" }"""],
            """{"admittedOn":"2024-01-09","dischargedOn":"2024-01-15"}""",
            "dischargedOn",
            "\"2024-01-14\"",
            "\"2024-01-15\""),
    ];

    public override string ToString() => Name;

    /// <summary>A path of this kind that was never used; what it lies under is recorded.</summary>
    internal async Task<string> NewAddress(ApiClient api)
    {
        var (site, @case) = (Sample.Key("site"), Sample.Key("case"));
        if (Path.Contains("{case}", StringComparison.Ordinal))
        {
            (await api.Put("/sites/" + site, Sample.Site)).Expect(201);
        }

        if (Path.StartsWith(Case + "/", StringComparison.Ordinal))
        {
            (await api.Put($"/sites/{site}/cases/{@case}", Sample.Case("scs"))).Expect(201);
        }

        return Path.Replace("{site}", site, StringComparison.Ordinal)
            .Replace("{case}", @case, StringComparison.Ordinal)
            .Replace("{key}", Sample.Key("key"), StringComparison.Ordinal);
    }
}
