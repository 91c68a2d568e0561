using System.Globalization;
using System.Text.Json.Nodes;

namespace Registry.Tests.Support;

/// <summary>
/// Random histories of cases that can be true, as the requests that record them: each is taken once everything before
/// it in the list is recorded. The same seed gives the same histories.
/// </summary>
internal sealed class ValidHistories(int seed, string site)
{
    private static readonly string[] FollowUps = ["post-op", "1m", "3m", "6m", "12m", "24m"];
    private static readonly int[] TargetDays = [7, 30, 91, 183, 365, 730];

    private readonly Random _random = new(seed);
    private readonly List<(string Path, string Body)> _requests = [];

    // A case starts no earlier than the one it follows.
    private DateOnly _startBefore;

    /// <summary>The requests, in an order in which each is taken at once.</summary>
    public static IReadOnlyList<(string Path, string Body)> Of(int seed, string site, int cases)
    {
        var histories = new ValidHistories(seed, site);
        histories._requests.Add(("/sites/" + site, Sample.Site));
        string? before = null;
        for (var number = 0; number < cases; number++)
        {
            before = histories.Case(number, before);
        }

        return histories._requests;
    }

    private string Case(int number, string? before)
    {
        var procedure = Any("scs", "scs", "drg", "drez", "cordotomy");
        var key = FormattableString.Invariant($"case-{number}");
        var path = $"/sites/{site}/cases/{key}";
        var follows = before is not null && Chance(25);
        var patient = follows ? _requests.First(request => request.Path.EndsWith("/" + before, StringComparison.Ordinal)).Body : null;
        _requests.Add((path, Sample.Case(
            procedure,
            patient: patient is null ? "P-" + number : JsonNode.Parse(patient)!["patient"]!["reference"]!.GetValue<string>(),
            preceding: follows ? before : null)));

        var start = follows ? _startBefore.AddDays(_random.Next(100)) : new DateOnly(2021, 1, 1).AddDays(_random.Next(700));
        _startBefore = start;
        var zero = procedure is "scs" or "drg" ? Device(path, start) : Lesion(path, start);
        Assess(path, "baseline", start.AddDays(-_random.Next(30)), 6, 11);
        for (var index = 0; index < FollowUps.Length; index++)
        {
            if (Chance(70))
            {
                Assess(path, FollowUps[index], zero.AddDays(Math.Max(0, TargetDays[index] + _random.Next(-20, 20))), 0, 11);
            }
        }

        if (Chance(15))
        {
            _requests.Add((path + "/events/death", Sample.Event("died", Iso(zero.AddDays(850)))));
        }

        if (Chance(50))
        {
            _requests.Add((path + "/costs/c", FormattableString.Invariant(
                $$"""{"category":"operation","amount":{{_random.Next(1000)}}.5,"currency":"EUR","priceYear":2024}""")));
            _requests.Add(
                (path + "/stays/s", $$"""{"admittedOn":"{{Iso(start)}}","dischargedOn":"{{Iso(start.AddDays(_random.Next(9)))}}"}"""));
            _requests.Add((path + "/adverse-events/a",
                $$"""{"category":"surgical","term":"bleeding","onsetOn":"{{Iso(start)}}","severity":"mild","serious":false}"""));
        }

        return key;
    }

    private DateOnly Lesion(string path, DateOnly day)
    {
        _requests.Add((path + "/events/operation", Sample.Event("lesioned", Iso(day))));
        return day;
    }

    private DateOnly Device(string path, DateOnly start)
    {
        _requests.Add((path + "/events/trial", Sample.Event("trial-started", Iso(start))));
        if (Chance(30))
        {
            _requests.Add((path + "/events/end", Sample.Event("trial-failed", Iso(start.AddDays(7)))));
            return start;
        }

        var implant = start.AddDays(7 + _random.Next(30));
        _requests.Add((path + "/events/end", Sample.Event("trial-ended", Iso(start.AddDays(7)))));
        _requests.Add((path + "/events/implant", Sample.Event("implanted", Iso(implant))));
        if (Chance(30))
        {
            _requests.Add((path + "/events/out", Sample.Event("explanted-for-now", Iso(implant.AddDays(100)))));
            _requests.Add((path + "/events/again", Sample.Event("implanted", Iso(implant.AddDays(150)))));
            _requests.Add((path + "/events/revision", Sample.Event("revised", Iso(implant.AddDays(120 + _random.Next(100))))));
        }

        if (Chance(25))
        {
            _requests.Add((path + "/events/final", Sample.Event("explanted", Iso(implant.AddDays(300)))));
        }

        return implant;
    }

    private void Assess(string path, string timepoint, DateOnly day, int low, int high) =>
        _requests.Add(($"{path}/assessments/{timepoint}",
            Chance(10) ? """{"notDone":"declined"}""" : Sample.Assessment(Iso(day), _random.Next(low, high))));

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Any(params string[] values) => values[_random.Next(values.Length)];

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
