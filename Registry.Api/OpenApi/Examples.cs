namespace Registry.Api.OpenApi;

/// <summary>The worked examples of the contract. A test sends each of them.</summary>
internal static class Examples
{
    public const string Site = """{ "name": "Reference case series (Jin et al.)", "country": "CN", "timeZone": "Asia/Shanghai" }""";

    public const string Case = """
        {
          "patient": { "reference": "P-01", "sex": "male", "birthYear": 1961 },
          "procedure": "scs",
          "indication": "postherpetic-neuralgia",
          "painSide": "right",
          "painLevels": ["T9"],
          "painDurationMonths": 24
        }
        """;

    public const string Event = """{ "type": "trial-started", "occurredOn": "2021-03-08", "lead": "percutaneous" }""";

    public const string Assessment = """{ "assessedOn": "2023-04-01", "nrs": 3, "pdi": 20, "mode": "clinic" }""";

    public const string AssessmentByDate = """
        {
          "assessedOn": "2021-07-01",
          "nrs": 3,
          "pdiItems": { "familyHome": 3, "recreation": 4, "social": 2, "occupation": 4, "sexual": 3, "selfCare": 1, "lifeSupport": 1 }
        }
        """;

    public const string AdverseEvent = """
        { "category": "hardware-related", "term": "lead-migration", "onsetOn": "2021-05-10", "severity": "moderate", "serious": false, "resolvedOn": "2021-05-28" }
        """;

    public const string Cost =
        """{ "category": "device", "amount": 105000, "currency": "CNY", "priceYear": 2023, "incurredOn": "2021-04-01" }""";

    public const string Stay = """{ "admittedOn": "2021-03-06", "dischargedOn": "2021-03-24" }""";

    public const string RecordBatch = """
        {
          "dryRun": true,
          "items": [
            { "kind": "assessment", "site": "reference", "case": "PHN-01-SCS", "timepoint": "12m", "assessedOn": "2022-04-01", "nrs": 3, "pdi": 24 },
            { "kind": "cost", "site": "reference", "case": "PHN-01-SCS", "cost": "follow-up-1", "category": "follow-up", "amount": 120, "currency": "CNY", "priceYear": 2023 }
          ]
        }
        """;

    public const string SavedCohort = """
        { "title": "Women with a percutaneous lead", "shared": true, "filter": { "sex": ["female"], "procedure": ["scs", "drg"], "lead": "percutaneous" } }
        """;

    public const string Snapshot = """{ "asOf": "2024-12-31" }""";

    public const string Sheet = "site,case,timepoint,assessedOn,nrs,pdi\r\nreference,PHN-01-SCS,12m,2022-04-01,3,24\r\n";

    public const string Key =
        """{ "role": "site", "site": "reference", "name": "Reference Hospital, integration engine", "expiresOn": "2099-12-31" }""";

    public const string Batch = """
        {
          "mode": "each",
          "dryRun": true,
          "items": [
            { "site": "reference", "case": "PHN-01-SCS", "timepoint": "12m", "assessedOn": "2022-04-01", "nrs": 3, "pdi": 24 },
            { "site": "reference", "case": "PHN-02-SCS", "timepoint": "12m", "notDone": "declined" }
          ]
        }
        """;
}
