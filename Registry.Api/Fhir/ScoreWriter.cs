using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Hl7.Fhir.Model;
using Registry.Api.Access;
using Registry.Api.Assessments;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Recording;
using Fault = Registry.Domain.Common.Fault;
using SiteCode = Registry.Domain.Common.SiteCode;

namespace Registry.Api.Fhir;

/// <summary>Which resource a PUT is about; for a POST neither is stated.</summary>
/// <param name="Id">The id in the address; null where there is none.</param>
/// <param name="Identifier">The identifier in the query of the address; null where there is none.</param>
internal sealed record ScoreTarget(string? Id = null, Identifier? Identifier = null)
{
    /// <summary>A POST.</summary>
    public static readonly ScoreTarget None = new();

    /// <summary>The timepoint that the address states; null where it states none.</summary>
    public string? Timepoint =>
        Id is not null ? ScoreAddress.Parse(Id)?.Address.Timepoint
        : Identifier?.System == ScoreAddress.System ? ScoreAddress.OfIdentifier(Identifier.Value ?? string.Empty)?.Timepoint
        : null;
}

/// <summary>A score that is to be recorded, or what is wrong with it on its own.</summary>
/// <param name="Score">What was sent; null with a problem.</param>
/// <param name="Content">The assessment that it states; null with a problem.</param>
/// <param name="Timepoint">The timepoint; null where it is to be derived from the date.</param>
/// <param name="Problem">What is wrong with it; null when nothing is.</param>
internal sealed record ScoreRequest(ReceivedScore? Score, Assessment? Content, string? Timepoint, Problem? Problem)
{
    /// <summary>The version that If-Match names; null without.</summary>
    public int? ExpectedVersion { get; init; }

    /// <summary>The sender's own identifier that the address names; null where it names none.</summary>
    public SenderIdentifier? Named { get; init; }

    /// <summary>Why something is changed; null where the sender does not say so.</summary>
    public string? Reason { get; init; }

    /// <summary>What there must not be yet (If-None-Exist); null without.</summary>
    public ScoreQuery? IfNoneExist { get; init; }

    /// <summary>A score that cannot be recorded.</summary>
    public static ScoreRequest Refused(Problem problem) => new(null, null, null, problem);
}

/// <summary>What became of a score.</summary>
/// <param name="Problem">What stood in its way; null when nothing did.</param>
/// <param name="Verdict">What was done; without meaning with a problem.</param>
/// <param name="Address">Which Observation it is; null with a problem.</param>
internal sealed record ScoreAnswer(Problem? Problem, Verdict Verdict, ScoreAddress? Address)
{
    /// <summary>The patient and every version, the newest last, as they are once it is recorded; null with a problem.</summary>
    public RecordedScore? Recorded { get; init; }
}

/// <summary>A score as it is recorded.</summary>
/// <param name="Address">Which Observation it is.</param>
/// <param name="Patient">The site's own reference of the patient.</param>
/// <param name="Versions">Every version, the newest last; never empty.</param>
internal sealed record RecordedScore(ScoreAddress Address, string Patient, IReadOnlyList<ScoreVersion> Versions)
{
    /// <summary>The sender's own identifiers, in the order of their numbers.</summary>
    public IReadOnlyList<SenderIdentifier> Identifiers { get; init; } = [];
}

/// <summary>
/// Records single scores, as FHIR sends them, under the write rule of the registry: each Observation is held to the rule by itself, as if
/// it were a record of its own, and stored as its part of the assessment.
/// </summary>
internal static class ScoreWriter
{
    // Scores of a batch are recorded in groups of this size, so that single writes need not wait for a whole batch.
    private const int GroupSize = 100;

    private const string FurtherScore = "FHIR: a further score of this visit";
    private const string FurtherIdentifier = "FHIR: a further identifier of this score";

