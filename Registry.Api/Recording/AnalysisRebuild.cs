using Registry.Api.Data;
using Registry.Domain.Analysis;
using Registry.Domain.Common;

namespace Registry.Api.Recording;

/// <summary>
/// Derives the analysis tables anew from the records: at start when they were derived by other rules, or on demand. Person by
/// person in batches, each in one transaction, so that it can be stopped at any moment and goes on where it was.
/// </summary>
internal sealed class AnalysisRebuild(IDatabase database, PersonStore persons)
{
    private const int PersonsAtOnce = 500;

    private static readonly Statement Batch = new(
        $"""
        SELECT x.person_id, x.site_code, x.patient_reference
        FROM (SELECT person_id, site_code, patient_reference, ROW_NUMBER() OVER (ORDER BY person_id) AS position FROM person
          WHERE person_id > @p0) x
        WHERE x.position <= {PersonsAtOnce}
        ORDER BY x.person_id
        """);

    private static readonly Statement Reached = new("UPDATE analysis_state SET rules_version = @p0, derived_person_id = @p1");
    private static readonly Statement Dated = new("UPDATE person SET last_dated_day = @p1 WHERE person_id = @p0");
    private static readonly IReadOnlyList<Statement> Clear =
    [
        .. AnalysisStore.Tables.Select(table => new Statement($"DELETE FROM {table.Name} WHERE {table.CaseColumn} = @p0")),
    ];

    /// <summary>Looks whether everything is derived by the rules of this program.</summary>
    /// <exception cref="SchemaException">It is not.</exception>
    public async Task Check(CancellationToken cancellation)
    {
        var state = await database.Read(ReadState, cancellation);
        if (state.RulesVersion != Derivation.RulesVersion || state.DerivedPersonId is not null)
        {
            throw new SchemaException(
                "The analysis tables were derived by other rules than those of this program, or only in part. Run 'Registry.Api migrate' first.");
        }
    }

    private static async Task<State> ReadState(Session session) =>
        (await session.Single<State>("SELECT rules_version AS RulesVersion, derived_person_id AS DerivedPersonId FROM analysis_state"))!;

    /// <summary>Derives what was derived by other rules, or only in part.</summary>
    /// <param name="everything">True to derive everything anew, whatever it was derived by.</param>
    /// <param name="progress">Is told how many persons of how many are done.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>How many persons were derived.</returns>
    public async Task<int> Run(bool everything, IProgress<(int Done, int Of)>? progress, CancellationToken cancellation)
    {
        var (state, count) = await database.Read(
            async session => (await ReadState(session), await session.Single<int>("SELECT COUNT(*) FROM person")),
            cancellation);
        var isCurrent = state.RulesVersion == Derivation.RulesVersion;
        if (!everything && isCurrent && state.DerivedPersonId is null)
        {
            return 0;
        }

        var last = !everything && isCurrent ? state.DerivedPersonId!.Value : 0;
        await database.Write([], session => Begin(session, last), cancellation);
        var done = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = await database.Read(
                session => session.Rows(
                    Batch,
                    static row => (Number: row.GetInt32(0), Site: SiteCode.Of(row.GetString(1)), Reference: row.GetString(2)),
                    last).AsTask(),
                cancellation);
            if (batch.Count == 0)
            {
                break;
            }

            last = batch[^1].Number;
            await database.Write(
                [.. batch.Select(person => person.Site.ToString()).Distinct()], session => Derive(session, batch, last), cancellation);
            progress?.Report((done += batch.Count, Math.Max(done, count)));
        }

        await database.Write([], Finish, cancellation);
        return done;
    }

    private static async Task<bool> Begin(Session session, int last)
    {
        await session.Run(Reached, Derivation.RulesVersion, last);
        await session.Execute("DELETE FROM response_class");
        foreach (var one in ResponseClass.All)
        {
            await session.Run(AnalysisStore.NewResponseClass, AnalysisStore.Values(one));
        }

        return true;
    }

    private async Task<bool> Derive(Session session, List<(int Number, SiteCode Site, string Reference)> batch, int last)
    {
        foreach (var (number, site, reference) in batch)
        {
            if (await persons.OfReference(session, site, reference) is not { } person)
            {
                continue;
            }

            foreach (var one in person.Cases)
            {
                foreach (var clear in Clear)
                {
                    await session.Run(clear, one.Number);
                }
            }

            await session.Apply(
                [.. AnalysisStore.RowsOf(Derivation.Derive(person.Person)).Select(row => (row.Table.Statements.Insert, row.Values)),
                    (Dated, [number, person.Person.LastDatedDay?.Value])]);
        }

        await session.Run(Reached, Derivation.RulesVersion, last);
        return true;
    }

    private static async Task<bool> Finish(Session session)
    {
        foreach (var site in await session.Query<SiteCode>("SELECT site_code FROM site"))
        {
            await AnalysisStore.CountChanges(session, site);
        }

        await session.Run(Reached, Derivation.RulesVersion, null);
        return true;
    }

    private sealed record State
    {
        public int RulesVersion { get; init; }
        public int? DerivedPersonId { get; init; }
    }
}
