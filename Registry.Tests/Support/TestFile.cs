using Microsoft.Extensions.Logging.Abstractions;
using Registry.Api.Data;

namespace Registry.Tests.Support;

/// <summary>The place of an embedded database, in a folder of its own that is gone after the test.</summary>
internal sealed class TestFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("registry-test-");

    /// <summary>Where the file is, or would be.</summary>
    public string FullName => Path.Combine(_folder.FullName, "registry.db");

    public string ConnectionString => $"Data Source={FullName}";

    /// <summary>The length of the write-ahead log, in bytes; 0 when there is none.</summary>
    public long LogLength => new FileInfo(FullName + "-wal") is { Exists: true } log ? log.Length : 0;

    /// <summary>Opens it as the program does.</summary>
    public SqliteDatabase Open() => new(ConnectionString, NullLogger.Instance);

    public void Dispose() => _folder.Delete(recursive: true);
}
