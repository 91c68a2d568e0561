using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Fhir;

/// <summary>
/// One condition on a point or stretch of time, as FHIR writes it: a prefix, and a date or instant that may leave out its finer parts.
/// </summary>
/// <param name="Prefix">eq, ge, gt, le or lt.</param>
/// <param name="From">The first instant that the value means, inclusive.</param>
/// <param name="To">The instant after the last one, exclusive.</param>
internal sealed partial record TimeCondition(string Prefix, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The form of a value.</summary>
    public const string Pattern =
        @"^(eq|ge|gt|le|lt)?\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?([Zz]|[+ -]\d{2}:\d{2})?)?)?)?$";

    /// <summary>Reads a value of the right form; null for a day or hour that there is not.</summary>
    public static TimeCondition? Parse(string text)
    {
        var (prefix, value) = char.IsAsciiDigit(text[0]) ? ("eq", text) : (text[..2], text[2..]);
        // A plus sign that was not encoded arrives as a blank.
        value = value.Length > 10 ? value[..10] + "T" + value[11..].Replace(' ', '+') : value;
        var whole = value + "0001-01-01"[Math.Min(value.Length, 10)..];
        if (!DateTimeOffset.TryParse(whole, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from) || from.Year > 9000)
        {
            return null;
        }

        return new TimeCondition(prefix, from, value.Length switch
        {
            4 => from.AddYears(1),
            7 => from.AddMonths(1),
            10 => from.AddDays(1),
            _ when Seconds().Match(value) is { Success: true } seconds =>
                from.AddTicks(seconds.Groups["part"].Success ? 1 : TimeSpan.TicksPerSecond),
            _ => from.AddMinutes(1),
        });
    }

    /// <summary>Whether an instant meets the condition.</summary>
    public bool Holds(DateTimeOffset at) => Prefix switch
    {
        "ge" => at >= From,
        "gt" => at >= To,
        "le" => at < To,
        "lt" => at < From,
        _ => at >= From && at < To,
    };

    /// <summary>The condition on the days: a time of day says which day it is where it was stated.</summary>
    public TimeCondition OnDays()
    {
        var (first, last) = (Midnight(From), Midnight(To.AddTicks(-1)));
        return this with { From = first, To = last.AddDays(1) };
    }

    private static DateTimeOffset Midnight(DateTimeOffset at) => new(at.DateTime.Date, TimeSpan.Zero);

    [GeneratedRegex(@"T\d{2}:\d{2}:\d{2}(?<part>\.\d+)?")]
    private static partial Regex Seconds();
}

/// <summary>What is looked for among the recorded scores.</summary>
internal sealed class ScoreQuery
{
    /// <summary>The parameters.</summary>
    public static readonly IReadOnlyList<QueryParameter> Parameters =
    [
        new("_id", "The id.") { Form = (@"^[A-Za-z0-9.-]{1,64}$", "an id of 1 to 64 characters of A-Z a-z 0-9 . -") },
        new(
            "identifier",
            "One of the sender's own identifiers, or that of the registry (urn:registry:observation|site/case/timepoint/instrument): "
                + "system|value, |value for one without a system, value for any system.")
        {
            Form = (@"^([^|\s]{0,200}\|)?[^|\x00-\x1F][^\x00-\x1F]{0,299}$", "system|value"),
        },
        Token("subject:identifier", "The patient: urn:registry:site:{site}:patient|reference."),
        Token("patient.identifier", "The same as subject:identifier."),
        new("code", "The instrument: http://loinc.org|72514-3 or urn:registry:codes|pdi, with or without the system; several with commas between them.")
        {
            Form = (@"^[^\s]{1,400}$", "codes with commas between them"),
        },
        Time("date", "The day of the visit, with eq, ge, gt, le or lt before it."),
        Time("_lastUpdated", "The instant of the last change, with eq, ge, gt, le or lt before it."),
    ];

