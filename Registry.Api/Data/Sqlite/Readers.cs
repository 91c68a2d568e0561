namespace Registry.Api.Data.Sqlite;

/// <summary>The connections for short look-ups: each is lent to one reader at a time, and a few are kept.</summary>
internal sealed class Readers(Func<KeptConnection> open) : IDisposable
{
    private const int MostLent = 64;
    private const int MostKept = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _places = new(MostLent);
    private readonly Stack<KeptConnection> _free = new(MostKept);
    private bool _isClosed;

    /// <summary>Runs a query on a connection that is lent to it.</summary>
    /// <exception cref="DatabaseBusyException">None became free in time.</exception>
    public async Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation)
    {
        var connection = await Lend(cancellation);
        try
        {
            return await connection.Read(query, cancellation);
        }
        finally
        {
            TakeBack(connection);
        }
    }

    public void Dispose()
    {
        lock (_free)
        {
            _isClosed = true;
            while (_free.TryPop(out var free))
            {
                free.Dispose();
            }
        }

        // Connections that are lent still are closed when they come back.
    }

    private async ValueTask<KeptConnection> Lend(CancellationToken cancellation)
    {
        if (!await _places.WaitAsync(Patience, cancellation))
        {
            throw new DatabaseBusyException("Too much is being read at once.");
        }

        try
        {
            lock (_free)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                if (_free.TryPop(out var free))
                {
                    return free;
                }
            }

            return open();
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    private void TakeBack(KeptConnection connection)
    {
        bool isKept;
        lock (_free)
        {
            isKept = connection.IsSound && !_isClosed && _free.Count < MostKept;
            if (isKept)
            {
                _free.Push(connection);
            }
        }

        if (!isKept)
        {
            connection.Dispose();
        }

        _places.Release();
    }
}
