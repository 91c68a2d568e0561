using NUnit.Framework;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Unit.Analysis;

/// <summary>
/// Rows that are derived change by change, each time from the rows before it, are those derived from everything at once: in
/// whatever order a person's records arrive, are retracted and arrive again.
/// </summary>
public sealed class IncrementalDerivationTests
{
    private const int ByDefault = 25;

    [Test]
    public void Gives_what_is_derived_from_scratch()
    {
        for (var seed = 1; seed <= CampaignSize.Registries(ByDefault); seed++)
        {
            var random = new Random(seed);
            foreach (var whole in RecordedPerson.In(RandomRegistry.Make(seed, 6)))
            {
                var (now, rows) = (whole with { Cases = [] }, PersonAnalysis.None);
                foreach (var (number, change) in Changes(whole, random))
                {
                    now = Changed(now, whole, number, change);
                    rows = Derivation.Derive(now, rows);
                    AssertSame(
                        rows, Derivation.Derive(now), () => $"seed {seed}, {whole.Site} {whole.Cases[0].Chart.Case.Patient.Reference}");
                }

                AssertSame(Derivation.Derive(now), Derivation.Derive(whole), () => $"seed {seed}: everything has arrived");
            }
        }
    }

    /// <summary>Every record in a random order, by case; some are retracted at once and arrive again later.</summary>
    private static IEnumerable<(int Case, Change Change)> Changes(Person person, Random random)
    {
        var changes = (from one in person.Cases
                       from change in Records(one.Chart)
                       select (one.Number, Change: change)).ToArray();
        random.Shuffle(changes);
        var again = new List<(int, Change)>();
        foreach (var (number, change) in changes)
        {
            yield return (number, change);
            if (random.Next(6) == 0)
            {
                yield return (number, change with { IsRetraction = true });
                again.Add((number, change));
            }
        }

        foreach (var late in again)
        {
            yield return late;
        }
    }

    private static IEnumerable<Change> Records(CaseChart chart) =>
    [
        new Change(nameof(CaseChart.Case), string.Empty),
        .. chart.Events.Keys.Select(key => new Change(nameof(CaseChart.Events), key)),
        .. chart.Assessments.Keys.Select(key => new Change(nameof(CaseChart.Assessments), key.ToString())),
        .. chart.AdverseEvents.Keys.Select(key => new Change(nameof(CaseChart.AdverseEvents), key)),
        .. chart.Costs.Keys.Select(key => new Change(nameof(CaseChart.Costs), key)),
        .. chart.Stays.Keys.Select(key => new Change(nameof(CaseChart.Stays), key)),
    ];

    /// <summary>The person after one change; the charts of the other cases are the same objects.</summary>
    private static Person Changed(Person now, Person whole, int number, Change change)
    {
        var source = whole.Cases.Single(one => one.Number == number);

        // A case is there with the first record under it; its preceding case is stated only once its own record arrives.
        var unlinked = source.Chart.Case with { PrecedingCase = null };
        var one = now.Cases.SingleOrDefault(other => other.Number == number) ?? source with { Chart = CaseChart.Of(unlinked) };
        var chart = change.Kind switch
        {
            nameof(CaseChart.Case) => one.Chart with { Case = change.IsRetraction ? unlinked : source.Chart.Case },
            nameof(CaseChart.Events) => one.Chart with { Events = With(one.Chart.Events, source.Chart.Events, change.Key, change) },
            nameof(CaseChart.Assessments) => one.Chart with
            {
                Assessments = With(one.Chart.Assessments, source.Chart.Assessments, Enum.Parse<Timepoint>(change.Key), change),
            },
            nameof(CaseChart.AdverseEvents) =>
                one.Chart with { AdverseEvents = With(one.Chart.AdverseEvents, source.Chart.AdverseEvents, change.Key, change) },
            nameof(CaseChart.Costs) => one.Chart with { Costs = With(one.Chart.Costs, source.Chart.Costs, change.Key, change) },
            _ => one.Chart with { Stays = With(one.Chart.Stays, source.Chart.Stays, change.Key, change) },
        };
        return now with
        {
            Cases = [.. now.Cases.Where(other => other.Number != number).Append(one with { Chart = chart }).OrderBy(other => other.Number)],
        };
    }

    private static Dictionary<TKey, T> With<TKey, T>(
        IReadOnlyDictionary<TKey, T> present, IReadOnlyDictionary<TKey, T> all, TKey key, Change change)
        where TKey : notnull
    {
        var records = present.ToDictionary();
        if (change.IsRetraction)
        {
            records.Remove(key);
        }
        else
        {
            records[key] = all[key];
        }

        return records;
    }

    private static void AssertSame(PersonAnalysis rows, PersonAnalysis expected, Func<string> where)
    {
        Assert.That(rows.Cases.Keys, Is.EquivalentTo(expected.Cases.Keys), where);
        foreach (var (number, one) in expected.Cases)
        {
            var (ours, theirs) = (rows.Cases[number].Rows, one.Rows);
            var isSame = ours.Cases.SequenceEqual(theirs.Cases)
                && ours.Visits.SequenceEqual(theirs.Visits)
                && ours.Responses.SequenceEqual(theirs.Responses)
                && ours.Costs.SequenceEqual(theirs.Costs)
                && ours.Stays.SequenceEqual(theirs.Stays)
                && ours.AdverseEvents.SequenceEqual(theirs.AdverseEvents);
            Assert.That(isSame, Is.True, where);
        }
    }

    /// <summary>A record that arrives, or is retracted.</summary>
    private sealed record Change(string Kind, string Key, bool IsRetraction = false);
}
