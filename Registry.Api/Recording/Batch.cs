using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Api.Access;
using Registry.Api.Assessments;
using Registry.Api.Audit;
using Registry.Api.Http;
using Registry.Api.Idempotency;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>Whether a batch stands or falls as a whole.</summary>
internal enum BatchMode
{
    /// <summary>Every item that can be recorded is.</summary>
    Each,

    /// <summary>All items are recorded, or none.</summary>
    All,
}

/// <summary>What became of an item of a batch.</summary>
internal enum BatchStatus
{
    /// <summary>Recorded.</summary>
    Created,

    /// <summary>The same was recorded already.</summary>
    Unchanged,

    /// <summary>Other content is recorded there.</summary>
    Conflicting,

    /// <summary>The item breaks the rules, or its site or case is not known.</summary>
    Rejected,

    /// <summary>Nothing is wrong with the item, but another item of an 'all' batch stands in the way.</summary>
    NotApplied,
}

/// <summary>
/// Many records at once, of whatever kinds. For the contract: each item is a record with these members besides: kind, site, case and its
/// own key.
/// </summary>
/// <param name="Mode">Whether the batch stands or falls as a whole; each when left out.</param>
/// <param name="DryRun">True for a dry run: the answer is computed, and nothing is recorded; false when left out.</param>
/// <param name="Items">The records, 1 to as many as the limit BatchItems says, each with its kind and where it belongs.</param>
internal sealed record RecordBatchBody(BatchMode? Mode, bool? DryRun, IReadOnlyList<JsonObject> Items);

/// <summary>Many assessments at once. For the contract: each item is an assessment with these members besides: site and case.</summary>
/// <param name="Mode">Whether the batch stands or falls as a whole; each when left out.</param>
/// <param name="DryRun">True for a dry run: the answer is computed, and nothing is recorded; false when left out.</param>
/// <param name="Items">The assessments, 1 to as many as the limit BatchItems says, each with where it belongs.</param>
internal sealed record BatchBody(BatchMode? Mode, bool? DryRun, IReadOnlyList<JsonObject> Items);

/// <summary>The answer to a batch.</summary>
/// <param name="DryRun">Whether nothing was recorded because the batch asked so.</param>
/// <param name="Created">Items recorded.</param>
/// <param name="Unchanged">Items that were recorded already.</param>
/// <param name="Conflicting">Items in whose place other content is recorded.</param>
/// <param name="Rejected">Items that break the rules, or whose site or case is not known.</param>
/// <param name="NotApplied">Items with which nothing is wrong, but another item of an 'all' batch stands in the way.</param>
/// <param name="Items">What became of each item, in the order of the batch.</param>
internal sealed record BatchAnswer(
    bool DryRun,
    [Unit("items")] int Created,
    [Unit("items")] int Unchanged,
    [Unit("items")] int Conflicting,
    [Unit("items")] int Rejected,
    [Unit("items")] int NotApplied,
    IReadOnlyList<BatchItemAnswer> Items);

/// <summary>What became of one item.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Location">Where it is recorded.</param>
/// <param name="Problem">What stood in its way, as it would have been answered alone.</param>
internal sealed record BatchItemAnswer(
    [Unit("count")] int Index,
    BatchStatus Status,
    [Missing("absent when it is not")] string? Location,
    [Missing("absent when nothing did")] JsonObject? Problem);

/// <summary>Records many records in one call.</summary>
internal static class Batch
{
    // In 'each' mode the items are recorded in groups of this size, so that single writes need not wait for a whole batch.
    private const int GroupSize = 100;

    // The most faults that the answer lists over all items. An item beyond them has its code and the number of its faults.
    private const int MostFaults = 500;

    /// <summary>For a sheet: whether the batch stands or falls as a whole.</summary>
    public static readonly QueryParameter Mode = QueryParameter.Coded<BatchMode>(
        "mode", "With text/csv: each records every row that can be recorded, all records all rows or none. each when left out.") with
    {
        IsRepeatable = false,
    };

    /// <summary>For a sheet: whether nothing is to be recorded.</summary>
    public static readonly QueryParameter DryRun =
        new("dryRun", "With text/csv: true for a dry run, which records nothing.") { Codes = ["true", "false"] };

    /// <summary>Records many assessments, as JSON or as a sheet.</summary>
    public static Task<Results<Ok<BatchAnswer>, Problem>> PostAssessments(
        HttpRequest request, RecordServices services, CancellationToken cancellation) =>
        Post(request, [services.Kinds.Assessment], services, cancellation);

    /// <summary>Records many records of every kind under a case.</summary>
    public static Task<Results<Ok<BatchAnswer>, Problem>> PostRecords(
        HttpRequest request, RecordServices services, CancellationToken cancellation) =>
        Post(request, services.Kinds.UnderCase, services, cancellation);

