using System.Globalization;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.WebUtilities;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Recording;
using Fault = Registry.Domain.Common.Fault;

namespace Registry.Api.Fhir;

/// <summary>Records the scores of a Bundle: of a batch each by itself, of a transaction all or none.</summary>
internal static partial class FhirBundles
{
    /// <summary>The code of a fault: the same is there twice.</summary>
    public const string Duplicate = "repeated";

    public static async Task<Results<FhirAnswer, Problem>> Post(
        HttpRequest request, RecordServices services, CancellationToken cancellation)
    {
        var parameters = new List<Fault>(new[] { Sender.FaultOfSentAt(request) }.OfType<Fault>());
        var reason = RecordHeaders.ReadReason(request, parameters);
        if (parameters.Count > 0)
        {
            return Problem.InvalidParameters(parameters);
        }

        var (resource, flaws, bad) = await FhirForm.Read(request, Limits.Of(request).BatchBytes, cancellation);
        if (bad is not null)
        {
            return bad;
        }

        var mostEntries = Limits.Of(request).BatchItems;
        // As it is stated: what is no type cannot be read as one.
        var isBatch = (resource as Bundle)?.TypeElement?.JsonValue as string == "batch";
        var ofBundle = flaws.Where(flaw => !isBatch || IndexOf(flaw) is null).ToList();
        if (ofBundle.Count > 0)
        {
            return new Problem(Problems.MalformedBody, "The body is not valid FHIR R4.") { Faults = ofBundle };
        }

        if (resource is not Bundle bundle || FaultsOf(bundle, mostEntries) is not [])
        {
            return Problem.Invalid(resource is Bundle faulty ? FaultsOf(faulty, mostEntries) : [new Fault(
                string.Empty,
                FhirMapping.NotTaken,
                $"The resource is of the type {resource?.TypeName}; at this address it has to be a Bundle.")]);
        }

        var flawsOfEntries = flaws.ToLookup(IndexOf);
        var requests = new List<ScoreRequest>(bundle.Entry.Count);
        foreach (var (index, entry) in bundle.Entry.Index())
        {
            requests.Add(flawsOfEntries[index].ToList() is { Count: > 0 } own
                ? ScoreRequest.Refused(new Problem(Problems.MalformedBody, "The entry is not valid FHIR R4.") { Faults = own })
                : await Prepare(entry, index, reason, request, services, cancellation));
        }

        var answers = !isBatch && requests.Exists(one => one.Problem is not null)
            ? requests.ConvertAll(one => new ScoreAnswer(one.Problem, default, null))
            : await ScoreWriter.Write(
                requests, allOrNone: !isBatch, services, Sender.Of(request), request.HttpContext.User.SiteScope(), cancellation);
        if (!isBatch && answers.Any(answer => answer.Problem is not null))
        {
            return Together(answers);
        }

        var withBodies =
            request.Headers[FhirEndpoints.Prefer].ToString().Contains("return=representation", StringComparison.OrdinalIgnoreCase);
        return new FhirAnswer(StatusCodes.Status200OK, new Bundle
        {
            Type = isBatch ? Bundle.BundleType.BatchResponse : Bundle.BundleType.TransactionResponse,
            Entry = [.. bundle.Entry.Zip(answers, (entry, answer) => Answer(entry, answer, withBodies))],
        });
    }

    private static List<Fault> FaultsOf(Bundle bundle, int mostEntries)
    {
        var faults = new List<Fault>();
        if (bundle.Type is not (Bundle.BundleType.Batch or Bundle.BundleType.Transaction))
        {
            faults.Add(new Fault(
                "Bundle.type",
                FhirMapping.NotTaken,
                "The type of the Bundle has to be batch or transaction.",
                bundle.Type?.ToString(),
                "batch, transaction"));
        }

        if (bundle.Entry.Count is 0 || bundle.Entry.Count > mostEntries)
        {
            faults.Add(new Fault(
                "Bundle.entry",
                "not-a-list",
                FormattableString.Invariant($"There are {bundle.Entry.Count} entries; there have to be 1 to {mostEntries}.")));
        }

        faults.AddRange(
            from entry in bundle.Entry.Index()
            where entry.Item.FullUrl is not null
            group entry.Index by entry.Item.FullUrl into same
            from index in same.Skip(1)
            select new Fault(
                FormattableString.Invariant($"Bundle.entry[{index}].fullUrl"), Duplicate, "The fullUrl is there twice.", same.Key));
        return faults;
    }

    private static async Task<ScoreRequest> Prepare(
        Bundle.EntryComponent entry,
        int index,
        string? reason,
        HttpRequest request,
        RecordServices services,
        CancellationToken cancellation)
    {
        var (faults, place) = (new List<Fault>(), FormattableString.Invariant($"Bundle.entry[{index}]"));
        var target = TargetOf(entry, place, request, faults);
        var expected = FhirEndpoints.ReadIfMatch(entry.Request?.IfMatch ?? string.Empty, place + ".request.ifMatch", faults);
        var query =
            FhirEndpoints.ReadIfNoneExist(entry.Request?.IfNoneExist ?? string.Empty, place + ".request.ifNoneExist", request, faults);
        if (entry.Resource is null)
        {
            faults.Add(new Fault(place + ".resource", "missing", "The entry has no resource."));
        }

        return faults.Count > 0
            ? ScoreRequest.Refused(Problem.Invalid(faults))
            : await ScoreWriter.Prepare(entry.Resource!, target!, services, request.HttpContext.User, cancellation) with
            {
                ExpectedVersion = expected,
                IfNoneExist = query,
                Reason = reason,
            };
    }

