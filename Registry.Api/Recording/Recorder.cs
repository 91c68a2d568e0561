using Registry.Api.Data;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>A write as its sender wants it.</summary>
/// <param name="Resource">The kind of record.</param>
/// <param name="Address">Where.</param>
/// <param name="Content">What, or null to retract.</param>
/// <param name="Asked">Under which conditions.</param>
/// <param name="By">Whose key it came with.</param>
internal sealed record WriteCommand(Resource Resource, ResourceAddress Address, object? Content, Preconditions Asked, string By);

/// <summary>What became of a write.</summary>
internal abstract record WriteOutcome
{
    /// <summary>The rule gave its verdict. <paramref name="Current"/> is what is recorded now, or null.</summary>
    internal sealed record Decided(Verdict Verdict, ResourceAddress Address, RecordedVersion? Current, Dossier Dossier) : WriteOutcome;

    /// <summary>The content contradicts the registry.</summary>
    internal sealed record Refused(IReadOnlyList<Fault> Faults) : WriteOutcome;

    /// <summary>The site is not known.</summary>
    internal sealed record UnknownSite(string Site) : WriteOutcome;

    /// <summary>The case is not known.</summary>
    internal sealed record UnknownCase(string Site, string Case) : WriteOutcome;

    /// <summary>Something else depends on the record that was to be retracted.</summary>
    internal sealed record Needed(string Why) : WriteOutcome;
}

/// <summary>Carries writes out: the one way by which anything is recorded.</summary>
internal sealed class Recorder(IDatabase database, TimeProvider clock)
{
    /// <summary>
    /// Carries out a proposal. With faults of its own it is refused, together with what contradicts the registry
    /// besides, so that the sender learns of everything at once; the writer is not troubled.
    /// </summary>
    public async Task<WriteOutcome> Write(Proposal proposal, CancellationToken cancellation) =>
        proposal.Faults.Count == 0
            ? await Write(proposal.Command, cancellation)
            : await database.Read(session => Refuse(session, proposal), cancellation);

    /// <summary>Carries out one write durably.</summary>
    public Task<WriteOutcome> Write(WriteCommand command, CancellationToken cancellation) =>
        database.Write([command.Address.Site], session => Apply(session, command), cancellation);

    /// <summary>Refuses a proposal that is at fault, with all that is wrong with it.</summary>
    public static async Task<WriteOutcome> Refuse(Session session, Proposal proposal)
    {
        var command = proposal.Command;
        var (dossier, unknown) = await Open(session, command);
        if (unknown is not null)
        {
            return unknown;
        }

        return new WriteOutcome.Refused([.. proposal.Faults, .. await Contradictions(session, proposal, dossier)]);
    }

    /// <summary>Carries out one write within a transaction.</summary>
    public async Task<WriteOutcome> Apply(Session session, WriteCommand command)
    {
        var (dossier, unknown) = await Open(session, command);
        if (unknown is not null)
        {
            return unknown;
        }

        var (address, fault) = Locate(command, dossier);
        if (address is null)
        {
            return new WriteOutcome.Refused([fault!]);
        }

        return command.Content is { } content
            ? await Put(session, command, address, dossier, content)
            : await Retract(session, command, address, dossier);
    }

    private static (ResourceAddress? Address, Fault? Fault) Locate(WriteCommand command, Dossier dossier)
    {
        if (command.Address.Code is not null)
        {
            return (command.Address, null);
        }

        var (code, fault) = command.Resource.Locate(dossier, command.Content!);
        return (code is null ? null : command.Address with { Code = code }, fault);
    }

    private static async Task<IReadOnlyList<Fault>> Contradictions(Session session, Proposal proposal, Dossier dossier)
    {
        var command = proposal.Command;
        if (command.Content is not { } content || (command.Address.Code is null && proposal.Faults.Any(fault => command.Resource.TellsKey(fault.Where))))
        {
            return [];
        }

        var (address, unlocated) = Locate(command, dossier);
        return address is null ? [unlocated!] : await command.Resource.Check(session, dossier, address, content);
    }

