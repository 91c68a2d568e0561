using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Registry.Api.Data;
using Registry.Api.Operations;
using Registry.Api.Sites;
using Registry.Api.Summaries;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>A snapshot whose stored rows are not those that were stored.</summary>
internal sealed class DamagedSnapshotException(string message) : Exception(message);

/// <summary>
/// Snapshots that can be asked. One that is asked for is loaded into an embedded database of its own, a temporary file, whatever the
/// registry is on, and answered by the same views and code. A few stay open for the next question.
/// </summary>
internal sealed class SnapshotLibrary(
    IDatabase database, Pseudonyms pseudonyms, Disclosure disclosure, TimeProvider clock, RegistryMeter meter)
    : IDisposable
{
    private const int MostOpen = 4;
    private const int MostAhead = 2;
    private const long MostAnswers = 8 << 20;
    private const string FolderPrefix = "registry-snapshots-";

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _loading = new(1);
    private readonly List<Opened> _open = [];
    private DirectoryInfo? _folder;
    private FileStream? _held;
    private bool _isClosed;

    /// <summary>What a snapshot is asked with, for as long as the lease lasts.</summary>
    /// <exception cref="DamagedSnapshotException">Its rows are not those that were stored.</exception>
    public async Task<(CohortData Data, IDisposable Lease)> Open(Snapshot snapshot, CancellationToken cancellation)
    {
        if (Find(snapshot.Id) is { } known)
        {
            return known;
        }

        await _loading.WaitAsync(cancellation);
        try
        {
            if (Find(snapshot.Id) is { } meanwhile)
            {
                return meanwhile;
            }

            var copy = await CopyDatabase.Create(
                Path.Combine(Folder().FullName, snapshot.Id + ".db"), filler => Fill(filler, snapshot, cancellation), cancellation);
            var sites = new SiteDirectory(copy, clock);
            var opened = new Opened(snapshot.Id, copy, new CohortData(
                copy, sites, new CohortCutOff(copy, sites), new SummaryService(copy, sites, pseudonyms, disclosure, meter, MostAnswers)));
            List<Opened> closing;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                _open.Add(opened);
                closing = [.. _open.Where(other => other != opened && other.Leases == 0).Take(Math.Max(0, _open.Count - MostOpen))];
                _open.RemoveAll(closing.Contains);
                opened.Leases++;
            }

            closing.ForEach(other => other.Dispose());
            return (opened.Data, new Lease(this, opened));
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _open.ForEach(opened => opened.Dispose());
            _open.Clear();
        }

        _held?.Dispose();
        _folder?.Delete(recursive: true);
        _loading.Dispose();
    }

    private (CohortData Data, IDisposable Lease)? Find(string id)
    {
        lock (_lock)
        {
            if (_open.Find(opened => opened.Id == id) is not { } known)
            {
                return null;
            }

            // The one that was asked last is closed last.
            _open.Remove(known);
            _open.Add(known);
            known.Leases++;
            return (known.Data, new Lease(this, known));
        }
    }

    // Only its owner may look into it. What a process that was killed has left is cleared away: nobody holds it any more.
    private DirectoryInfo Folder()
    {
        if (_folder is not null)
        {
            return _folder;
        }

        foreach (var left in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(FolderPrefix + "*"))
        {
            try
            {
                Hold(left, FileMode.Open).Dispose();
                left.Delete(recursive: true);
            }
            catch (Exception held) when (held is IOException or UnauthorizedAccessException)
            {
                // It belongs to another process, or is being made.
            }
        }

        var folder = Directory.CreateTempSubdirectory(FolderPrefix);
        _held = Hold(folder, FileMode.CreateNew);
        return _folder = folder;
    }

    private static FileStream Hold(DirectoryInfo folder, FileMode mode) =>
        new(Path.Combine(folder.FullName, "held"), mode, FileAccess.ReadWrite, FileShare.None);

    private async Task Fill(CopyFiller filler, Snapshot snapshot, CancellationToken cancellation)
    {
        // All cases are numbered first, in the order of their keys: one may name another that comes later.
        var numbers = new Dictionary<(string Site, string Code), int>();
        var parts = await SnapshotStore.Parts(database, snapshot.Id, cancellation);
        await foreach (var (_, text) in Texts(snapshot, parts.Where(part => part.Table == RowTable.CaseTable), cancellation)
            .Ahead(MostAhead, cancellation))
        {
            Number(text, numbers);
        }

        var (first, cases) = (0, 0);
        await foreach (var (part, text) in Texts(snapshot, parts, cancellation).Ahead(MostAhead, cancellation))
        {
            if (part.Table == RowTable.CaseTable)
            {
                (first, cases) = (cases, cases + (int)part.Rows);
                LoadCases(filler, text, first, numbers);
            }
            else
            {
                Load(filler, part.Table, text, first);
            }
        }

        await LoadPlaces(filler.Session, snapshot, numbers);
    }

    private async IAsyncEnumerable<(SnapshotPart Part, byte[] Text)> Texts(
        Snapshot snapshot, IEnumerable<SnapshotPart> parts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var part in parts)
        {
            var text = (await SnapshotStore.Text(database, part.Digest, cancellation))?.Text()
                ?? throw new DamagedSnapshotException(
                    FormattableString.Invariant($"Part {part.Number} of the snapshot {snapshot.Id} is not as it was stored."));
            yield return (part, text);
        }
    }

    private static void Number(byte[] text, Dictionary<(string Site, string Code), int> numbers)
    {
        var (columns, lines) = Parts(text);
        var (site, code) = (columns.IndexOf("site_code"), columns.IndexOf("case_code"));
        var fields = new Range[columns.Count];
        for (ReadOnlySpan<byte> rest = text.AsSpan(lines); !rest.IsEmpty;)
        {
            var line = Fields(ref rest, fields);
            numbers.Add((Text(line[fields[site]]), Text(line[fields[code]])), numbers.Count + 1);
        }
    }

    // The next line, and where its fields are.
    private static ReadOnlySpan<byte> Fields(ref ReadOnlySpan<byte> lines, Span<Range> fields)
    {
        var line = lines[..lines.IndexOf((byte)'\n')];
        lines = lines[(line.Length + 1)..];
        var field = 0;
        foreach (var part in line.Split((byte)','))
        {
            fields[field++] = part;
        }

        return line;
    }

    private static string Text(ReadOnlySpan<byte> field) => Encoding.ASCII.GetString(field);

    // The persons and pathways of cases, which come last, are named by cases, and have their numbers here.
    private static void LoadCases(CopyFiller filler, byte[] text, int first, Dictionary<(string Site, string Code), int> numbers)
    {
        var (columns, lines) = Parts(text);
        var (site, code, person, pathway) = (columns.IndexOf("site_code"),
            columns.IndexOf("case_code"),
            columns.IndexOf("person"),
            columns.IndexOf("pathway"));
        var numbered = new PooledBytes();
        var fields = new Range[columns.Count];
        for (ReadOnlySpan<byte> rest = text.AsSpan(lines); !rest.IsEmpty;)
        {
            var line = Fields(ref rest, fields);
            var (own, at) = (Text(line[fields[code]]), Text(line[fields[site]]));
            numbered.Write(line[..fields[person].Start.Value]);
            numbered.Write(Encoding.ASCII.GetBytes(
                FormattableString.Invariant($"{NumberOf(line[fields[person]])},{NumberOf(line[fields[pathway]])}\n")));

            int NumberOf(ReadOnlySpan<byte> other) => numbers[(at, other.IsEmpty ? own : Text(other))];
        }

        (columns[person], columns[pathway]) = ("person_id", "pathway_case_id");
        Load(filler, RowTable.CaseTable, columns, numbered.Written, first);
        numbered.Release();
    }

    private static void Load(CopyFiller filler, string table, byte[] text, int first)
    {
        var (columns, lines) = Parts(text);
        Load(filler, table, columns, text.AsSpan(lines), first);
    }

    private static void Load(CopyFiller filler, string table, List<string> columns, ReadOnlySpan<byte> lines, int first)
    {
        var known = RowTable.All.FirstOrDefault(one => one.Name == table);
        var isText = columns.Select(column => known?.Columns.FirstOrDefault(one => one.Name == column)?.IsText ?? false).ToArray();
        var names = columns.Select(column => column == RowText.CaseNumber ? known!.CaseColumn : column);
        var places = columns.Select((_, index) => FormattableString.Invariant($"@p{index}"));

        // Every row holds at the cut-off of the snapshot.
        var insert = known?.IsRanged == true
            ? $"INSERT INTO {table} ({string.Join(", ", names)}, known_from) VALUES ({string.Join(", ", places)}, 0)"
            : $"INSERT INTO {table} ({string.Join(", ", names)}) VALUES ({string.Join(", ", places)})";
        filler.Load(insert, isText, lines, known is null ? 0 : first);
    }

    // The columns that the second line names, and where the rows are.
    private static (List<string> Columns, Range Lines) Parts(byte[] text)
    {
        var head = Array.IndexOf(text, (byte)'\n');
        var end = Array.IndexOf(text, (byte)'\n', head + 1);
        return Encoding.ASCII.GetString(text, 0, head).Split(' ') is ["rows", "1", _]
            ? ([.. Encoding.ASCII.GetString(text, head + 1, end - head - 1).Split(',')], (end + 1)..)
            : throw new InvalidOperationException("The rows of a snapshot are in a format that this program does not know.");
    }

    // What the cut-off and the filters are held against, and how often the tables had changed.
    private static async Task LoadPlaces(Session session, Snapshot snapshot, Dictionary<(string Site, string Code), int> numbers)
    {
        await session.Execute(
            "INSERT INTO person (person_id, site_code, patient_reference, stamp, last_dated_day) VALUES (1, '', '', 1, @day)",
            new { day = snapshot.AsOf.DayNumber });
        var named = JsonNode.Parse(snapshot.Filter)!["site"]?.AsArray().Select(site => site!.GetValue<string>()) ?? [];
        foreach (var (number, site) in numbers.Keys.Select(key => key.Site).Concat(named).Distinct().Order(StringComparer.Ordinal).Index())
        {
            await session.Execute(
                "INSERT INTO site (site_id, site_code, name, country) VALUES (@number, @site, @site, 'ZZ')",
                new { number = number + 1, site });
        }

        foreach (var version in JsonNode.Parse(snapshot.DataVersions)!.AsArray())
        {
            var values = new DynamicParameters();
            values.Add("site", version![0]!.GetValue<string>());
            values.Add("table", version[1]!.GetValue<string>());
            values.Add("changes", version[2]!.GetValue<long>());
            await session.Execute("INSERT INTO data_version (site_code, table_name, changes) VALUES (@site, @table, @changes)", values);
        }
    }

    /// <summary>A snapshot that is open.</summary>
    private sealed class Opened(string id, CopyDatabase copy, CohortData data) : IDisposable
    {
        public string Id => id;

        public CohortData Data => data;

        /// <summary>How many are asking it.</summary>
        public int Leases { get; set; }

        public void Dispose()
        {
            data.Summaries.Dispose();
            copy.Dispose();
        }
    }

    private sealed class Lease(SnapshotLibrary library, Opened opened) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            lock (library._lock)
            {
                opened.Leases -= _isOver ? 0 : 1;
                _isOver = true;
            }
        }
    }
}
