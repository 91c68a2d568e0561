using System.Collections.Concurrent;
using System.Data.Common;
using Registry.Api.Data;
using Registry.Api.Patients;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>
/// Finds everything that is recorded of a person. What was found is kept for a while, and used as long as the person's stamp in
/// the database is the same: one row is read instead of all.
/// </summary>
internal sealed class PersonStore(RecordKinds kinds)
{
    private const int MostKept = 5_000;

    private static readonly Statement StampOf = new("SELECT stamp FROM person WHERE person_id = @p0");

    private static readonly Statement PersonOfCase = new(
        """
        SELECT p.person_id, p.stamp, p.patient_reference
        FROM site s
        JOIN treatment_case c ON c.site_id = s.site_id
        JOIN person p ON p.person_id = c.person_id
        WHERE s.site_code = @p0 AND c.case_code = @p1
        """);

    private static readonly Statement PersonOfReference =
        new("SELECT person_id, stamp, patient_reference FROM person WHERE site_code = @p0 AND patient_reference = @p1");

    private static readonly Statement CasesOfPerson = new("SELECT case_id, case_code FROM treatment_case WHERE person_id = @p0");

    private static readonly Statement VersionsOfCase = new(
        """
        SELECT kind, resource_code, version, content, is_retracted
        FROM resource_version
        WHERE site_code = @p0 AND case_code = @p1
        ORDER BY kind, resource_code, version
        """);

    private readonly ConcurrentDictionary<(SiteCode Site, CaseCode Case), PersonRecords> _kept = new();
    private int _added;

    /// <summary>The person with this case; null when there is no such case.</summary>
    public async ValueTask<PersonRecords?> OfCase(Session session, SiteCode site, CaseCode @case)
    {
        if (_kept.TryGetValue((site, @case), out var kept)
            && await session.Rows(StampOf, static row => row.GetInt64(0), kept.Number) is [var stamp]
            && stamp == kept.Stamp)
        {
            return kept;
        }

        return await Load(session, site, await session.Rows(PersonOfCase, ReadPerson, site, @case));
    }

    /// <summary>The person with this reference; null when there is none.</summary>
    public async ValueTask<PersonRecords?> OfReference(Session session, SiteCode site, string reference) =>
        await Load(session, site, await session.Rows(PersonOfReference, ReadPerson, site, reference));

    /// <summary>The records of a case, be it retracted or never recorded.</summary>
    public async ValueTask<CaseRecords> CaseOf(Session session, SiteCode site, CaseCode @case) =>
        await ReadCase(session, site, 0, @case, null);

    /// <summary>Forgets what was kept of all persons.</summary>
    public void Forget() => _kept.Clear();

    /// <summary>Keeps what is recorded of a person. It is used only once the database has the same stamp.</summary>
    public void Keep(PersonRecords person)
    {
        // Counted here: the dictionary would have to look at all of its parts.
        if (Interlocked.Add(ref _added, person.Cases.Count) > MostKept)
        {
            _kept.Clear();
            _added = 0;
        }

        foreach (var one in person.Cases)
        {
            _kept[(person.Site, one.Code)] = person;
        }
    }

    private static (int Number, long Stamp, string Reference) ReadPerson(DbDataReader row) =>
        (row.GetInt32(0), row.GetInt64(1), row.GetString(2));

    private async ValueTask<PersonRecords?> Load(Session session, SiteCode site, List<(int Number, long Stamp, string Reference)> found)
    {
        if (found is not [var person])
        {
            return null;
        }

        var cases = new List<CaseRecords>();
        foreach (var (number, code) in await session.Rows(
            CasesOfPerson, static row => (row.GetInt32(0), CaseCode.Of(row.GetString(1))), person.Number))
        {
            cases.Add(await ReadCase(session, site, number, code, (person.Number, person.Reference)));
        }

        var loaded = new PersonRecords(person.Number, person.Stamp, site, person.Reference, cases);
        Keep(loaded);
        return loaded;
    }

    private async ValueTask<CaseRecords> ReadCase(
        Session session, SiteCode site, int number, CaseCode code, (int Number, string Reference)? person)
    {
        var rows = await session.Rows(
            VersionsOfCase,
            static row => (Kind: row.GetString(0),
                Code: row.GetString(1),
                Version: new RecordedVersion(row.GetInt32(2), row.GetString(3), row.GetInt32(4) == 1)),
            site,
            RecordAddress.ColumnOf(code));

        // Earlier versions may name another person.
        for (var row = 0; row < rows.Count; row++)
        {
            if (PatientToken.PersonIn(rows[row].Version.Content) is { } named
                && (named == person?.Number ? person.Value.Reference : await PatientToken.Reference(session, named)) is { } reference)
            {
                rows[row] = (rows[row].Kind,
                    rows[row].Code,
                    rows[row].Version with { Content = PatientToken.Show(rows[row].Version.Content, reference) });
            }
        }

        return CaseRecords.Of(
            number,
            code,
            from row in rows
            group row.Version by (row.Kind, row.Code) into versions
            let kind = kinds.Of(versions.Key.Kind)
            let all = versions.ToList()
            select (kind, versions.Key.Code, new StoredRecord(all[^1], kind.Read(all[^1].Content), all[..^1])));
    }
}