    /// <summary>The site and the timepoint, the case and the patient that are looked for; null for any.</summary>
    public SiteCode? Site { get; private set; }

    /// <summary>The case.</summary>
    public CaseCode? Case { get; private set; }

    /// <summary>The timepoint.</summary>
    public string? Timepoint { get; private set; }

    /// <summary>The patient's reference.</summary>
    public string? Patient { get; private set; }

    /// <summary>One of the sender's own identifiers, the system empty for none and null for any; null where none is looked for.</summary>
    public (string? System, string Value)? Identifier { get; private set; }

    /// <summary>The hash in an id that was too long to be read.</summary>
    public string? Hash { get; private set; }

    /// <summary>The instruments.</summary>
    public IReadOnlyCollection<Instrument> Instruments { get; private set; } = Enum.GetValues<Instrument>();

    /// <summary>The day of the visit.</summary>
    public IReadOnlyList<TimeCondition> Dates { get; private set; } = [];

    /// <summary>The instant of the last change.</summary>
    public IReadOnlyList<TimeCondition> Updated { get; private set; } = [];

    /// <summary>Whether nothing can be found: what is looked for contradicts itself, or is of another system.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>The Observation after which the page begins; null for the first page.</summary>
    public ScoreAddress? After { get; set; }

    /// <summary>Reads a query of which every parameter is known and of the right form.</summary>
    public static (ScoreQuery Query, IReadOnlyList<Fault> Faults) Read(IQueryCollection stated)
    {
        var (query, faults) = (new ScoreQuery(), new List<Fault>());
        query.Dates = [.. Times(stated, "date", faults).Select(condition => condition.OnDays())];
        query.Updated = [.. Times(stated, "_lastUpdated", faults)];
        foreach (var id in stated["_id"])
        {
            query.OfAddress(ScoreAddress.Parse(id!));
        }

        foreach (var token in stated["identifier"])
        {
            var (system, value) = token!.Split('|', 2) is [var first, var rest] ? (first, rest) : (null, token!);
            if (system is ScoreAddress.System || (system is null or "" && ScoreAddress.OfIdentifier(value) is not null))
            {
                query.OfAddress(ScoreAddress.OfIdentifier(value) is { } address ? (null, address) : null);
            }
            else
            {
                query.Identifier = (system, value);
            }
        }

        foreach (var token in ((string[])["subject:identifier", "patient.identifier"]).SelectMany(name => stated[name]))
        {
            if (token!.Split('|') is [var system, { Length: > 0 } reference] && FhirMapping.SiteOfPatients(system) is { } site)
            {
                (query.Site, query.Patient) = (query.Match(query.Site, site), query.Match(query.Patient, reference));
            }
            else
            {
                query.IsEmpty = true;
            }
        }

        foreach (var codes in stated["code"])
        {
            query.Instruments =
            [
                .. query.Instruments.Intersect(
                    codes!.Split(',')
                        .Select(code => code.Split('|') is [var system, var value]
                            ? FhirMapping.InstrumentOf(system, value)
                            : FhirMapping.InstrumentOf(null, code))
                        .OfType<Instrument>()),
            ];
        }

        query.IsEmpty |= query.Instruments.Count == 0;
        return (query, faults);
    }

    /// <summary>The same query, of one score.</summary>
    public ScoreQuery At(ScoreAddress address)
    {
        var one = (ScoreQuery)MemberwiseClone();
        one.Identifier = null;
        one.OfAddress((null, address));
        one.IsEmpty |= one.Instruments.Count == 0;
        return one;
    }

    private void OfAddress((string? Hash, ScoreAddress Address)? parsed)
    {
        if (parsed is not var (hash, address))
        {
            IsEmpty = true;
            return;
        }

        (Hash, Timepoint, Instruments) = (hash, Match(Timepoint, address.Timepoint), [.. Instruments.Intersect([address.Instrument])]);
        if (hash is null)
        {
            (Site, Case) = (Match(Site, address.Site), Match(Case, address.Case));
        }
    }

