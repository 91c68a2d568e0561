using Microsoft.OpenApi;

namespace Registry.Api.OpenApi;

/// <summary>The chapters of the contract, in the order in which one reads them.</summary>
internal static class Tags
{
    // By the last word of the path that is here.
    private static readonly (string Word, string Name, string Meaning)[] All =
    [
        ("sites", "Sites", "The hospitals that record."),
        ("changes", "Sites", string.Empty),
        ("cases", "Cases", "One patient and one procedure intent, and everything recorded under it."),
        ("events", "Treatment events", "Trial, implant, operation, explant, death: what moves a case along."),
        ("assessments", "Assessments", "Pain scores at baseline and at the follow-ups, or why there are none."),
        ("adverse-events", "Adverse events", "What went wrong, coded, with severity and dates."),
        ("costs", "Costs", "What was paid, in the currency and at the prices of its year."),
        ("stays", "Stays", "Stays in hospital."),
        ("batch", "Batches", "Many records of many cases in one call."),
        ("follow-ups", "Follow-ups", "The work list: visits that are due or overdue."),
        ("summaries", "Summaries", "The figures, each with its denominator, interval and analysis set."),
        ("cohorts", "Cohorts", "The cases themselves, one row each, for analysis."),
        ("snapshots", "Cohorts", string.Empty),
        ("patients", "Patients", "Erasing a patient's reference."),
        ("fhir", "FHIR", "HL7 FHIR R4: single scores as Observations, questionnaires, and Bundles of them."),
        ("codebook", "Codebook", "What every variable means."),
        ("keys", "Keys", "Who may read and write."),
        ("audit", "Audit trail", "Who did what and when, chained so that tampering shows."),
        ("health", "Operations", "Whether the program runs and can work, and how much it does."),
        ("metrics", "Operations", string.Empty),
    ];

    /// <summary>The chapter of an operation.</summary>
    public static string Of(string path)
    {
        var words = path.Split('/');
        return words.Contains("summaries") ? "Summaries"
            : words.Contains("cohorts") ? "Cohorts"
            : words.Select(word => All.FirstOrDefault(tag => tag.Word == word).Name).LastOrDefault(name => name is not null)
                ?? "Operations";
    }

    /// <summary>The chapters that a contract has, with what they are about.</summary>
    public static ISet<OpenApiTag> In(OpenApiDocument document)
    {
        var used = document.Paths.Values.SelectMany(path => path.Operations!.Values)
            .SelectMany(operation => operation.Tags!)
            .Select(tag => tag.Reference.Id)
            .ToHashSet();
        return All.Where(tag => tag.Meaning.Length > 0 && used.Contains(tag.Name))
            .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Meaning })
            .ToHashSet();
    }
}
