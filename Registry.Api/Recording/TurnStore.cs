using Registry.Api.Audit;
using Registry.Api.Cases;
using Registry.Api.Data;
using Registry.Api.Patients;
using Registry.Api.Sites;
using Registry.Domain.Analysis;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Recording;
using Registry.Domain.Sites;

namespace Registry.Api.Recording;

/// <summary>What a write does to persons: to the one that has the case afterwards, and to the one that it left.</summary>
internal sealed record PersonChange(PersonRecords? Before, PersonRecords? After)
{
    public PersonRecords? Left { get; init; }
    public PersonRecords? Remaining { get; init; }

    public IEnumerable<(PersonRecords? Before, PersonRecords After)> Persons() =>
        Remaining is null ? [(Before, After!)] : [(Left, Remaining), (Before, After!)];

    public IEnumerable<Contradiction> Contradictions(CaseCode @case) => After?.Contradictions(@case) ?? [];
}

/// <summary>The plan for a write.</summary>
/// <param name="Outcome">The outcome, for the sender.</param>
/// <param name="Change">What it does to persons; null where nothing is stored.</param>
/// <param name="Exists">Whether the record has a row already.</param>
/// <param name="Version">The version that is stored; null where nothing is.</param>
internal sealed record WritePlan(WriteOutcome Outcome, PersonChange? Change, bool Exists, RecordedVersion? Version)
{
    public static implicit operator WritePlan(WriteOutcome outcome) => new(outcome, null, false, null);
}

/// <summary>
/// The rows that the writes of a turn leave: the chained version of each record, its own row, and those of its case and person. Most are
/// stored together, at the end.
/// </summary>
internal sealed class TurnStore(Session session, TimeProvider clock)
{
    private static readonly Statement CaseNumber =
        new("SELECT c.case_id FROM treatment_case c JOIN site s ON s.site_id = c.site_id WHERE s.site_code = @p0 AND c.case_code = @p1");
    private static readonly Statement PersonNumber = new("SELECT person_id FROM person WHERE site_code = @p0 AND patient_reference = @p1");
    private static readonly Statement NewPerson = new("INSERT INTO person (site_code, patient_reference, stamp) VALUES (@p0, @p1, @p2)");
    private static readonly Statement MovedPerson = new("UPDATE person SET stamp = @p1, last_dated_day = @p2 WHERE person_id = @p0");
    private static readonly RowStatements CaseRow =
        new("treatment_case", ["case_id"], ["person_id", .. CaseKind.Columns, "preceding_case_id"]);

    private static readonly Statement NewCase = new(
        $"""
        INSERT INTO treatment_case (site_id, case_code, person_id, {string.Join(", ", CaseKind.Columns)}, preceding_case_id)
        SELECT s.site_id, @p1, @p2, {string.Join(", ", Enumerable.Range(3, CaseKind.Columns.Count).Select(index => $"@p{index}"))},
          @p{CaseKind.Columns.Count + 3}
        FROM site s
        WHERE s.site_code = @p0
        """);

    private static readonly Statement NewVersionOfRecord = new(
        """
        INSERT INTO resource_version (site_code, case_code, kind, resource_code, version, content, is_retracted, recorded_at, recorded_by,
          reason, change_number, key_id, client_address, sent_at, hash)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14)
        """);

    private readonly List<(Statement Statement, object?[] Values)> _changes = [];
    private readonly Dictionary<SiteCode, Head> _heads = [];
    private readonly HashSet<(SiteCode Site, string Name)> _versions = [];