    /// <summary>Reads a resource and notes every fault.</summary>
    public static async Task<ScoreRequest> Prepare(
        Resource resource, ScoreTarget target, RecordServices services, ClaimsPrincipal caller, CancellationToken cancellation)
    {
        if (ScoreReader.Read(resource) is not { } score)
        {
            return ScoreRequest.Refused(
                new Problem(Problems.NotFound, $"The registry takes Observation and QuestionnaireResponse, not {resource.TypeName}."));
        }

        var today = score.Site.IsStated && caller.Sees(score.Site) ? await services.Sites.LatestDay(score.Site, cancellation) : null;
        var (content, timepoint) = ReadAssessment(score, target.Timepoint, today ?? services.Sites.LatestDay(), services.Kinds.Assessment);
        CheckTarget(score, target, timepoint);
        return score is { Site.IsStated: true, Case.IsStated: true } && today is null ? ScoreRequest.Refused(
            WriteResponses.UnknownSite(score.Site))
            : score.Faults.Count > 0 ? ScoreRequest.Refused(Problem.Invalid(score.Faults))
            : new ScoreRequest(score, content, timepoint, null)
            {
                Named = target.Identifier is { Value: { } value, System: not ScoreAddress.System } named
                    ? new SenderIdentifier(resource.TypeName, named.System ?? string.Empty, value)
                    : null,
            };
    }

    /// <summary>Records scores, each on its own or all or none, and gives what became of each, in order.</summary>
    public static async Task<IReadOnlyList<ScoreAnswer>> Write(
        IReadOnlyList<ScoreRequest> requests,
        bool allOrNone,
        RecordServices services,
        Sender by,
        SiteCode? ownSite,
        CancellationToken cancellation)
    {
        var answers = new List<ScoreAnswer>(requests.Count);
        foreach (var group in requests.Chunk(allOrNone ? Math.Max(requests.Count, 1) : GroupSize))
        {
            var told = group.All(request => request.Problem is not null)
                ? [.. group.Select(request => new ScoreAnswer(request.Problem, default, null))]
                : await services.Database.Write(
                    [.. group.Where(request => request.Score is not null).Select(request => request.Score!.Site.ToString()).Distinct()],
                    session => Write(session, group, allOrNone, services, by, ownSite),
                    cancellation);
            answers.AddRange(told);
            var isStopped = allOrNone && told.Any(answer => answer.Problem is not null);
            foreach (var answer in told)
            {
                services.Meter.CountWrite(
                    services.Kinds.Assessment.Name,
                    answer.Problem?.Kind.Code ?? (isStopped ? "not-applied" : WriteResponses.CodeOf(answer.Verdict)));
            }
        }

        return answers;
    }

    /// <summary>A score with all its versions; null when it was never recorded.</summary>
    public static async Task<RecordedScore?> Read(Session session, RecordServices services, ScoreAddress address)
    {
        if (await services.Persons.OfCase(session, address.Site, address.Case) is not { } person)
        {
            return null;
        }

        var rows = await session.Query<VersionRow>(
            """
            SELECT version AS Version, content AS Content, is_retracted AS IsRetracted, recorded_at AS RecordedAt
            FROM resource_version
            WHERE site_code = @Site AND case_code = @Case AND kind = 'assessment' AND resource_code = @Timepoint
            ORDER BY version
            """,
            new { address.Site, address.Case, address.Timepoint });
        var versions = ScoreVersion.Of(rows.Select(row => row.ToVersion()), address.Instrument);
        return versions.Count == 0 ? null : new RecordedScore(address, person.Reference, versions)
        {
            Identifiers = ScoreVersion.IdentifiersOf(versions[^1].Held, address.Instrument) > 0
                ? await SenderIdentifiers.Of(session, address)
                : [],
        };
    }

    private static async Task<IReadOnlyList<ScoreAnswer>> Write(
        Session session, ScoreRequest[] group, bool allOrNone, RecordServices services, Sender by, SiteCode? ownSite)
    {
        var turn = services.Recorder.Turn(session);
        var answers = new List<ScoreAnswer>(group.Length);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in group)
        {
            var answer = request.Problem is { } problem ? new ScoreAnswer(problem, default, null)
                : request.IfNoneExist is { } query
                    && await ScoreSearch.Find(
                        session, services.Database.Engine, query, ownSite, most: 2) is { Count: > 0 } found ? Existing(found)
                : await Decide(session, turn, request, services.Kinds.Assessment, by);
            answers.Add(allOrNone && answer.Address is { } address && !seen.Add(address.Id)
                ? new ScoreAnswer(
                    Problem.Invalid([new Fault(
                        string.Empty,
                        FhirBundles.Duplicate,
                        $"The Observation {address.Id} is there twice; a transaction holds each once.")]),
                    default,
                    null)
                : answer);
        }

