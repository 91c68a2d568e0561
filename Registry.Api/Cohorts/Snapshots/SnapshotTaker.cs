using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Registry.Api.Audit;
using Registry.Api.Cohorts.Saved;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Api.Summaries;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>
/// Takes snapshots: reads the rows of the cases of a cohort in one consistent state, some cases and one table at a time, and stores
/// each such part as a compressed text under its digest, unless it is there already.
/// </summary>
internal sealed class SnapshotTaker(IDatabase database, AuditLog log, TimeProvider clock)
{
    // A part ends behind a case whose key hashes to a multiple of the one, or is the last of the other: so that a case more or less
    // changes the parts that it is in, and no others.
    private const int UsualCasesOfPart = 1024;
    private const int MostCasesOfPart = 4096;

    // Texts that are kept until they are stored. Unit: bytes.
    private const long MostKept = 16 << 20;
    private const int MostCompressing = 4;

    private const int IdBytes = 8;

    /// <summary>Takes a snapshot.</summary>
    /// <param name="cohort">The saved cohort.</param>
    /// <param name="filter">Its filter, at the cut-off.</param>
    /// <param name="query">The same as a query.</param>
    /// <param name="by">Who takes it.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<Snapshot> Take(StoredCohort cohort, CohortFilter filter, IQueryCollection query, Sender by, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var id = $"{now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}";
        return await database.Compute(
            async session =>
            {
                var versions = await DataVersions.Read(session);
                var rules = await session.Single<int>("SELECT rules_version FROM analysis_state");
                var chunks = Chunks(await Members(session, filter));
                var store = new Storing(database, cancellation);
                await Read(session, filter, chunks, store);
                await store.Complete();

                var counted = DataVersions.NamesOf(RowTable.All.Select(table => table.Name));
                var snapshot = new Snapshot(
                    id,
                    cohort.Name,
                    cohort.Version.Version,
                    cohort.Content.Title,
                    CohortFilter.Echo(query).ToJsonString(Json.Options),
                    filter.Day,
                    RowText.Format,
                    rules,
                    versions.Of(counted, filter.Sites),
                    Listed(versions.All.Where(version => version.Site.Length > 0 && filter.Sites?.Contains(version.Site) != false)),
                    chunks.Sum(chunk => chunk.Count),
                    store.Parts.Sum(part => part.Rows),
                    [],
                    Recorder.Instant(now),
                    by.Name);
                snapshot = snapshot with { Sha256 = snapshot.Digest(store.Parts) };
                return await database.Write(
                    [AuditLog.Chain],
                    async writing =>
                    {
                        await SnapshotStore.Add(writing, store.Kept);
                        await SnapshotStore.Add(writing, snapshot, store.Parts, by);
                        var detail = new JsonObject
                        {
                            ["cohort"] = snapshot.Cohort,
                            ["version"] = snapshot.CohortVersion,
                            ["asOf"] = snapshot.AsOf.Iso(),
                            ["cases"] = snapshot.Cases,
                            ["dataVersion"] = snapshot.DataVersion,
                            ["sha256"] = Convert.ToHexStringLower(snapshot.Sha256),
                        };
                        await log.Append(writing, new AuditEntry(AuditActions.Snapshot, string.Empty, id, by, Detail: detail.ToJsonString(Json.Options)));
                        return snapshot;
                    },
                    cancellation);
            },
            cancellation);
    }

    private static string Listed(IEnumerable<(string Site, string Table, long Changes)> versions) => new JsonArray(
        [.. versions.OrderBy(version => version.Site, StringComparer.Ordinal).ThenBy(version => version.Table, StringComparer.Ordinal).Select(version => new JsonArray(version.Site, version.Table, version.Changes))]).ToJsonString();

    private async Task<List<Member>> Members(Session session, CohortFilter filter)
    {
        var members = (await session.Query<Member>(
            ScopedQuery.Over(database.Engine, "cohort").Text(filter.Where, select: "SELECT c.case_id AS Number, c.site_code AS Site, c.case_code AS Code, c.person_id AS Person, c.pathway_case_id AS Pathway FROM cohort c"),
            filter.Parameters)).ToList();
        members.Sort(static (one, other) => string.CompareOrdinal(one.Site, other.Site) is not 0 and var bySite ? bySite : string.CompareOrdinal(one.Code, other.Code));
        return members;
    }

    private static List<List<Member>> Chunks(List<Member> members)
    {
        var chunks = new List<List<Member>>();
        List<Member>? chunk = null;
        foreach (var member in members)
        {
            if (chunk is null)
            {
                chunks.Add(chunk = []);
            }

            chunk.Add(member);
            if (chunk.Count == MostCasesOfPart || Hash(member) % UsualCasesOfPart == 0)
            {
                chunk = null;
            }
        }

        return chunks;
    }

    // FNV-1a of the key, its halves folded. What it is may not change: parts would no longer be those of earlier snapshots.
    private static uint Hash(Member member)
    {
        var hash = 2166136261u;
        foreach (var letter in member.Site + "\n" + member.Code)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return hash ^ (hash >> 16);
    }

    private static async Task Read(Session session, CohortFilter filter, List<List<Member>> chunks, Storing store)
    {
        var classes = new RowText(RowTable.ClassTable, RowTable.ClassColumns.Select(column => column.Name));
        await session.Rows(RowTable.ReadClasses, row => Add(classes, 0, row, 0, RowTable.ClassColumns));
        await store.Add(RowTable.ClassTable, classes);

        // A person is named by the first of its cases here, and a pathway by its first case, if that is one of them.
        var (persons, codes) = (new Dictionary<int, string>(), new Dictionary<int, string>());
        foreach (var member in chunks.SelectMany(chunk => chunk))
        {
            persons.TryAdd(member.Person, member.Code);
            codes.Add(member.Number, member.Code);
        }

        var values = new object?[RowTable.CasesAtOnce + 1];
        values[^1] = filter.Day.DayNumber;
        foreach (var chunk in chunks)
        {
            var places = chunk.Index().ToDictionary(member => member.Item.Number, member => member.Index + 1);
            foreach (var table in RowTable.All)
            {
                var isCase = table.Name == RowTable.CaseTable;
                var text = new RowText(table.Name, [RowText.CaseNumber, .. table.Columns.Select(column => column.Name), .. isCase ? ["person", "pathway"] : Array.Empty<string>()]);
                for (var from = 0; from < chunk.Count; from += RowTable.CasesAtOnce)
                {
                    // The statement always has as many places: the last number stands in those that are left.
                    for (var place = 0; place < RowTable.CasesAtOnce; place++)
                    {
                        values[place] = chunk[Math.Min(from + place, chunk.Count - 1)].Number;
                    }

                    await session.Rows(
                        table.Read,
                        row =>
                        {
                            var place = places[row.GetInt32(0)];
                            return isCase
                                ? Add(text, place, row, 1, table.Columns, Other(chunk[place - 1], persons[chunk[place - 1].Person]), Other(chunk[place - 1], codes.GetValueOrDefault(chunk[place - 1].Pathway, string.Empty)))
                                : Add(text, place, row, 1, table.Columns);
                        },
                        values);
                }

                if (text.Rows > 0)
                {
                    await store.Add(table.Name, text);
                }
            }
        }
    }

    private static string Other(Member member, string code) => code == member.Code ? string.Empty : code;

    private static bool Add(RowText text, int @case, System.Data.Common.DbDataReader row, int from, IReadOnlyList<RowColumn> columns, params ReadOnlySpan<string> more)
    {
        text.Add(@case, row, from, columns, more);
        return true;
    }

    private sealed record Member
    {
        public int Number { get; init; }

        public string Site { get; init; } = string.Empty;

        public string Code { get; init; } = string.Empty;

        public int Person { get; init; }

        public int Pathway { get; init; }
    }

    /// <summary>The parts as they are stored: compressed beside the reading, and written now and then, so that few are in memory.</summary>
    private sealed class Storing(IDatabase database, CancellationToken cancellation)
    {
        private readonly Queue<(string Table, int Rows, Task<StoredText> Text)> _compressing = [];
        private readonly List<SnapshotPart> _parts = [];
        private readonly List<StoredText> _kept = [];
        private long _bytes;

        public IReadOnlyList<SnapshotPart> Parts => _parts;

        /// <summary>What is not written yet.</summary>
        public IReadOnlyList<StoredText> Kept => _kept;

        public async Task Add(string table, RowText text)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_compressing.Count == MostCompressing)
            {
                await Take();
            }

            _compressing.Enqueue((table, text.Rows, Task.Run(text.Complete, cancellation)));
        }

        public async Task Complete()
        {
            while (_compressing.Count > 0)
            {
                await Take();
            }
        }

        private async Task Take()
        {
            var (table, rows, compressed) = _compressing.Dequeue();
            var text = await compressed;
            _parts.Add(new SnapshotPart(_parts.Count + 1, table, rows, text.Digest));
            _kept.Add(text);
            _bytes += text.Content.Length;
            if (_bytes > MostKept)
            {
                var kept = _kept.ToList();
                await database.Write(
                    [],
                    async session =>
                    {
                        await SnapshotStore.Add(session, kept);
                        return true;
                    },
                    cancellation);
                _kept.Clear();
                _bytes = 0;
            }
        }
    }
}