    /// <summary>Adds what a write changes. The rows of a site and of a case are stored at once: others need their numbers.</summary>
    /// <returns>The persons that it changes, under their numbers; null for a site.</returns>
    public async Task<PersonChange?> Add(WriteCommand command, WritePlan plan)
    {
        var (decided, change) = ((WriteOutcome.Decided)plan.Outcome, plan.Change!);
        var (kind, address, version) = (command.Kind, decided.Address, plan.Version!);
        if (kind is CaseKind && command.Content is not null)
        {
            change = await StoreCase(address, change);
        }

        await Append(
            command, address, version, kind is CaseKind ? PatientToken.Hide(version.Content, change.After!.Number) : version.Content);
        switch (kind)
        {
            case SiteKind:
                await SiteKind.Store(session, address.Site, (Site?)command.Content);
                _versions.Add((address.Site, "site"));
                return null;
            case CaseKind when command.Content is null:
                _changes.Add((CaseRow.Delete, [decided.Records!.Number]));
                break;
            case IRowKind rows:
                _changes.Add(rows.RowChange(decided.Records!.Number, address.Code!, command.Content, plan.Exists));
                break;
        }

        return change;
    }

    /// <summary>Stores everything that was added, and the rows that follow from it.</summary>
    /// <param name="moved">The persons that were changed, as they were and as they are.</param>
    public async Task Flush(IEnumerable<(PersonRecords? Before, PersonRecords After)> moved)
    {
        var versions = new HashSet<string>();
        foreach (var (before, after) in moved)
        {
            AnalysisStore.Changes(before?.Analysis ?? PersonAnalysis.None, after.Analysis, _changes, versions);
            foreach (var name in versions)
            {
                _versions.Add((after.Site, name));
            }

            versions.Clear();
            _changes.Add((MovedPerson, [after.Number, after.Stamp, after.Person.LastDatedDay?.Value]));
        }

        if (_changes.Count > 0)
        {
            await session.Apply(_changes);
        }

        foreach (var (site, head) in _heads)
        {
            await Heads.Move(session, site.ToString(), head);
        }

        foreach (var (site, name) in _versions)
        {
            await AnalysisStore.CountChange(session, site, name);
        }
    }

    // The next row of the site's chain.
    private async Task Append(WriteCommand command, RecordAddress address, RecordedVersion version, string content)
    {
        if (!_heads.TryGetValue(address.Site, out var head))
        {
            head = await Heads.Of(session, address.Site.ToString());
        }

        var row = new ChainedVersion(
            address.Site.ToString(), head.Number + 1, address.CaseColumn, command.Kind.Name, address.Code!, version.Version, content,
            version.Retracted, Recorder.Instant(clock.GetUtcNow()), command.By, command.Asked.Reason);
        var hash = Chain.Of(head.Hash, row);
        _heads[address.Site] = new Head(row.Change, hash);
        _changes.Add((
            NewVersionOfRecord,
            [
                row.Site, row.Case, row.Kind, row.Code, row.Version, row.Content, row.IsRetracted ? 1 : 0, row.RecordedAt, row.By.Name,
                row.Reason, row.Change, row.By.KeyId, row.By.Address, row.By.SentAt, hash,
            ]));
    }

    // The rows of the case and of its person, which give both their numbers.
    private async Task<PersonChange> StoreCase(RecordAddress address, PersonChange change)
    {
        var after = change.After!;
        if (after.Case(address.Case) is not { } changed)
        {
            return change;
        }

        if (after.Number == 0)
        {
            await session.Run(NewPerson, address.Site, after.Reference, after.Stamp);
            after = after.Numbered(
                (await session.Rows(PersonNumber, static row => row.GetInt32(0), address.Site, after.Reference)).Single());
        }

        var content = changed.Chart!.Case;
        int? preceding = content.PrecedingCase is { } code ? after.Case(code)!.Number : null;
        if (changed.Number == 0)
        {
            await session.Run(NewCase, [address.Site, address.Case, after.Number, .. CaseKind.Values(content), preceding]);
            changed = changed.Numbered(
                (await session.Rows(CaseNumber, static row => row.GetInt32(0), address.Site, address.Case)).Single());
            after = after.With(changed, after.Stamp);
        }
        else
        {
            await session.Run(CaseRow.Update, [changed.Number, after.Number, .. CaseKind.Values(content), preceding]);
        }

        return change with { After = after };
    }
}
