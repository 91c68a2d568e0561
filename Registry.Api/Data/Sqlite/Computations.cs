namespace Registry.Api.Data.Sqlite;

/// <summary>
/// Runs queries that take their time on a few threads of their own, each with a connection of its own, so that nothing else
/// waits for them. A bounded number may wait for their turn; one that is cancelled leaves at once, and stops if it is running.
/// Threads that have nothing to do help with a query that asks several questions at once.
/// </summary>
internal sealed class Computations(Func<KeptConnection> open) : IDisposable
{
    /// <summary>How many run at the same time.</summary>
    public static readonly int Threads = Math.Max(2, Environment.ProcessorCount);
    private const int MostWaiting = 64;

    // Moves on with every change of what figures are derived from: who reads the same number sees the same rows.
    private static readonly Statement State = new("SELECT COALESCE(SUM(changes), 0) FROM data_version");

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private readonly LinkedList<Computation> _waiting = new();
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Thread> _threads = [];
    private int _idle;

    /// <summary>Runs a query when its turn comes.</summary>
    /// <exception cref="DatabaseBusyException">Too many wait already.</exception>
    public async Task<T> Run<T>(Func<Session, Task<T>> query, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        var computation = new Computation<T>(this, query, either.Token);
        var place = Enqueue(computation);
        await using var leaving = either.Token.UnsafeRegister(_ => Leave(place), null);
        return await computation.Answer;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
        {
            thread.Join(LongestStop);
        }

        _stopping.Dispose();
    }

    private bool HasIdle
    {
        get
        {
            lock (_gate)
            {
                return _idle > _waiting.Count;
            }
        }
    }

    /// <summary>Has the idle threads run a query, each for itself.</summary>
    private List<(LinkedListNode<Computation> Place, Task<T> Answer)> RunOnIdle<T>(
        Func<Session, Task<T>> query, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var running = new List<(LinkedListNode<Computation>, Task<T>)>();
            for (var idle = _idle - _waiting.Count; idle > 0; idle--)
            {
                var computation = new Computation<T>(this, query, cancellation);
                running.Add((_waiting.AddLast(computation), computation.Answer));
                Monitor.Pulse(_gate);
            }

            return running;
        }
    }

    private LinkedListNode<Computation> Enqueue(Computation computation)
    {
        lock (_gate)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            if (_waiting.Count >= MostWaiting)
            {
                throw new DatabaseBusyException("Too many figures are being computed.");
            }

            var place = _waiting.AddLast(computation);
            if (_threads.Count == 0)
            {
                Start();
            }

            Monitor.Pulse(_gate);
            return place;
        }
    }

    private void Start()
    {
        for (var number = 1; number <= Threads; number++)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = FormattableString.Invariant($"computing {number}") };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <returns>Whether it was waiting still.</returns>
    private bool Leave(LinkedListNode<Computation> place)
    {
        lock (_gate)
        {
            if (place.List is null)
            {
                return false;
            }

            _waiting.Remove(place);
        }

        place.Value.Leave();
        return true;
    }

    private void Work()
    {
        KeptConnection? connection = null;
        while (Next(connection) is { } computation)
        {
            try
            {
                connection ??= open();
                if (!computation.Run(connection))
                {
                    connection.Dispose();
                    connection = null;
                }
            }
            catch (Exception failed)
            {
                computation.Fail(failed);
            }
        }

        connection?.Dispose();
    }

    private Computation? Next(KeptConnection? connection)
    {
        lock (_gate)
        {
            var isIdle = connection is null;
            while (true)
            {
                if (_stopping.IsCancellationRequested)
                {
                    return null;
                }

                if (_waiting.First is { } first)
                {
                    _waiting.RemoveFirst();
                    return first.Value;
                }

                _idle++;
                if (!Monitor.Wait(_gate, isIdle ? Timeout.InfiniteTimeSpan : IdleTime))
                {
                    connection!.Shrink();
                    isIdle = true;
                }

                _idle--;
            }
        }
    }

    /// <summary>A query and whoever waits for it.</summary>
    private abstract class Computation
    {
        /// <summary>Runs the query.</summary>
        /// <returns>Whether the connection may be used again.</returns>
        public abstract bool Run(KeptConnection connection);

        public abstract void Leave();

        public abstract void Fail(Exception why);
    }

    private sealed class Computation<T>(Computations all, Func<Session, Task<T>> query, CancellationToken cancellation) : Computation
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override bool Run(KeptConnection connection)
        {
            try
            {
                _answer.TrySetResult(
                    connection.Read(new ComputingSession(all, connection, cancellation), query, cancellation).GetAwaiter().GetResult());
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                Leave();
            }
            catch (Exception failed)
            {
                Fail(failed);
            }

            return connection.IsSound;
        }

        public override void Leave() => _answer.TrySetCanceled(cancellation);

        public override void Fail(Exception why) => _answer.TrySetException(why);
    }

    /// <summary>A session on one of the threads.</summary>
    private sealed class ComputingSession(Computations all, KeptConnection kept, CancellationToken cancellation)
        : SqliteSession(kept, cancellation)
    {
        /// <inheritdoc/>
        public override bool HasHelpers => all.HasIdle;

        /// <inheritdoc/>
        public override async Task<T[]> Each<T>(IReadOnlyList<Func<Session, Task<T>>> questions)
        {
            if (questions.Count == 1 || !HasHelpers)
            {
                return await base.Each(questions);
            }

            var (answers, asked) = (new T[questions.Count], -1);
            var state = await StateOf(this);
            var helpers = all.RunOnIdle(Help, Cancellation);
            await AnswerNext(this);
            await Task.WhenAll(helpers.Where(helper => !all.Leave(helper.Place)).Select(helper => helper.Answer));
            return answers;

            async Task<bool> Help(Session other)
            {
                var seesTheSame = await StateOf(other) == state;
                if (seesTheSame)
                {
                    await AnswerNext(other);
                }

                return seesTheSame;
            }

            async Task AnswerNext(Session session)
            {
                while (Interlocked.Increment(ref asked) is var place && place < questions.Count)
                {
                    answers[place] = await questions[place](session);
                }
            }
        }

        private static async ValueTask<long> StateOf(Session session) => (await session.Rows(State, static row => row.GetInt64(0)))[0];
    }
}
