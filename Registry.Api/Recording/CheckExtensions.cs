using Registry.Domain.Cases;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>Small helpers by which records are checked against the chart of their case.</summary>
internal static class CheckExtensions
{
    /// <summary>A copy with one entry added or replaced.</summary>
    public static IReadOnlyDictionary<TKey, TValue> With<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> entries, TKey key, TValue value)
        where TKey : notnull => new Dictionary<TKey, TValue>(entries) { [key] = value };

    /// <summary>A copy without one entry.</summary>
    public static IReadOnlyDictionary<TKey, TValue> Without<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> entries, TKey key)
        where TKey : notnull => entries.Where(pair => !pair.Key.Equals(key)).ToDictionary();

    /// <summary>The contradictions that a change brings into the chart of the case.</summary>
    public static IEnumerable<Contradiction> NewContradictions(this Dossier dossier, Func<CaseChart, CaseChart> change) =>
        change(dossier.Chart).Contradictions().Except(dossier.Chart.Contradictions());

    /// <summary>The contradiction as a fault of the member that the sender has to look at.</summary>
    public static Fault AsFault(this Contradiction broken, string where) => new(where, broken.Code, broken.Detail, broken.Value, broken.Allowed);

    /// <summary>The faults of dates that lie before the patient was born.</summary>
    public static IReadOnlyList<Fault> BeforeBirth(this Dossier dossier, params (string Where, DateOnly? Day)[] days) =>
        BeforeBirth(dossier.Chart.Case.Patient, days);

    /// <summary>The faults of dates that lie before <paramref name="patient"/> was born.</summary>
    public static IReadOnlyList<Fault> BeforeBirth(this Patient patient, params (string Where, DateOnly? Day)[] days) =>
    [
        .. from date in days
           where date.Day is { } day && CaseChart.IsBeforeBirth(patient, day)
           select new Fault(
               date.Where,
               "before-birth-year",
               FormattableString.Invariant($"{date.Day:yyyy-MM-dd} lies before the patient's year of birth, {patient.BirthYear}."),
               FormattableString.Invariant($"{date.Day:yyyy-MM-dd}"),
               FormattableString.Invariant($"from {patient.BirthYear}-01-01")),
    ];
}