    private static async Task<Results<Ok<BatchAnswer>, Problem>> Post(
        HttpRequest request, IReadOnlyList<RecordKind> kinds, RecordServices services, CancellationToken cancellation)
    {
        var (asked, bad) = kinds is [AssessmentKind] && ScoreSheet.IsSent(request)
            ? await ReadSheet(request, cancellation)
            : await ReadJson(request, services, cancellation);
        if (bad is not null)
        {
            return bad;
        }

        var (mode, dryRun, items) = asked;
        if (Sender.FaultOfSentAt(request) is { } fault)
        {
            return Problem.InvalidParameters([fault]);
        }

        var by = Sender.Of(request);
        var caller = request.HttpContext.User;
        var proposals = new List<Entry>(items.Count);
        var days = new Dictionary<SiteCode, DateOnly?>();
        foreach (var item in items)
        {
            proposals.Add(await Read(item, kinds, services, days, by, caller, cancellation));
        }

        if (dryRun)
        {
            request.HttpContext.DoNotKeepAnswer();
        }

        // A dry run needs no writer.
        var budget = new FaultBudget(MostFaults);
        var answers = dryRun
            ? await services.Database.Read(
                session => Answer(proposals, 0, services.Recorder.Turn(session), services, budget, mode == BatchMode.All, dryRun: true),
                cancellation)
            : await Write(proposals, services, budget, mode == BatchMode.All, cancellation);

        if (!dryRun)
        {
            foreach (var (entry, answer) in proposals.Zip(answers))
            {
                services.Meter.CountWrite(
                    entry.Kind?.Name ?? "unknown", answer.Problem?["code"]?.GetValue<string>() ?? Code.Of(answer.Status));
            }
        }

        int Count(BatchStatus status) => answers.Count(answer => answer.Status == status);
        return TypedResults.Ok(new BatchAnswer(
            dryRun,
            Count(BatchStatus.Created),
            Count(BatchStatus.Unchanged),
            Count(BatchStatus.Conflicting),
            Count(BatchStatus.Rejected),
            Count(BatchStatus.NotApplied),
            [.. answers.Select(answer =>
                answer.Location is null ? answer : answer with { Location = request.PathBase.ToUriComponent() + answer.Location })]));
    }

    private static async Task<((BatchMode Mode, bool DryRun, IReadOnlyList<JsonElement> Items) Asked, Problem? Problem)> ReadJson(
        HttpRequest request, RecordServices services, CancellationToken cancellation)
    {
        var (body, bad) = await JsonBody.Read(request, Limits.Of(request).BatchBytes, cancellation);
        if (bad is not null)
        {
            return (default, bad);
        }

        var fields = new FieldReader(body, services.Sites.LatestDay());
        var mode = fields.Code<BatchMode>("mode") ?? BatchMode.Each;
        var dryRun = fields.Flag("dryRun") ?? false;
        var items = fields.Objects("items", Limits.Of(request).BatchItems);
        fields.RefuseUnknown();
        return fields.Faults.Count > 0 ? (default, Problem.Invalid(fields.Faults)) : ((mode, dryRun, items!), null);
    }

    // A sheet has no place for these two: they are parameters.
    private static async Task<((BatchMode Mode, bool DryRun, IReadOnlyList<JsonElement> Items) Asked, Problem? Problem)> ReadSheet(
        HttpRequest request, CancellationToken cancellation)
    {
        var (items, bad) = await ScoreSheet.Read(request, Limits.Of(request).BatchItems, cancellation);
        return ((Code.Parse<BatchMode>(request.Query[Mode.Name].ToString()) ?? BatchMode.Each, request.Query[DryRun.Name] == "true", items),
            bad);
    }

    private static async Task<Entry> Read(
        JsonElement item,
        IReadOnlyList<RecordKind> kinds,
        RecordServices services,
        Dictionary<SiteCode, DateOnly?> days,
        Sender by,
        ClaimsPrincipal caller,
        CancellationToken cancellation)
    {
        DateOnly? today = null;
        if (item.TryGetProperty("site", out var stated) && stated.ValueKind == JsonValueKind.String
            && SiteCode.TryParse(stated.GetString(), null, out var site) && !days.TryGetValue(site, out today))
        {
            today = days[site] = caller.Sees(site) ? await services.Sites.LatestDay(site, cancellation) : null;
        }

        var fields = new FieldReader(item, today ?? services.Sites.LatestDay());
        var kind = kinds.Count == 1 ? kinds[0] : KindOf(fields, kinds);
        var address = new RecordAddress(
            fields.Identifier<SiteCode>("site", required: true) ?? default,
            fields.Identifier<CaseCode>("case", required: true) ?? default,
            null);
        if (kind is null)
        {
            return new Entry(null, null, fields.Faults, today is not null);
        }

        // The key of an assessment can be derived from its date; every other record has to state its own.
        if (kind is not AssessmentKind)
        {
            _ = fields.Identifier(kind.RouteKey!, required: true);
        }

        var write = ParsedWrite.Read(kind, address with { Code = kind.StatedKey(fields) }, fields, Preconditions.None, by);
        return new Entry(kind, write.Command, write.Faults, today is not null);
    }

