using Registry.Api.Cases;
using Registry.Api.Data;
using Registry.Api.Patients;
using Registry.Domain.Cases;

namespace Registry.Api.Audit;

/// <summary>
/// Chains what an older program has recorded, once, after the schema was brought up to date: site by site in batches, each in one
/// transaction, so that it can be stopped at any moment and goes on where it was. Patient references leave the stored contents on
/// the way. From then on the trail covers everything; what was altered before cannot be told.
/// </summary>
internal sealed class TrailUpgrade(IDatabase database, CaseKind cases)
{
    private const int RowsAtOnce = 1000;

    private static readonly Statement Unchained =
        new("SELECT site_code, changes FROM data_version WHERE table_name = 'record' AND head IS NULL AND changes > 0 ORDER BY site_code");

    private static readonly Statement LastChained = new(
        """
        SELECT v.change_number, v.hash
        FROM resource_version v
        WHERE v.site_code = @p0 AND v.change_number = (SELECT MAX(r.change_number) FROM resource_version r WHERE r.site_code = @p0
          AND r.hash IS NOT NULL)
        """);

    private static readonly Statement Batch = new(
        $"SELECT {ChainedVersion.Columns} FROM resource_version WHERE site_code = @p0 AND change_number > @p1 AND change_number <= @p1 + "
            + $"{RowsAtOnce} ORDER BY change_number");

    private static readonly Statement Chained = new(
        """
        UPDATE resource_version SET content = @p5, hash = @p6
        WHERE site_code = @p0 AND case_code = @p1 AND kind = @p2 AND resource_code = @p3 AND version = @p4
        """);

    private static readonly Statement PersonOf = new("SELECT person_id FROM person WHERE site_code = @p0 AND patient_reference = @p1");
    private static readonly Statement NewPerson = new("INSERT INTO person (site_code, patient_reference, stamp) VALUES (@p0, @p1, @p2)");
    private static readonly Statement Finished = new("UPDATE data_version SET head = @p1 WHERE site_code = @p0 AND table_name = 'record'");

    /// <summary>Looks whether everything is chained.</summary>
    /// <exception cref="SchemaException">It is not.</exception>
    public async Task Check(CancellationToken cancellation)
    {
        if ((await Sites(cancellation)).Count > 0)
        {
            throw new SchemaException("What an older program has recorded is not chained yet. Run 'Registry.Api migrate' first.");
        }
    }

    /// <summary>Chains what is not chained yet.</summary>
    /// <param name="progress">Is told how many records of how many are done.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>How many records were chained.</returns>
    public async Task<long> Run(IProgress<(int Done, int Of)>? progress, CancellationToken cancellation)
    {
        var sites = await Sites(cancellation);
        var (done, of) = (0L, sites.Sum(site => site.Changes));
        foreach (var (site, changes) in sites)
        {
            var head = await database.Read(
                async session => await session.Rows(LastChained, Heads.Read, site) is [var last] ? last : Head.None, cancellation);
            while (head.Number < changes)
            {
                cancellation.ThrowIfCancellationRequested();
                var before = head;
                head = await database.Write([site], session => ChainBatch(session, site, before), cancellation);
                done += head.Number - before.Number;
                progress?.Report(((int)done, (int)of));
            }

            await database.Write([site], async session => await session.Run(Finished, site, head.Hash), cancellation);
        }

        if (sites.Count > 0)
        {
            await database.Scrub(null, cancellation);
        }

        return done;
    }

    private Task<List<(string Site, long Changes)>> Sites(CancellationToken cancellation) =>
        database.Read(session => session.Rows(Unchained, static row => (row.GetString(0), row.GetInt64(1))).AsTask(), cancellation);

    private async Task<Head> ChainBatch(Session session, string site, Head head)
    {
        var rows = await session.Rows(Batch, ChainedVersion.Read, site, head.Number);
        var changes = new List<(Statement, object?[])>(rows.Count);
        foreach (var (row, _) in rows)
        {
            if (row.Change != head.Number + 1)
            {
                throw new SchemaException(FormattableString.Invariant(
                    $"Change {head.Number + 1} of site '{site}' is missing. Put back a copy of the database that has it."));
            }

            var content = row.Kind == cases.Name ? await Hide(session, site, row.Content) : row.Content;
            head = new Head(row.Change, Chain.Of(head.Hash, row with { Content = content }));
            changes.Add((Chained, [site, row.Case, row.Kind, row.Code, row.Version, content, head.Hash]));
        }

        if (rows.Count == 0)
        {
            throw new SchemaException(FormattableString.Invariant(
                $"The changes of site '{site}' after change {head.Number} are missing. Put back a copy of the database that has them."));
        }

        await session.Apply(changes);
        return head;
    }

    private async Task<string> Hide(Session session, string site, string content)
    {
        var record = (CaseRecord)cases.Read(content);
        var reference = record.Patient.Reference;
        if (await session.Rows(PersonOf, static row => row.GetInt32(0), site, reference) is not [var person])
        {
            // Of a case that was retracted, or moved to another patient.
            await session.Run(NewPerson, site, reference, Random.Shared.NextInt64());
            person = (await session.Rows(PersonOf, static row => row.GetInt32(0), site, reference)).Single();
        }

        return PatientToken.Hide(cases.Canonical(record), person);
    }
}