    private static ScoreTarget? TargetOf(Bundle.EntryComponent entry, string place, HttpRequest request, List<Fault> faults)
    {
        var (method, url) = (entry.Request?.Method, entry.Request?.Url ?? string.Empty);
        var root = FhirEndpoints.BaseOf(request) + "/";
        var (path, query) = (url.StartsWith(root, StringComparison.OrdinalIgnoreCase) ? url[root.Length..] : url.TrimStart('/')).Split(
            '?', 2) switch
        {
            [var before, var after] => (before, after),
            var whole => (whole[0], string.Empty),
        };
        var identifier = QueryHelpers.ParseQuery(query) is { Count: 1 } stated && stated.TryGetValue("identifier", out var token)
            && token.ToString().Split('|', 2) is [var system, { Length: > 0 } value]
            ? new Identifier(system, value)
            : null;
        var type = entry.Resource?.TypeName ?? "Observation";
        switch (method, path.Split('/'))
        {
            case (Bundle.HTTPVerb.POST, [var one]) when one == type && query.Length == 0:
                return ScoreTarget.None;
            case (Bundle.HTTPVerb.PUT, [var one, { Length: > 0 } id]) when one == type && query.Length == 0:
                return new ScoreTarget(id);
            case (Bundle.HTTPVerb.PUT, [var one]) when one == type && identifier is not null:
                return new ScoreTarget(Identifier: identifier);
            case (null or Bundle.HTTPVerb.POST or Bundle.HTTPVerb.PUT, _):
                faults.Add(new Fault(
                    place + ".request",
                    "not-an-address",
                    $"The request has to be POST {type}, PUT {type}/id or PUT {type}?identifier=system|value, with a resource of that type.",
                    FieldReader.Shorten($"{method} {url}")));
                return null;
            default:
                faults.Add(new Fault(
                    place + ".request.method",
                    FhirMapping.NotTaken,
                    $"The method is {method}; the registry takes POST and PUT in a Bundle.",
                    method.ToString(),
                    "POST, PUT"));
                return null;
        }
    }

    private static Bundle.EntryComponent Answer(Bundle.EntryComponent entry, ScoreAnswer answer, bool withBody)
    {
        if (answer.Problem is { } problem)
        {
            return new Bundle.EntryComponent
            {
                Response = new Bundle.ResponseComponent { Status = StatusOf(problem.Status), Outcome = FhirProblems.ToOutcome(problem) },
            };
        }

        var recorded = answer.Recorded!;
        var version = recorded.Versions[^1];
        var (shown, address) = entry.Resource is QuestionnaireResponse
            ? (FhirEndpoints.Show<QuestionnaireResponse>(recorded, version),
                FhirEndpoints.AddressOf<QuestionnaireResponse>(recorded, version))
            : (FhirEndpoints.Show<Observation>(recorded, version), FhirEndpoints.AddressOf<Observation>(recorded, version));
        return new Bundle.EntryComponent
        {
            Resource = withBody ? shown : null,
            Response = new Bundle.ResponseComponent
            {
                Status = StatusOf(answer.Verdict == Verdict.Create ? StatusCodes.Status201Created : StatusCodes.Status200OK),
                Location = address,
                Etag = ScoreWriter.TagOf(version),
                LastModified = DateTimeOffset.Parse(version.RecordedAt!, CultureInfo.InvariantCulture),
            },
        };
    }

    // What stands in the way of a transaction, at every entry: each fault is put where it stands in the Bundle.
    private static Problem Together(IReadOnlyList<ScoreAnswer> answers)
    {
        var problems = answers.Index()
            .Where(answer => answer.Item.Problem is not null)
            .Select(answer => (answer.Index, Problem: answer.Item.Problem!))
            .ToList();
        var kinds = problems.Select(one => one.Problem.Kind).Distinct().ToList();
        var kind = kinds is [var only] ? only : Problems.InvalidContent;
        return new Problem(
            kind, FormattableString.Invariant($"Nothing was recorded: {problems.Count} of {answers.Count} entries are refused."))
        {
            Faults = [.. problems.SelectMany(one => one.Problem.Faults.Count == 0
                ? [new Fault(Place(one.Index, string.Empty), one.Problem.Kind.Code, one.Problem.Detail)]
                : one.Problem.Faults.Select(fault => fault with { Where = Place(one.Index, fault.Where) }))],
        };
    }

    private static string Place(int index, string where) => where.StartsWith("Bundle", StringComparison.Ordinal)
        ? where
        : FormattableString.Invariant($"Bundle.entry[{index}].resource")
            + (where.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? where[dot..] : string.Empty);

    private static string StatusOf(int status) => FormattableString.Invariant($"{status} {ReasonPhrases.GetReasonPhrase(status)}");

    private static int? IndexOf(Fault flaw) => InEntry().Match(flaw.Where) is { Success: true } match
        ? int.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"^Bundle\.entry\[(?<index>\d{1,6})\]\.resource\b")]
    private static partial Regex InEntry();
}