        if (allOrNone && answers.Exists(answer => answer.Problem is not null))
        {
            session.Discard();
            return answers;
        }

        await turn.Flush();
        for (var index = 0; index < answers.Count; index++)
        {
            if (answers[index].Address is { } address)
            {
                answers[index] = answers[index] with { Recorded = await Read(session, services, address) };
            }
        }

        return answers;
    }

    private static ScoreAnswer Existing(IReadOnlyList<RecordedScore> found) => found is [var one]
        ? new ScoreAnswer(null, Verdict.Unchanged, one.Address)
        : new ScoreAnswer(new Problem(Problems.PreconditionFailed, "If-None-Exist finds more than one Observation."), default, null);

    private static async Task<ScoreAnswer> Decide(Session session, WriteTurn turn, ScoreRequest request, AssessmentKind kind, Sender by)
    {
        var (score, sent, instrument) = (request.Score!, request.Content!, request.Score!.Instrument!.Value);
        if (await turn.PersonOf(new RecordAddress(score.Site, score.Case)) is not { } person)
        {
            return Refused(WriteResponses.ProblemOf(new WriteOutcome.UnknownCase(score.Site, score.Case), kind, null)!);
        }

        if (person.Reference != score.Patient)
        {
            return Refused(Problem.Invalid([new Fault(
                $"{score.Resource.TypeName}.subject.identifier.value",
                "other-patient",
                $"Case '{score.Case}' is about another patient.",
                score.Patient)]));
        }

        var records = person.Case(score.Case)!;
        var named = request.Timepoint is null && request.Named is { } name
            ? await Current(session, turn, kind, score.Site, name, except: null)
            : null;
        var (timepoint, fault) = (request.Timepoint ?? (named?.Case == score.Case ? named.Timepoint : null)) is { } stated
            ? (stated, null)
            : kind.Locate(records, sent);
        if (timepoint is null)
        {
            return Refused(Problem.Invalid([score.Translate(fault!)]));
        }

        var address = new ScoreAddress(score.Site, score.Case, timepoint, instrument);
        var recorded = records.Latest(kind, timepoint);
        var current = recorded is { Version.Retracted: false } ? (Assessment)recorded.Content : null;
        var latest = recorded is not null
            && ScoreVersion.Of(
                recorded.Earlier.Append(recorded.Version).Select(version => (version, (string?)null)), instrument) is [.., var newest]
            ? newest
            : null;

        // The assessment is about the visit: how it was taken stays as recorded where an instrument says nothing of it.
        sent = sent with { Mode = sent.Mode ?? (sent.NotDone is null ? current?.Mode : null) };
        var own = score.Identifiers.Where(one => one.System != ScoreAddress.System).ToList();
        foreach (var one in score.Status == ScoreStatus.EnteredInError ? [] : own)
        {
            if (await Current(session, turn, kind, score.Site, one, except: address) is { } other)
            {
                return Refused(
                    new Problem(
                        Problems.Conflict,
                        $"Observation/{other.Id} has the identifier {one.System}|{one.Value}, and this one would be "
                            + $"Observation/{address.Id}. State the timepoint of the recorded one to correct it, or send it as "
                            + "entered-in-error first."));
            }
        }

        var known = own.Count > 0 ? await SenderIdentifiers.Of(session, address) : [];
        var further = score.Status == ScoreStatus.EnteredInError ? [] : own.Except(known).ToList();
        var before = latest is null ? 0 : ScoreVersion.IdentifiersOf(latest.Held, instrument);
        var after = own.Count > 0 ? known.Count + further.Count : before;
        sent = ScoreVersion.WithIdentifiers(sent, instrument, after);
        var verdict = VerdictOf(request, latest, sent);
        var isNamed = verdict == Verdict.Unchanged && request.Score.Status != ScoreStatus.EnteredInError && after > before;
        verdict = isNamed ? Verdict.Correct : verdict;

        if (ProblemOf(verdict, request, address, latest, current, sent) is { } problem)
        {
            return Refused(problem);
        }

        if (verdict != Verdict.Unchanged)
        {
            var content =
                verdict == Verdict.Retract ? ScoreVersion.Without(current!, instrument) : ScoreVersion.With(current, sent, instrument);
            var asked = new Preconditions(recorded?.Version.Tag, Reason: recorded is null ? null : ReasonOf(request, verdict, isNamed));
            var outcome =
                await turn.Write(new WriteCommand(kind, new RecordAddress(score.Site, score.Case, timepoint), content, asked, by));
            if (WriteResponses.ProblemOf(outcome, kind, content) is { } refused)
            {
                return Refused(refused with { Faults = [.. refused.Faults.Select(score.Translate)] });
            }

            await SenderIdentifiers.Add(session, address, known.Count, further);
        }

        return new ScoreAnswer(null, verdict, address);
    }

    // The score that has an identifier now, besides one.
    private static async Task<ScoreAddress?> Current(
        Session session, WriteTurn turn, AssessmentKind kind, SiteCode site, SenderIdentifier identifier, ScoreAddress? except)
    {
        foreach (var address in await SenderIdentifiers.Find(session, site, identifier.System, identifier.Value))
        {
            if (address != except
                && (await turn.PersonOf(new RecordAddress(site, address.Case)))?.Case(
                    address.Case)?.Latest(kind, address.Timepoint) is { Version.Retracted: false } recorded
                && ScoreVersion.Part((Assessment)recorded.Content, address.Instrument) is not null)
            {
                return address;
            }
        }

        return null;
    }

    private static ScoreAnswer Refused(Problem problem) => new(problem, default, null);

    private static Verdict VerdictOf(ScoreRequest request, ScoreVersion? latest, Assessment sent)
    {
        // A message that corrects or takes away need not name the version; one that does is held to it.
        // Identifiers name a score and say nothing of it: they do not make it another.
        var version = latest is null ? null : (latest with { Held = ScoreVersion.Bare(latest.Held) }).AsRecorded;
        var changes = request.Score!.Status != ScoreStatus.Final;
        var expected = request.ExpectedVersion is { } number ? (number == latest?.Number ? version!.Tag : "other")
            : changes && latest is { IsWithdrawn: false }
            ? version!.Tag
            : null;
        var asked = new Preconditions(expected, Reason: FurtherScore);
        return request.Score.Status == ScoreStatus.EnteredInError
            ? latest is { IsWithdrawn: true } ? Verdict.Unchanged : WriteRule.Delete(version, asked)
            : WriteRule.Put(version, Json.Canonical(ScoreVersion.Bare(sent)), asked);
    }

    private static Problem? ProblemOf(
        Verdict verdict, ScoreRequest request, ScoreAddress address, ScoreVersion? latest, Assessment? current, Assessment sent)
    {
        var tag = latest is null ? null : TagOf(latest);
        return verdict switch
        {
            Verdict.Create when current is not null && current.AssessedOn != sent.AssessedOn => new Problem(
                Problems.Conflict,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The visit {address.Timepoint} of case '{address.Case}' is recorded on {current.AssessedOn:yyyy-MM-dd}, and this "
                        + $"score is dated {sent.AssessedOn:yyyy-MM-dd}. State the timepoint of another visit, or correct the date first.")),
            Verdict.Create
                or Verdict.Correct when sent.NotDone is not null && current is { NotDone: null }
                    && ScoreVersion.Without(current, address.Instrument) is not null =>
                new Problem(
                    Problems.Conflict,
                    $"The visit {address.Timepoint} of case '{address.Case}' took place: a score of it is recorded, so it cannot be one "
                        + "that was not done."),
            Verdict.Create or Verdict.Correct or Verdict.Unchanged or Verdict.Retract => null,
            Verdict.Conflict => new Problem(
                Problems.Conflict,
                $"Other content is recorded as Observation/{address.Id}, version {tag}: {Json.Canonical(latest!.Held)}. Sent was "
                    + $"{Json.Canonical(sent)}. To correct it, send the status amended or corrected, or PUT it with If-Match: {tag}."),
            Verdict.Retracted => new Problem(
                Problems.Retracted, $"Observation/{address.Id} was entered in error. To record it again, PUT it with If-Match: {tag}."),
            Verdict.Absent =>
                new Problem(Problems.NotFound, $"Observation/{address.Id} was never recorded, so it cannot have been entered in error."),
            _ => new Problem(Problems.PreconditionFailed, tag is null
                ? $"Observation/{address.Id} was never recorded, so no version can be named."
                : $"The current version of Observation/{address.Id} is {tag}."),
        };
    }

    private static string ReasonOf(ScoreRequest request, Verdict verdict, bool isNamed) =>
        request.Reason ?? Shorten(request.Score!.Note) ?? request.Score.Status switch
        {
            ScoreStatus.EnteredInError => "FHIR status entered-in-error",
            _ when isNamed => FurtherIdentifier,
            ScoreStatus.Changed => "FHIR status corrected",
            _ when verdict == Verdict.Create => FurtherScore,
            _ => "FHIR update",
        };

    /// <summary>The entity tag of a version, as FHIR has it.</summary>
    public static string TagOf(ScoreVersion version) => FormattableString.Invariant($"W/\"{version.Number}\"");

    private static string? Shorten(string? note)
    {
        var text = new string([.. (note ?? string.Empty).Select(character => char.IsControl(character) ? ' ' : character)]).Trim();
        return text.Length == 0 ? null : text[..Math.Min(text.Length, RecordHeaders.LongestReason)].TrimEnd();
    }

    // By the rules of the registry, as the other interface has them; each fault is put where it stands in the resource.
    private static (Assessment? Content, string? Timepoint) ReadAssessment(
        ReceivedScore score, string? timepoint, DateOnly lastDay, AssessmentKind kind)
    {
        var fields = new FieldReader(JsonSerializer.SerializeToElement(score.Assessment), lastDay);
        var code = timepoint ?? kind.StatedKey(fields);
        var content = (Assessment?)kind.Parse(fields, code).Content;
        var isTold = score.Status == ScoreStatus.EnteredInError
            || score.Instrument is null
            || score.Faults.Exists(fault => IsAboutContent(fault.Where[(fault.Where.IndexOf('.', StringComparison.Ordinal) + 1)..]));
        score.Faults.AddRange(fields.Faults
            .Where(fault => !(isTold && fault.Code == "nothing-recorded")
                && !(score.Status == ScoreStatus.EnteredInError && code is not null && fault is { Where: "/assessedOn", Code: "missing" }))
            .Select(score.Translate));
        return (content, code);
    }

    private static bool IsAboutContent(string element) =>
        ((string[])["value", "component", "item", "dataAbsentReason"]).Any(name => element.StartsWith(name, StringComparison.Ordinal));

    private static void CheckTarget(ReceivedScore score, ScoreTarget target, string? timepoint)
    {
        var own = timepoint is not null && score is { Instrument: { } instrument, Site.IsStated: true, Case.IsStated: true }
            ? new ScoreAddress(score.Site, score.Case, timepoint, instrument)
            : null;
        if (target.Id is { } id)
        {
            if (score.Resource.Id != id)
            {
                score.Refuse(
                    "id",
                    "not-the-address",
                    $"The id of the resource is '{score.Resource.Id}', and that of the address '{id}'.",
                    score.Resource.Id,
                    id);
            }
            else if (own is not null && own.Id != id)
            {
                score.Refuse(
                    "id",
                    "not-the-address",
                    $"The registry gives the ids: site, case, timepoint and instrument of this resource make it {own.Id}.",
                    id,
                    own.Id);
            }
            else if (target.Timepoint is null)
            {
                score.Refuse(
                    "id",
                    "not-an-identifier",
                    "The registry gives the ids of Observations; this is none of them. POST the resource, or PUT it by an identifier.",
                    id);
            }
        }

        if (own is not null
            && score.Identifiers.FirstOrDefault(one => one.System == ScoreAddress.System && one.Value != own.Identifier) is { } wrong)
        {
            score.Refuse(
                "identifier",
                "not-the-address",
                $"The registry gives this identifier: site, case, timepoint and instrument of this resource make it {own.Identifier}.",
                wrong.Value,
                own.Identifier);
        }

        if (target.Identifier is { } identifier
            && !score.Identifiers.Any(one => one.System == (identifier.System ?? string.Empty) && one.Value == identifier.Value)
            && !(identifier.System == ScoreAddress.System && own?.Identifier == identifier.Value))
        {
            score.Refuse(
                "identifier",
                "not-the-address",
                "The identifier of the address is none of the resource.",
                null,
                $"{identifier.System}|{identifier.Value}");
        }
    }
}
