namespace Registry.Api.Summaries;

/// <summary>Has what many ask for at once computed once. A computation that nobody waits for any more is cancelled.</summary>
internal sealed class SharedComputations<T>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Computation> _running = [];

    /// <summary>Waits for the computation with this key, and starts it if none is under way.</summary>
    /// <param name="key">Whoever states the same key gets the same answer.</param>
    /// <param name="compute">Computes it; its token is cancelled when nobody waits any more.</param>
    /// <param name="cancellation">Ends the wait of this caller alone.</param>
    public async Task<T> Join(string key, Func<CancellationToken, Task<T>> compute, CancellationToken cancellation)
    {
        Computation? one;
        lock (_lock)
        {
            if (!_running.TryGetValue(key, out one))
            {
                var stop = new CancellationTokenSource();
                _running[key] = one = new Computation(Task.Run(() => compute(stop.Token), CancellationToken.None), stop);
            }

            one.Waiting++;
        }

        try
        {
            return await one.Answer.WaitAsync(cancellation);
        }
        finally
        {
            lock (_lock)
            {
                if (--one.Waiting == 0)
                {
                    _running.Remove(key);
                    one.Stop.Cancel();
                }
            }
        }
    }

    private sealed class Computation(Task<T> answer, CancellationTokenSource stop)
    {
        public Task<T> Answer => answer;

        public CancellationTokenSource Stop => stop;

        public int Waiting { get; set; }
    }
}
