namespace Registry.Api.Recording;

/// <summary>What was read from the database, remembered until it is changed there by this process.</summary>
internal sealed class Remembered<T>
    where T : class
{
    private readonly Lock _lock = new();
    private T? _value;
    private int _changes;

    /// <summary>What is remembered; null for nothing.</summary>
    public T? Value
    {
        get
        {
            lock (_lock)
            {
                return _value;
            }
        }
    }

    /// <summary>Forgets what is remembered: it was changed.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _changes++;
            _value = null;
        }
    }

    /// <summary>
    /// Reads it, and remembers it. Where it is changed while it is read, what was read answers this request and no later one.
    /// </summary>
    public async ValueTask<T> Read(Func<Task<T>> read)
    {
        int changes;
        lock (_lock)
        {
            changes = _changes;
        }

        var value = await read();
        lock (_lock)
        {
            _value = changes == _changes ? value : null;
        }

        return value;
    }
}