    private T Match<T>(T? known, T stated)
        where T : struct, IEquatable<T>
    {
        IsEmpty |= known is { } one && !one.Equals(stated);
        return stated;
    }

    private string Match(string? known, string stated)
    {
        IsEmpty |= known is not null && known != stated;
        return stated;
    }

    private static List<TimeCondition> Times(IQueryCollection stated, string name, List<Fault> faults)
    {
        var found = new List<TimeCondition>();
        foreach (var text in stated[name])
        {
            if (TimeCondition.Parse(text!) is { } condition)
            {
                found.Add(condition);
            }
            else
            {
                faults.Add(new Fault("/" + name, "not-a-date", $"'{name}' is '{text}', which is no date.", text));
            }
        }

        return found;
    }

    private static QueryParameter Token(string name, string meaning) =>
        new(name, meaning) { Form = (@"^[^|\s]{0,200}(\|[^|\s]{1,300})?$", "system|value") };

    private static QueryParameter Time(string name, string meaning) =>
        new(name, meaning)
        {
            IsRepeatable = true,
            Form = (TimeCondition.Pattern, "a date or instant, with eq, ge, gt, le or lt before it"),
        };
}

/// <summary>Finds recorded scores.</summary>
internal static class ScoreSearch
{
    // An id with a hash in it stands for a site and a case of which one is at least so long.
    private const string LongKey = "_____________%";

    /// <summary>The scores that a query finds, in the order of site, case, timepoint and instrument: at most so many.</summary>
    public static async Task<IReadOnlyList<RecordedScore>> Find(
        Session session, string engine, ScoreQuery query, SiteCode? ownSite, int most)
    {
        if (query.IsEmpty || (ownSite is not null && query.Site is not null && query.Site != ownSite))
        {
            return [];
        }

        var found = new List<RecordedScore>();
        if (query.Identifier is var (system, value))
        {
            foreach (var address in await SenderIdentifiers.Find(session, ownSite ?? query.Site, system, value))
            {
                found.AddRange(await Find(session, engine, query.At(address), ownSite, most - found.Count));
                if (found.Count == most)
                {
                    break;
                }
            }

            return found;
        }

        for (var after = query.After; found.Count < most;)
        {
            var page = await Page(session, engine, query, ownSite ?? query.Site, after, most + 1);
            found.AddRange(page.SelectMany(assessment => Scores(assessment, query, after)));
            if (page.Count <= most)
            {
                break;
            }

            var (last, _) = page[^1].Key;
            after = last with { Instrument = Enum.GetValues<Instrument>()[^1] };
        }

        for (var index = 0; index < Math.Min(found.Count, most); index++)
        {
            if (ScoreVersion.IdentifiersOf(found[index].Versions[^1].Held, found[index].Address.Instrument) > 0)
            {
                found[index] = found[index] with { Identifiers = await SenderIdentifiers.Of(session, found[index].Address) };
            }
        }

        return [.. found.Take(most)];
    }

    private static IEnumerable<RecordedScore> Scores(
        IGrouping<(ScoreAddress Assessment, string Patient), Row> assessment, ScoreQuery query, ScoreAddress? after)
    {
        var (address, patient) = assessment.Key;
        foreach (var instrument in query.Instruments.Order())
        {
            var versions = ScoreVersion.Of(assessment.Select(row => row.ToVersion()), instrument);
            var one = address with { Instrument = instrument };
            if (versions is [.., { IsWithdrawn: false } last]
                && !(after is not null && after with { Instrument = default } == address && instrument <= after.Instrument)
                && (query.Hash is null || query.Hash == ScoreAddress.HashOf(address.Site, address.Case))
                && query.Updated.All(condition => condition.Holds(DateTimeOffset.Parse(last.RecordedAt!, CultureInfo.InvariantCulture))))
            {
                yield return new RecordedScore(one, patient, versions);
            }
        }
    }

