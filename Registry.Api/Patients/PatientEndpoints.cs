using System.Text.RegularExpressions;
using Registry.Api.Audit;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.Common;

namespace Registry.Api.Patients;

/// <summary>Patients: their reference can be erased.</summary>
internal static class PatientEndpoints
{
    private const string Reference = "reference";

    public static void MapPatients(this RouteGroupBuilder api) =>
        api.MapDelete("/sites/{site}/patients/{reference}", Erase)
            .WithName("deletePatientReference")
            .WithSummary("Erase the reference of a patient")
            .WithDescription(
                "The reference is written over by 'erased-' and a number, wherever it is shown: in cases, lists, histories and the feed of "
                + "changes. What was recorded stays, and so do the link of the patient's cases and the audit trail. "
                + "It cannot be undone. What is sent later with the same reference is about a new patient. Needs X-Change-Reason, which "
                + "must not name the patient. "
                + "Case numbers, keys and reasons are the site's own words, and stay as they are.")
            .TakesHeaders((RecordHeaders.ChangeReason, "Why, 1 to 500 characters, in UTF-8, in ISO 8859-1, or as RFC 8187 has it."))
            .Refuses(Problems.SiteNotFound, Problems.NotFound, Problems.PreconditionFailed, Problems.PreconditionRequired);

    private static async Task<Results<Ok<ErasureAnswer>, Problem>> Erase(
        HttpRequest request, Erasure erasure, CancellationToken cancellation)
    {
        var (address, badAddress) = RecordAddress.OfSite(request);
        var (asked, badHeaders) = RecordHeaders.Read(request);
        var reference = request.RouteValues[Reference]?.ToString() ?? string.Empty;
        if ((badAddress ?? badHeaders ?? Problem(RecordAddress.FaultOf(Reference, reference))
            ?? Problem(FaultOfReason(asked.Reason, reference))) is { } bad)
        {
            return bad;
        }

        if (asked.Reason is null)
        {
            return new Problem(Problems.PreconditionRequired, $"{RecordHeaders.ChangeReason} has to say why.");
        }

        return await erasure.Erase(address.Site, reference, asked.Reason, Sender.Of(request), cancellation) switch
        {
            ({ } tombstone, _) => TypedResults.Ok(new ErasureAnswer(address.Site.ToString(), tombstone)),
            (_, true) => new Problem(Problems.NotFound, "No patient of the site has this reference; it may have been erased already."),
            _ => WriteResponses.UnknownSite(address.Site),
        };
    }

    // The reason is kept for good.
    private static Fault? FaultOfReason(string? reason, string reference) =>
        reason is not null && Regex.IsMatch(reason, $"(?<![A-Za-z0-9._-]){Regex.Escape(reference)}(?![A-Za-z0-9_-])", RegexOptions.IgnoreCase)
            ? new Fault(
                "/" + RecordHeaders.ChangeReason,
                "names-the-patient",
                "The reason is kept in the audit trail, so it must not name the reference that is to be erased.")
            : null;

    private static Problem? Problem(Fault? fault) => fault is null ? null : Http.Problem.InvalidParameters([fault]);
}

/// <summary>What stands in the place of a reference that was erased.</summary>
/// <param name="Site">The site.</param>
/// <param name="Patient">What is shown instead of the reference.</param>
internal sealed record ErasureAnswer(string Site, string Patient);