    private async Task<WriteOutcome> Put(Session session, WriteCommand command, ResourceAddress address, Dossier dossier, object content)
    {
        var resource = command.Resource;
        var latest = dossier.Latest(resource.Kind, address.Code!);
        var canonical = resource.Canonical(content);
        var verdict = WriteRule.Put(latest, canonical, command.Asked);
        if (verdict is not (Verdict.Create or Verdict.Correct))
        {
            return new WriteOutcome.Decided(verdict, address, latest, dossier);
        }

        var faults = await resource.Check(session, dossier, address, content);
        if (faults.Count > 0)
        {
            return new WriteOutcome.Refused(faults);
        }

        var version = new RecordedVersion((latest?.Version ?? 0) + 1, canonical, Retracted: false);
        await Append(session, command, address, version);
        if (verdict == Verdict.Correct && !resource.IsUnderCase)
        {
            // For the case that it followed until now.
            await NoteChange(session, resource, address);
        }

        await resource.Project(session, address, content);
        await NoteChange(session, resource, address);
        return new WriteOutcome.Decided(verdict, address, version, dossier);
    }

    private async Task<WriteOutcome> Retract(Session session, WriteCommand command, ResourceAddress address, Dossier dossier)
    {
        var resource = command.Resource;
        var latest = dossier.Latest(resource.Kind, address.Code!);
        var verdict = WriteRule.Delete(latest, command.Asked);
        if (verdict != Verdict.Retract)
        {
            return new WriteOutcome.Decided(verdict, address, latest, dossier);
        }

        if (await resource.Dependants(session, dossier, address) is { } why)
        {
            return new WriteOutcome.Needed(why);
        }

        var version = new RecordedVersion(latest!.Version + 1, latest.Content, Retracted: true);
        await Append(session, command, address, version);
        await NoteChange(session, resource, address);
        await resource.Remove(session, address);
        return new WriteOutcome.Decided(verdict, address, version, dossier);
    }

    private static async Task<(Dossier Dossier, WriteOutcome? Unknown)> Open(Session session, WriteCommand command)
    {
        var (site, @case) = (command.Address.Site, command.Address.Case);
        var dossier = await Dossier.Of(session, site, @case);
        return (dossier, command.Resource switch
        {
            { IsUnderSite: true } when dossier.Site is null => new WriteOutcome.UnknownSite(site),
            { IsUnderCase: true } when !dossier.HasCase => new WriteOutcome.UnknownCase(site, @case),
            _ => null,
        });
    }

    private async Task Append(Session session, WriteCommand command, ResourceAddress address, RecordedVersion version)
    {
        await session.Execute(
            """
            INSERT INTO resource_version (site_code, case_code, kind, resource_code, version, content, is_retracted, recorded_at, recorded_by, reason)
            VALUES (@Site, @Case, @Kind, @Code, @Version, @Content, @IsRetracted, @at, @By, @Reason)
            """,
            new
            {
                address.Site,
                address.Case,
                command.Resource.Kind,
                address.Code,
                version.Version,
                version.Content,
                IsRetracted = version.Retracted ? 1 : 0,
                at = Instant(clock.GetUtcNow()),
                command.By,
                command.Asked.Reason,
            });
        await CountChanges(session, address.Site, command.Resource.Kind, 1);
    }

    // What counts for the case that it follows depends on a case, too.
    private static async Task NoteChange(Session session, Resource resource, ResourceAddress address)
    {
        if (resource.MovesCounts)
        {
            await session.Execute(
                """
                INSERT INTO changed_case (case_id)
                SELECT c.case_id FROM treatment_case c JOIN site s ON s.site_id = c.site_id WHERE s.site_code = @Site AND c.case_code = @Case
                UNION
                SELECT c.preceding_case_id FROM treatment_case c JOIN site s ON s.site_id = c.site_id WHERE s.site_code = @Site AND c.case_code = @Case AND c.preceding_case_id IS NOT NULL
                """,
                address);
        }
    }

    /// <summary>Moves the version of the data on, by the changes of a kind that a site has recorded.</summary>
    public static async Task CountChanges(Session session, string site, string kind, int changes)
    {
        if (await session.Execute("UPDATE change_count SET changes = changes + @changes WHERE site_code = @site AND kind = @kind", new { site, kind, changes }) == 0)
        {
            await session.Execute("INSERT INTO change_count (site_code, kind, changes) VALUES (@site, @kind, @changes)", new { site, kind, changes });
        }
    }

    /// <summary>An instant as it is stored and shown: RFC 3339, UTC, microseconds.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
