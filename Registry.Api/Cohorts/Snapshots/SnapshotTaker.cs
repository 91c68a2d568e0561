using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Registry.Api.Audit;
using Registry.Api.Cohorts.Saved;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Api.Summaries;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>
/// Takes snapshots: reads the rows of the cases of a cohort in one consistent state, some cases and one table at a time, and stores
/// each such part as a compressed text under its digest, unless it is there already.
/// </summary>
internal sealed class SnapshotTaker(IDatabase database, Pseudonyms pseudonyms, AuditLog log, TimeProvider clock)
{
    // A part ends behind a case whose key hashes to a multiple of the one, or is the last of the other: so that a case more or less
    // changes the parts that it is in, and no others.
    private const int UsualCasesOfPart = 1024;
    private const int MostCasesOfPart = 4096;

    // Texts that are kept until they are stored, and until they are compressed. Unit: bytes.
    private const long MostKept = 16 << 20;
    private const long MostCompressing = 64 << 20;

    // The rows of one table of so many cases may be in memory at once.
    private const int MostCasesAtOnce = 200_000;

    // Looking up one row takes as long as reading this many in order.
    private const long ScanIsFaster = 8;

    private const int IdBytes = 8;

    /// <summary>Takes a snapshot.</summary>
    /// <param name="cohort">The saved cohort.</param>
    /// <param name="filter">Its filter, at the cut-off.</param>
    /// <param name="query">The same as a query.</param>
    /// <param name="by">Who takes it.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<Snapshot> Take(
        StoredCohort cohort, CohortFilter filter, IQueryCollection query, Sender by, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var salt = await pseudonyms.SnapshotSalt(cancellation);
        return await database.Compute(
            async session =>
            {
                // Another id when this is repeated: the one before may be taken by what was stored after all.
                var id = $"{now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}";
                var versions = await DataVersions.Read(session);
                var rules = await session.Single<int>("SELECT rules_version FROM analysis_state");
                var chunks = Chunks(await Members(session, filter));
                using var store = new Storing(database, cancellation);
                await Read(session, filter, chunks, store);
                await store.Complete();
                var parts = store.Parts;

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
                    Listed(versions.All.Where(version => version.Site.IsStated && filter.Sites?.Contains(version.Site) != false)),
                    chunks.Sum(chunk => chunk.Count),
                    parts.Sum(part => part.Rows),
                    [],
                    Recorder.Instant(now),
                    by.Name);
                snapshot = snapshot with { Sha256 = snapshot.Digest(parts, salt) };
                return await database.Write(
                    [AuditLog.Chain],
                    async writing =>
                    {
                        await SnapshotStore.Add(writing, store.Kept);
                        await SnapshotStore.Add(writing, snapshot, parts, by);
                        var detail = new JsonObject
                        {
                            ["cohort"] = snapshot.Cohort,
                            ["version"] = snapshot.CohortVersion,
                            ["asOf"] = snapshot.AsOf.Iso(),
                            ["cases"] = snapshot.Cases,
                            ["dataVersion"] = snapshot.DataVersion,
                            ["sha256"] = Convert.ToHexStringLower(snapshot.Sha256),
                        };
                        await log.Append(
                            writing,
                            new AuditEntry(AuditActions.Snapshot, string.Empty, id, by, Detail: detail.ToJsonString(Json.Options)));
                        return snapshot;
                    },
                    cancellation);
            },
            cancellation);
    }

    private static string Listed(IEnumerable<(SiteCode Site, string Table, long Changes)> versions) => new JsonArray(
        [.. versions.OrderBy(version => version.Site)
            .ThenBy(version => version.Table, StringComparer.Ordinal)
            .Select(version => new JsonArray(version.Site.ToString(), version.Table, version.Changes))]).ToJsonString();

    private async Task<List<Member>> Members(Session session, CohortFilter filter)
    {
        var members = (await session.Query<Member>(
            ScopedQuery.Over(database.Engine, "cohort").Text(
                filter.Where,
                select: "SELECT c.case_id AS Number, c.site_code AS Site, c.case_code AS Code, c.person_id AS Person, c.pathway_case_id AS Pathway FROM cohort c"),
            filter.Parameters)).ToList();
        members.Sort(static (one, other) =>
            string.CompareOrdinal(one.Site, other.Site) is not 0 and var bySite ? bySite : string.CompareOrdinal(one.Code, other.Code));
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
        await session.Rows(RowTable.ReadClasses, row => Add(classes, 0, row, 0));
        await store.Add(0, 0, RowTable.ClassTable, classes);

        // A person is named by the first of its cases here, and a pathway by its first case, if that is one of them.
        var (persons, codes) = (new Dictionary<int, string>(), new Dictionary<int, string>());
        var places =
            new (int Chunk, int Place)[chunks.SelectMany(chunk => chunk).Select(member => member.Number).DefaultIfEmpty().Max() + 1];
        foreach (var (chunk, members) in chunks.Index())
        {
            foreach (var (index, member) in members.Index())
            {
                persons.TryAdd(member.Person, member.Code);
                codes.Add(member.Number, member.Code);
                places[member.Number] = (chunk, index + 1);
            }
        }

        // To look for most of the cases one by one takes longer than to read them all as they lie, the tables side by side.
        var isWhole = codes.Count <= MostCasesAtOnce
            && codes.Count * ScanIsFaster >= (await session.Single<int?>("SELECT MAX(case_id) FROM analysis_case") ?? 0);
        var tables = RowTable.All.Index().ToList();
        if (isWhole)
        {
            await session.Each([.. tables.Select(table => (Func<Session, Task<bool>>)(one => Read(one, table, 0, chunks.Count)))]);
            return;
        }

        for (var chunk = 0; chunk < chunks.Count; chunk++)
        {
            foreach (var table in tables)
            {
                await Read(session, table, chunk, 1);
            }
        }

        async Task<bool> Read(Session one, (int Order, RowTable Table) of, int first, int count)
        {
            var (order, table) = of;
            var isCase = table.Name == RowTable.CaseTable;
            var columns = (string[])[RowText.CaseNumber, .. table.Columns.Select(column => column.Name),
                .. isCase ? ["person", "pathway"] : Array.Empty<string>()];
            var texts = new RowText?[count];
            var values = new object?[RowTable.CasesAtOnce + 1];
            values[^1] = filter.Day.DayNumber;
            if (isWhole)
            {
                await one.Rows(table.ReadAll, Add, values);
            }

            for (var from = 0; !isWhole && from < chunks[first].Count; from += RowTable.CasesAtOnce)
            {
                // The statement always has as many places: the last number stands in those that are left.
                for (var place = 0; place < RowTable.CasesAtOnce; place++)
                {
                    values[place] = chunks[first][Math.Min(from + place, chunks[first].Count - 1)].Number;
                }

                await one.Rows(table.Read, Add, values);
            }

            foreach (var (index, text) in texts.Index())
            {
                if (text is not null)
                {
                    await store.Add(first + index + 1, order, table.Name, text);
                }
            }

            return true;

            bool Add(DbDataReader row)
            {
                var at = row.GetInt32(0) is var number && number < places.Length ? places[number] : default;
                if (at.Place == 0)
                {
                    return false;
                }

                var text = texts[at.Chunk - first] ??= new RowText(table.Name, columns);
                var member = chunks[at.Chunk][at.Place - 1];
                return isCase
                    ? SnapshotTaker.Add(
                        text,
                        at.Place,
                        row,
                        1,
                        Other(member, persons[member.Person]),
                        Other(member, codes.GetValueOrDefault(member.Pathway, string.Empty)))
                    : SnapshotTaker.Add(text, at.Place, row, 1);
            }
        }
    }

    private static string Other(Member member, string code) => code == member.Code ? string.Empty : code;

    private static bool Add(RowText text, int @case, DbDataReader row, int line, params ReadOnlySpan<string> more)
    {
        text.Add(@case, row, line, more);
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
    private sealed class Storing(IDatabase database, CancellationToken cancellation) : IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1);
        private readonly Queue<(int Chunk, int Table, string Name, RowText Text, Task<StoredText> Stored)> _compressing = [];
        private readonly List<(int Chunk, int Table, SnapshotPart Part)> _parts = [];
        private readonly List<StoredText> _kept = [];
        private long _bytesCompressing;
        private long _bytes;

        /// <summary>The parts by chunk of cases and then by table, whatever the order in which they were added.</summary>
        public IReadOnlyList<SnapshotPart> Parts =>
        [
            .. _parts.OrderBy(part => part.Chunk).ThenBy(part => part.Table).Select((part, index) => part.Part with { Number = index + 1 }),
        ];

        /// <summary>What is not written yet.</summary>
        public IReadOnlyList<StoredText> Kept => _kept;

        /// <summary>Adds a part. Tables that are read side by side add theirs in turns.</summary>
        public async Task Add(int chunk, int table, string name, RowText text)
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                while (_compressing.Count > 0 && _bytesCompressing + text.Length > MostCompressing)
                {
                    await Take();
                }

                _bytesCompressing += text.Length;
                _compressing.Enqueue((chunk, table, name, text, Task.Run(text.Complete, cancellation)));
            }
            finally
            {
                _turn.Release();
            }
        }

        public async Task Complete()
        {
            while (_compressing.Count > 0)
            {
                await Take();
            }
        }

        public void Dispose() => _turn.Dispose();

        private async Task Take()
        {
            var (chunk, table, name, rows, compressed) = _compressing.Dequeue();
            var text = await compressed;
            _bytesCompressing -= rows.Length;
            _parts.Add((chunk, table, new SnapshotPart(0, name, rows.Rows, text.Digest)));
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
