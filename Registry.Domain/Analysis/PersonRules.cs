using System.Globalization;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>
/// What contradicts what among the cases of one person. As within one case, every rule is about what is recorded, never
/// about the order of arrival.
/// </summary>
public static class PersonRules
{
    /// <summary>The most cases that one chain of preceding cases can hold, inclusive.</summary>
    public const int MostCasesOfPathway = 6;

    /// <summary>The contradictions among the cases; none for a person that can exist.</summary>
    public static IEnumerable<Contradiction> Contradictions(Person person) =>
        person.Cases.Count <= 1 ? Links(person) : Identity(person).Concat(Deaths(person)).Concat(AfterDeath(person)).Concat(Links(person));

    // Sex 'unknown' contradicts nothing.
    private static IEnumerable<Contradiction> Identity(Person person)
    {
        var known = person.Cases.FirstOrDefault(one => one.Chart.Case.Patient.Sex != Sex.Unknown);
        var first = person.Cases[0];
        foreach (var one in person.Cases)
        {
            var patient = one.Chart.Case.Patient;
            if (known is not null && patient.Sex != Sex.Unknown && patient.Sex != known.Chart.Case.Patient.Sex)
            {
                yield return Differs(ContradictionAbout.Sex, known, one, Code.Of(known.Chart.Case.Patient.Sex), Code.Of(patient.Sex));
            }

            if (patient.BirthYear != first.Chart.Case.Patient.BirthYear)
            {
                yield return Differs(
                    ContradictionAbout.BirthYear,
                    first,
                    one,
                    FormattableString.Invariant($"{first.Chart.Case.Patient.BirthYear}"),
                    FormattableString.Invariant($"{patient.BirthYear}"));
            }
        }
    }

    private static Contradiction Differs(ContradictionAbout about, PersonCase one, PersonCase other, string here, string there) => new(
        "patient-differs",
        $"Patient '{one.Chart.Case.Patient.Reference}' is recorded with {here} in case '{one.Code}' and with {there} in case "
            + $"'{other.Code}'.",
        About: about);

    private static IEnumerable<Contradiction> Deaths(Person person)
    {
        var deaths = Of(person, EventType.Died).ToList();
        foreach (var death in deaths.Skip(1).Where(death => death.Day != deaths[0].Day))
        {
            yield return new Contradiction(
                "died-twice",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A person dies once: case '{deaths[0].Case.Code}' records the death on {deaths[0].Day:yyyy-MM-dd}, and case "
                        + $"'{death.Case.Code}' on {death.Day:yyyy-MM-dd}."));
        }
    }

    // Within one case the rules of the chart say the same.
    private static IEnumerable<Contradiction> AfterDeath(Person person)
    {
        foreach (var death in Of(person, EventType.Died))
        {
            foreach (var one in person.Cases.Where(one => one.Code != death.Case.Code))
            {
                foreach (var (key, happened) in one.Chart.Events.Where(
                    pair => pair.Value.Type != EventType.Died && pair.Value.OccurredOn > death.Day))
                {
                    yield return new Contradiction(
                        "event-out-of-order",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{Code.Of(happened.Type)} '{key}' of case '{one.Code}' on {happened.OccurredOn:yyyy-MM-dd} cannot come after "
                                + $"the death on {death.Day:yyyy-MM-dd}, recorded in case '{death.Case.Code}'."));
                }
            }
        }
    }

    private static IEnumerable<Contradiction> Links(Person person)
    {
        var byCode = person.Cases.ToDictionary(one => one.Code);
        var firsts = new Dictionary<CaseCode, int>();
        foreach (var one in person.Cases)
        {
            if (First(one, byCode) is not { } first)
            {
                yield return new Contradiction(
                    "circle-of-cases", $"Case '{one.Code}' would precede itself.", About: ContradictionAbout.PrecedingCase);
                yield break;
            }

            firsts[first] = firsts.GetValueOrDefault(first) + 1;
            if (firsts[first] == MostCasesOfPathway + 1)
            {
                yield return new Contradiction(
                    "pathway-too-long",
                    FormattableString.Invariant(
                        $"The pathway that begins with case '{first}' would hold more than {MostCasesOfPathway} cases."),
                    Allowed: FormattableString.Invariant($"up to {MostCasesOfPathway} cases"),
                    About: ContradictionAbout.PrecedingCase);
            }

            if (one.Chart.Case.PrecedingCase is { } code
                && byCode.TryGetValue(code, out var preceding)
                && preceding.Chart.TreatmentStart is { } earlier
                && one.Chart.TreatmentStart is { } later
                && earlier > later)
            {
                yield return new Contradiction(
                    "preceding-case-started-later",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Case '{code}' precedes case '{one.Code}', but it started later: on {earlier:yyyy-MM-dd}, and '{one.Code}' on "
                            + $"{later:yyyy-MM-dd}."),
                    About: ContradictionAbout.PrecedingCase);
            }
        }
    }

    // The first case of the chain; null when the chain is a circle.
    private static CaseCode? First(PersonCase one, Dictionary<CaseCode, PersonCase> byCode)
    {
        for (var steps = 0; steps <= byCode.Count; steps++)
        {
            if (one.Chart.Case.PrecedingCase is not { } code || !byCode.TryGetValue(code, out var preceding))
            {
                return one.Code;
            }

            one = preceding;
        }

        return null;
    }

    private static IEnumerable<(PersonCase Case, DateOnly Day)> Of(Person person, EventType type) =>
        from one in person.Cases
        from happened in one.Chart.Events.Values
        where happened.Type == type
        select (one, happened.OccurredOn);
}