    // Whole assessments, each with its versions: which instruments one holds is read from them.
    private static async Task<IReadOnlyList<IGrouping<(ScoreAddress Assessment, string Patient), Row>>> Page(
        Session session, string engine, ScoreQuery query, SiteCode? site, ScoreAddress? after, int limit)
    {
        var values = new DynamicParameters(
            new
            {
                site,
                @case = query.Case,
                timepoint = query.Timepoint,
                patient = query.Patient,
                afterSite = after?.Site,
                afterCase = after?.Case,
                afterTimepoint = after?.Timepoint,
                longKey = LongKey,
                limit,
            });
        var conditions = new List<string> { "1 = 1" };
        Add(site, "s.site_code = @site");
        Add(query.Case, "c.case_code = @case");
        Add(query.Timepoint, "a.timepoint = @timepoint");
        Add(query.Patient, "p.patient_reference = @patient");
        Add(query.Hash, "(s.site_code LIKE @longKey OR c.case_code LIKE @longKey)");
        Add(after, "(s.site_code > @afterSite OR (s.site_code = @afterSite AND (c.case_code > @afterCase OR (c.case_code = @afterCase AND a.timepoint >= @afterTimepoint))))");
        foreach (var (index, date) in query.Dates.Index())
        {
            var (from, to) = (FormattableString.Invariant($"from{index}"), FormattableString.Invariant($"to{index}"));
            values.Add(from, date.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            values.Add(to, date.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            conditions.Add(date.Prefix switch
            {
                "ge" => $"a.assessed_on >= @{from}",
                "gt" => $"a.assessed_on >= @{to}",
                "le" => $"a.assessed_on < @{to}",
                "lt" => $"a.assessed_on < @{from}",
                _ => $"(a.assessed_on >= @{from} AND a.assessed_on < @{to})",
            });
        }

        foreach (var (index, since) in query.Updated.Where(condition => condition.Prefix is "eq" or "ge" or "gt").Index())
        {
            var name = FormattableString.Invariant($"since{index}");
            values.Add(name, since.From.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
            conditions.Add(
                $"EXISTS (SELECT 1 FROM resource_version u WHERE u.site_code = s.site_code AND u.case_code = c.case_code AND u.kind = "
                    + $"'assessment' AND u.resource_code = a.timepoint AND u.recorded_at >= @{name})");
        }

        var rows = await session.Query<Row>(
            $"""
            SELECT x.site_code AS Site, x.case_code AS "Case", x.timepoint AS Timepoint, x.patient_reference AS Patient,
              v.version AS Version, v.content AS Content, v.is_retracted AS IsRetracted, v.recorded_at AS RecordedAt
            FROM (
              SELECT s.site_code, c.case_code, a.timepoint, p.patient_reference
              FROM assessment a
              JOIN treatment_case c ON c.case_id = a.case_id
              JOIN site s ON s.site_id = c.site_id
              JOIN person p ON p.person_id = c.person_id
              WHERE {string.Join(" AND ", conditions)}
              ORDER BY s.site_code, c.case_code, a.timepoint
              {Dialect.First(engine, "@limit")}
            ) x
            JOIN resource_version v ON v.site_code = x.site_code AND v.case_code = x.case_code AND v.kind = 'assessment'
              AND v.resource_code = x.timepoint
            ORDER BY x.site_code, x.case_code, x.timepoint, v.version
            """,
            values);
        return [.. rows.GroupBy(row => (new ScoreAddress(row.Site, row.Case, row.Timepoint, default), row.Patient))];

        void Add(object? value, string condition)
        {
            if (value is not null)
            {
                conditions.Add(condition);
            }
        }
    }

    private sealed record Row : VersionRow
    {
        public SiteCode Site { get; init; }
        public CaseCode Case { get; init; }
        public string Timepoint { get; init; } = string.Empty;
        public string Patient { get; init; } = string.Empty;
    }
}
