namespace Registry.Api.OpenApi;

/// <summary>The worked examples of the contract. A test sends each of them.</summary>
internal static class Examples
{
    public const string Site = """{ "name": "Reference Hospital", "country": "CN", "timeZone": "Asia/Shanghai" }""";

    public const string Case = """
        {
          "patient": { "reference": "P-001", "sex": "male", "birthYear": 1962 },
          "procedure": "scs",
          "indication": "postherpetic-neuralgia",
          "painSide": "right",
          "painLevels": ["T8", "T9"],
          "painDurationMonths": 24
        }
        """;

    public const string Event = """{ "type": "trial-started", "occurredOn": "2024-01-10", "lead": "percutaneous" }""";

    public const string Assessment = """{ "assessedOn": "2024-01-08", "nrs": 8, "pdi": 52, "mode": "clinic" }""";

    public const string AssessmentByDate = """
        {
          "assessedOn": "2024-01-09",
          "nrs": 8,
          "pdiItems": { "familyHome": 8, "recreation": 7, "social": 7, "occupation": 9, "sexual": 6, "selfCare": 7, "lifeSupport": 8 }
        }
        """;

    public const string AdverseEvent = """
        { "category": "hardware-related", "term": "lead-migration", "onsetOn": "2024-03-02", "severity": "moderate", "serious": false, "resolvedOn": "2024-03-20" }
        """;

    public const string Cost = """{ "category": "device", "amount": 96500.00, "currency": "CNY", "priceYear": 2023, "incurredOn": "2024-02-01" }""";

    public const string Stay = """{ "admittedOn": "2024-01-09", "dischargedOn": "2024-01-27" }""";

    public const string Key = """{ "role": "site", "site": "reference", "name": "Reference Hospital, integration engine", "expiresOn": "2099-12-31" }""";

    public const string Batch = """
        {
          "mode": "each",
          "dryRun": true,
          "items": [
            { "site": "reference", "case": "PHN-001", "timepoint": "12m", "assessedOn": "2024-12-20", "nrs": 3, "pdi": 24 },
            { "site": "reference", "case": "PHN-002", "timepoint": "12m", "notDone": "declined" }
          ]
        }
        """;
}