    private static RecordKind? KindOf(FieldReader fields, IReadOnlyList<RecordKind> kinds)
    {
        var names = string.Join(", ", kinds.Select(kind => kind.Name));
        var stated = fields.Text("kind", text => kinds.Any(kind => kind.Name == text), "unknown-code", "one of " + names, required: true);
        return kinds.FirstOrDefault(kind => kind.Name == stated);
    }

    private static async Task<IReadOnlyList<BatchItemAnswer>> Write(
        List<Entry> entries, RecordServices services, FaultBudget budget, bool allOrNone, CancellationToken cancellation)
    {
        var answers = new List<BatchItemAnswer>(entries.Count);
        foreach (var group in entries.Chunk(allOrNone ? entries.Count : GroupSize))
        {
            var (first, left) = (answers.Count, budget.Left);
            answers.AddRange(await services.Database.Write(
                [.. group.Where(entry => entry is { SiteIsKnown: true, HasAddress: true })
                    .Select(entry => entry.Write!.Address.Site.ToString())
                    .Distinct()],
                async session =>
                {
                    budget.Left = left;
                    var turn = services.Recorder.Turn(session);
                    var told = await Answer(group, first, turn, services, budget, allOrNone, dryRun: false);
                    if (!allOrNone || told.All(answer => answer.Problem is null))
                    {
                        await turn.Flush();
                    }
                    else
                    {
                        session.Discard();
                    }

                    return told;
                },
                cancellation));
        }

        return answers;
    }

    private static async Task<IReadOnlyList<BatchItemAnswer>> Answer(
        IReadOnlyList<Entry> group, int first, WriteTurn turn, RecordServices services, FaultBudget budget, bool allOrNone, bool dryRun)
    {
        var answers = new List<BatchItemAnswer>(group.Count);
        foreach (var entry in group)
        {
            answers.Add(await Answer(entry, first + answers.Count, turn, services, budget, dryRun));
        }

        if (!allOrNone || answers.TrueForAll(answer => answer.Problem is null))
        {
            return answers;
        }

        // An item that is the same as one before it would have been unchanged by that one.
        var notApplied = answers.Where(answer => answer.Status == BatchStatus.Created).Select(answer => answer.Location).ToHashSet();
        return answers.ConvertAll(answer => answer.Problem is null && notApplied.Contains(answer.Location)
            ? answer with { Status = BatchStatus.NotApplied, Location = null }
            : answer);
    }

    private static async Task<BatchItemAnswer> Answer(
        Entry entry, int index, WriteTurn turn, RecordServices services, FaultBudget budget, bool dryRun)
    {
        var outcome = entry switch
        {
            { HasAddress: false } => new WriteOutcome.Refused(entry.Faults),
            { SiteIsKnown: false } => new WriteOutcome.UnknownSite(entry.Write!.Address.Site),
            { Faults.Count: > 0 } => await turn.Try(new ParsedWrite(entry.Write!, entry.Faults)),
            _ when dryRun => await turn.Pretend(entry.Write!),
            _ => await turn.Write(entry.Write!),
        };
        var problem =
            entry.Kind is { } kind ? WriteResponses.ProblemOf(outcome, kind, entry.Write!.Content) : Problem.Invalid(entry.Faults);
        return new BatchItemAnswer(
            index,
            outcome switch
            {
                WriteOutcome.Decided { Verdict: Verdict.Create } => BatchStatus.Created,
                WriteOutcome.Decided { Verdict: Verdict.Unchanged } => BatchStatus.Unchanged,
                WriteOutcome.Decided => BatchStatus.Conflicting,
                _ => BatchStatus.Rejected,
            },
            problem is null ? entry.Kind!.PathOf(((WriteOutcome.Decided)outcome).Address) : null,
            problem?.ToJson(budget));
    }

    // An item as it was read; without a kind it says of itself nothing but its faults.
    private sealed record Entry(RecordKind? Kind, WriteCommand? Write, IReadOnlyList<Fault> Faults, bool SiteIsKnown)
    {
        public bool HasAddress =>
            Write?.Address is { Site.IsStated: true, Case.IsStated: true } && (Kind is AssessmentKind || Write.Address.Code is not null);
    }
}
