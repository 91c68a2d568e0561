using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace Registry.Api.Data.Sqlite;

/// <summary>
/// The file of the embedded database. It belongs to one process, which holds a lock on a file beside it; only its owner may
/// read it.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string ElsewhereAdvice = "Name another file in ConnectionStrings:Registry.";

    private static readonly byte[] Signature = "SQLite format 3\0"u8.ToArray();

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _lock;
    private SafeFileHandle? _bytes;

    private SqliteFile(string path, string connectionString, FileStream held) =>
        (Path, ConnectionString, _lock) = (path, connectionString, held);

    public string Path { get; }

    /// <summary>The file as the driver wants it.</summary>
    public string ConnectionString { get; }

    /// <summary>How much the disk can still take, in bytes.</summary>
    public long FreeSpace => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Makes the file where there is none, and takes it for this process.</summary>
    /// <exception cref="UnusableDatabaseException">It cannot be used.</exception>
    public static SqliteFile Take(string connectionString)
    {
        var path = PathIn(connectionString);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            var held = Lock(path);
            try
            {
                CheckSignature(path);
                return new SqliteFile(
                    path,
                    new SqliteConnectionStringBuilder
                    {
                        DataSource = path,
                        Mode = SqliteOpenMode.ReadWrite,
                        ForeignKeys = true,
                        Pooling = false,
                    }.ToString(),
                    held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new UnusableDatabaseException(
                $"{path} cannot be created or written: {failed.Message} Grant this user write access to the file and its folder, or name "
                    + "another file in ConnectionStrings:Registry.",
                failed);
        }
    }

    /// <summary>Looks into the file before anything is changed in it.</summary>
    /// <exception cref="UnusableDatabaseException">It is damaged, or belongs to another program.</exception>
    public void CheckOwner()
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        if (Number(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'") > 0
            && Number(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_journal'") == 0)
        {
            throw new UnusableDatabaseException($"{Path} holds the tables of another program. {ElsewhereAdvice}");
        }
    }

    /// <summary>Looks whether the file, with its log copied into it, has all its pages; a small one is looked through.</summary>
    /// <exception cref="UnusableDatabaseException">It is damaged.</exception>
    public void CheckPages(SqliteConnection connection)
    {
        const long LargestToLookThrough = 8 << 20;

        var length = new FileInfo(Path).Length;
        if (length < Number(connection, "PRAGMA page_count") * Number(connection, "PRAGMA page_size")
            || (length <= LargestToLookThrough && Ask(connection, "PRAGMA quick_check(1)") is not "ok"))
        {
            throw Damaged(null);
        }
    }

    /// <summary>Why the file cannot be opened, in words.</summary>
    public UnusableDatabaseException Unusable(SqliteException broken) => broken.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => Foreign(Path, broken),
        raw.SQLITE_CORRUPT => Damaged(broken),
        _ => new($"{Path} cannot be used: {Reason(broken)}. Mend that, or name another file in ConnectionStrings:Registry.", broken),
    };

    /// <summary>What an error of SQLite means for whoever runs the program.</summary>
    public static string Reason(SqliteException broken) => broken.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "the disk is full",
        raw.SQLITE_IOERR => string.Create(CultureInfo.InvariantCulture, $"the disk reports an error ({broken.SqliteExtendedErrorCode})"),
        raw.SQLITE_READONLY or raw.SQLITE_PERM => "the file, its folder or the disk is read-only",
        raw.SQLITE_CANTOPEN => "the file cannot be opened",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another program holds the file",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "the file is damaged",
        _ => broken.Message,
    };

    /// <summary>Whether a text stands anywhere in the file, be it in what is stored or in what is left of it.</summary>
    public bool Holds(string text)
    {
        const int Piece = 1 << 20;

        // Kept open to the end: to close it would give up the locks that SQLite holds on the file.
        _bytes ??= File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var sought = Encoding.UTF8.GetBytes(text);
        var buffer = new byte[Piece + sought.Length];
        for (var offset = 0L; RandomAccess.Read(_bytes, buffer, offset) is > 0 and var read; offset += Piece)
        {
            if (buffer.AsSpan(0, read).IndexOf(sought) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        _bytes?.Dispose();
        _lock.Dispose();
    }

    private UnusableDatabaseException Damaged(Exception? cause) =>
        new($"{Path} is damaged. Restore a backup, or move the file away to start with an empty database.", cause);

    private static string PathIn(string connectionString)
    {
        try
        {
            var builder = new SqliteConnectionStringBuilder(connectionString);
            if (builder.DataSource is { Length: > 0 } source
                && source != ":memory:"
                && !source.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
                && builder.Mode is SqliteOpenMode.ReadWriteCreate or SqliteOpenMode.ReadWrite)
            {
                return System.IO.Path.GetFullPath(source);
            }
        }
        catch (ArgumentException malformed)
        {
            throw new UnusableDatabaseException(
                $"ConnectionStrings:Registry is malformed: {malformed.Message} Say Data Source=…, with the path of a file.", malformed);
        }

        throw new UnusableDatabaseException(
            "ConnectionStrings:Registry names no file that can be written. Say Data Source=…, with the path of a file.");
    }

    // The file stays behind when the program ends: whoever deleted it could delete the lock of another.
    private static FileStream Lock(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // The process before this one may still be about to end.
        for (var waited = TimeSpan.Zero; waited < LongestWait; waited += BetweenTries)
        {
            try
            {
                return new FileStream(path + ".lock", options);
            }
            catch (IOException taken) when (IsTaken(taken))
            {
                Thread.Sleep(BetweenTries);
            }
        }

        try
        {
            return new FileStream(path + ".lock", options);
        }
        catch (IOException taken) when (IsTaken(taken))
        {
            throw new UnusableDatabaseException(
                $"{path} is in use by another process of this program. Stop that one first, or name another file in "
                    + "ConnectionStrings:Registry.",
                taken);
        }
    }

    private static bool IsTaken(IOException failed)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        const int WouldBlockOnLinux = 11;
        const int WouldBlockOnMac = 35;

        return failed.HResult == (OperatingSystem.IsWindows() ? SharingViolation
            : OperatingSystem.IsMacOS()
            ? WouldBlockOnMac
            : WouldBlockOnLinux);
    }

    // Before SQLite opens the file: to close it later would give up the locks that SQLite holds on it.
    private static void CheckSignature(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        Span<byte> head = stackalloc byte[Signature.Length];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read > 0 && !head[..read].SequenceEqual(Signature))
        {
            throw Foreign(path, null);
        }
    }

    private static UnusableDatabaseException Foreign(string path, Exception? cause) =>
        new($"{path} is not a database of this program. {ElsewhereAdvice}", cause);

    private static long Number(SqliteConnection connection, string sql) => (long)Ask(connection, sql)!;

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
