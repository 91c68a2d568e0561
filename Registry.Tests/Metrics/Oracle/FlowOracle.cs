using Registry.Domain.Cases;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>The flow chart: in which boxes each case is.</summary>
internal static class FlowOracle
{
    private static readonly string[] Boxes =
    [
        "enrolled", "notStarted", "trialled", "trialFailed", "trialSucceeded", "trialUndecided", "leftBeforeImplant", "declined",
        "awaitingImplant", "implanted", "implantedWithoutTrial", "explanted", "permanentlyExplanted", "reimplanted", "crossedOver",
        "operatedFirst", "operatedAfterTrial", "died", "lost", "withdrawn",
    ];

    public static IEnumerable<ExpectedRow> Rows(Cohort cohort)
    {
        foreach (var (group, members) in cohort.Groups())
        {
            var boxes = members.SelectMany(one => BoxesOf(one)).ToLookup(box => box);
            yield return new ExpectedRow(
                [("procedure", group)],
                [
                    ("patients", members.Select(one => (one.Recorded.Site, one.Record.Patient.Reference)).Distinct().LongCount()),
                    .. Boxes.Select(box => (box, (object?)boxes[box].LongCount())),
                ]);
        }
    }

    private static IEnumerable<string> BoxesOf(CaseOnADay one)
    {
        yield return "enrolled";
        if (!one.HasEntered)
        {
            yield return "notStarted";
        }

        if (one.TrialStart is not null)
        {
            yield return "trialled";
            foreach (var box in AfterTrial(one))
            {
                yield return box;
            }
        }

        if (one.FirstImplant is not null)
        {
            yield return "implanted";
            if (one.TrialStart is null)
            {
                yield return "implantedWithoutTrial";
            }

            if (one.Of(EventType.Explanted).Any())
            {
                yield return "explanted";
            }

            if (one.PermanentExplant is not null)
            {
                yield return "permanentlyExplanted";
            }

            // Of the first day one implant is the first, and any other one is again.
            var explants = one.Of(EventType.Explanted).Select(explant => explant.OccurredOn).ToList();
            var again = one.Of(EventType.Implanted).Select(implant => implant.OccurredOn).Order().Skip(1);
            if (again.Any(implant => explants.Any(explant => explant <= implant)))
            {
                yield return "reimplanted";
            }
        }

        if (one.Lesion is not null)
        {
            yield return one.Record.PrecedingCase is null ? "operatedFirst" : "operatedAfterTrial";
        }

        foreach (var (box, on) in new[]
        {
            ("crossedOver", one.Crossover),
            ("died", one.Death),
            ("lost", one.Loss),
            ("withdrawn", one.Withdrawal),
        })
        {
            if (on is not null)
            {
                yield return box;
            }
        }
    }

    private static IEnumerable<string> AfterTrial(CaseOnADay one)
    {
        if (one.TrialEnd is not { Outcome: TrialOutcome.Succeeded } end)
        {
            return [one.TrialEnd is null ? "trialUndecided" : "trialFailed"];
        }

        if (one.IsTreated)
        {
            return ["trialSucceeded"];
        }

        var hasLeft = one.Death is not null || one.Loss is not null || one.Withdrawal is not null || one.Crossover is not null;
        var days = one.CutOff.DayNumber - end.OccurredOn.DayNumber;
        return ["trialSucceeded", hasLeft ? "leftBeforeImplant" : days >= CaseOnADay.DaysOfTrial ? "declined" : "awaitingImplant"];
    }
}
