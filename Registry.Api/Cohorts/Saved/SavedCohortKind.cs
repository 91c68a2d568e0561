using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;

namespace Registry.Api.Cohorts.Saved;

/// <summary>Saved cohorts, as a kind of record: written by the same rule as all others.</summary>
internal sealed class SavedCohortKind : RecordKind<SavedCohort>
{
    /// <summary>The one there is.</summary>
    public static readonly SavedCohortKind Instance = new();

    public override string Name => "saved-cohort";

    public override string? RouteKey => null;

    public override bool IsUnderSite => false;

    public override string PathOf(RecordAddress address) => $"/api/v1/cohorts/{address.Code}";

    public override string PointerOf(ContradictionAbout about) => string.Empty;

    protected override SavedCohort? Read(FieldReader fields, string? code)
    {
        var (title, description) = (Text("title", SavedCohort.LongestTitle), Text("description", SavedCohort.LongestDescription));
        var shared = fields.Flag("shared") ?? false;
        var filter = SavedFilter.Read(fields);
        return filter is null ? null : new SavedCohort { Title = title, Description = description, Shared = shared, Filter = filter };

        string? Text(string name, int longest) => fields.Text(
            name,
            text => text.Length > 0 && text.Length <= longest && text.Trim() == text && !text.Any(char.IsControl),
            "not-a-text",
            FormattableString.Invariant($"1 to {longest} characters, no control characters, no space at either end"));
    }
}
