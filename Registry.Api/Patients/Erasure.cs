using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Fhir;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Patients;

/// <summary>
/// Erases the reference of a patient: in the one row that holds it, and in the files of the database. The trail holds the number of
/// the person in its place, and so is not touched. The sender's own identifiers of the patient's scores go with it: they may hold the
/// reference, and lead back to the patient in the sender's system.
/// </summary>
internal sealed partial class Erasure(IDatabase database, AuditLog log, PersonStore persons, ILogger<Erasure> logger)
{
    private static readonly TimeSpan LongestScrubbing = TimeSpan.FromSeconds(30);

    private static readonly Statement PersonOf = new("SELECT person_id FROM person WHERE site_code = @p0 AND patient_reference = @p1");
    private static readonly Statement Erased = new("UPDATE person SET patient_reference = @p1, stamp = @p2 WHERE person_id = @p0");

    /// <summary>Erases a reference for good.</summary>
    /// <returns>What is shown in its place, or null when no patient has it; and whether the site is known.</returns>
    public async Task<(string? Tombstone, bool SiteIsKnown)> Erase(
        SiteCode site, string reference, string reason, Sender by, CancellationToken cancellation)
    {
        var (tombstone, siteIsKnown, hadIdentifiers) = await database.Write(
            [AuditLog.Chain, site.ToString()],
            async session =>
            {
                if (Patient.IsErased(reference)
                    || await session.Rows(PersonOf, static row => row.GetInt32(0), site, reference) is not [var person])
                {
                    return (null, await SiteKind.Exists(session, site), false);
                }

                var erased = Patient.Erased(person);
                await session.Run(Erased, person, erased, Random.Shared.NextInt64());
                var identifiers = await SenderIdentifiers.Erase(session, site, person);
                await log.Append(session, new AuditEntry(AuditActions.Erasure, site.ToString(), erased, by, reason));
                return ((string?)erased, true, identifiers > 0);
            },
            cancellation);
        if (tombstone is not null)
        {
            persons.Forget();
            await Scrub(hadIdentifiers ? null : reference);
        }

        return (tombstone, siteIsKnown);
    }

    // It is erased, be the sender gone or not. Whoever reads an earlier state for long holds this up; then the log is emptied when
    // nobody has written for a while.
    private async Task Scrub(string? reference)
    {
        using var patience = new CancellationTokenSource(LongestScrubbing);
        try
        {
            await database.Scrub(reference, patience.Token);
        }
        catch (OperationCanceledException)
        {
            LogHeldUp();
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "A patient reference was erased, and is in the write-ahead log until that is emptied: somebody still reads an earlier state.")]
    private partial void LogHeldUp();
}
