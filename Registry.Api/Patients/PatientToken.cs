using System.Globalization;
using Registry.Api.Data;

namespace Registry.Api.Patients;

/// <summary>
/// The patient in the stored content of a case. The reference itself is in the table <c>person</c> alone, so that it can be erased
/// there: the content has <c>#</c> and the number of the person in its place. No reference looks like that.
/// </summary>
internal static class PatientToken
{
    private const string Before = "{\"patient\":{\"reference\":\"";
    private const char Mark = '#';

    // A server takes 2,100 parameters a command.
    private const int MostAtOnce = 1000;

    private static readonly Statement ReferenceOf = new("SELECT patient_reference FROM person WHERE person_id = @p0");

    /// <summary>The content as it is stored: with the number of the person in the place of the reference.</summary>
    /// <exception cref="InvalidOperationException">It is not the canonical content of a case.</exception>
    public static string Hide(string content, int person) =>
        Replace(content, string.Create(CultureInfo.InvariantCulture, $"{Mark}{person}"));

    /// <summary>The content as it is shown: with the reference in its place.</summary>
    public static string Show(string content, string reference) => Replace(content, reference);

    /// <summary>The patient that a content names: a reference, or a stored token.</summary>
    public static string PatientIn(string content)
    {
        if (!content.StartsWith(Before, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The content of a case has to begin with its patient.");
        }

        return content[Before.Length..content.IndexOf('"', Before.Length)];
    }

    /// <summary>The number of the person that a stored content names; null for the content of anything but a case.</summary>
    public static int? PersonIn(string content) =>
        content.StartsWith(Before, StringComparison.Ordinal) && PatientIn(content) is [Mark, ..] token
            ? int.Parse(token.AsSpan(1), CultureInfo.InvariantCulture)
            : null;

    /// <summary>The reference of a person; null when there is no such person.</summary>
    public static async ValueTask<string?> Reference(Session session, int person) =>
        await session.Rows(ReferenceOf, static row => row.GetString(0), person) is [var reference] ? reference : null;

    /// <summary>The references of all persons that stored contents name.</summary>
    public static async Task<IReadOnlyDictionary<int, string>> References(Session session, IEnumerable<string> contents)
    {
        var references = new Dictionary<int, string>();
        foreach (var persons in contents.Select(PersonIn).OfType<int>().Distinct().Chunk(MostAtOnce))
        {
            foreach (var row in await session.Query<Row>(
                "SELECT person_id AS Person, patient_reference AS Reference FROM person WHERE person_id IN @persons", new { persons }))
            {
                references.Add(row.Person, row.Reference);
            }
        }

        return references;
    }

    /// <summary>The content as it is shown, given the references of persons.</summary>
    public static string Show(string content, IReadOnlyDictionary<int, string> references) =>
        PersonIn(content) is { } person && references.TryGetValue(person, out var reference) ? Show(content, reference) : content;

    private static string Replace(string content, string patient) =>
        string.Concat(Before, patient, content.AsSpan(Before.Length + PatientIn(content).Length));

    private sealed record Row
    {
        public int Person { get; init; }
        public string Reference { get; init; } = string.Empty;
    }
}
