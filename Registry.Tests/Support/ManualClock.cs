namespace Registry.Tests.Support;

/// <summary>A clock that a test moves on; what waits on it wakes when its time has come. One wait at a time is enough here.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<Waiting> _waiting = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    /// <summary>Moves it on.</summary>
    public void Advance(TimeSpan by)
    {
        _now += by;
        foreach (var due in _waiting.Where(one => one.Due <= _now).ToList())
        {
            _waiting.Remove(due);
            due.Callback(due.State);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiting = new Waiting(this, callback, state);
        waiting.Change(dueTime, period);
        return waiting;
    }

    private sealed class Waiting(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimerCallback Callback => callback;

        public object? State => state;

        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._waiting.Remove(this);
            if (dueTime >= TimeSpan.Zero)
            {
                Due = clock._now + dueTime;
                clock._waiting.Add(this);
            }

            return true;
        }

        public void Dispose() => clock._waiting.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
