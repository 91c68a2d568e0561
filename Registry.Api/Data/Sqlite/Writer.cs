using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Registry.Api.Data.Sqlite;

/// <summary>
/// The one writer of the file: a thread of its own with a connection of its own. Writes that wait at the same moment share a
/// transaction, and so one flush of the disk; none is answered before the commit. When a commit fails, SQLite has undone it:
/// the writer is opened anew, and tries from then on whether the disk is well again.
/// </summary>
internal sealed partial class Writer : IDisposable
{
    private const int LargestGroup = 256;
    private const int MostWaiting = 10_000;

    // Pages of 4 KiB, after which the log is copied into the file.
    private const int PagesBetweenCopies = 2000;

    // Pages of the log: above the first number the writer waits a moment for those who read from it, so that it can begin at its
    // start again; above the second it waits longer.
    private const int LongLog = 6000;
    private const int TooLongLog = 16_000;

    private const long LeastFreeSpace = 1 << 20;

    private const int Passive = raw.SQLITE_CHECKPOINT_PASSIVE;
    private const int Restart = raw.SQLITE_CHECKPOINT_RESTART;
    private const int Truncate = raw.SQLITE_CHECKPOINT_TRUNCATE;

    // A group is not made longer after this, so that a large batch holds up few others.
    private static readonly TimeSpan LongestGroup = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLongWaits = TimeSpan.FromSeconds(10);

    // How soon after a failure the disk is tried again: later and later while it keeps failing.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // A write that takes longer hangs.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    private readonly SqliteFile _file;
    private readonly Func<KeptConnection> _open;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly Queue<WaitingWrite> _waiting = new();
    private readonly object _gate = new();
    private readonly List<WaitingWrite> _group = new(LargestGroup);

    private KeptConnection _connection;
    private bool _isStopping;
    private long _commits;
    private long _busySince;
    private string? _fault;
    private string? _copyFault;

    // After a failed commit, until something else was written over what it may have left in the log.
    private bool _isUnsealed;
    private bool _isDiskFull;
    private TimeSpan _pause = ShortestPause;
    private long _failedAt;
    private long _wellSince;

    private int _pagesSinceCopy;
    private long _waitedAt;
    private bool _isLogEmpty;

    /// <summary>Opens the file, and puts right what a program that was killed has left.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public Writer(SqliteFile file, Func<KeptConnection> open, ILogger log)
    {
        (_file, _open, _log) = (file, open, log);
        _connection = open();
        try
        {
            if (_connection.Checkpoint(Truncate, LongPatience).IsDone)
            {
                file.CheckPages(_connection.Connection);
            }
        }
        catch
        {
            _connection.Dispose();
            throw;
        }

        _isLogEmpty = true;
        _thread = new Thread(Work) { IsBackground = true, Name = "writing" };
        _thread.Start();
    }

    /// <summary>Increases with every commit that may have changed something.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>The writes that wait for their turn. Unit: count.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Why nothing can be written at the moment; null when it can.</summary>
    public string? Fault
    {
        get
        {
            var since = Volatile.Read(ref _busySince);
            return Volatile.Read(ref _fault)
                ?? (since != 0 && Stopwatch.GetElapsedTime(since) is var elapsed && elapsed > LongestWrite
                    ? string.Create(CultureInfo.InvariantCulture, $"the disk has not finished a write for {elapsed.TotalSeconds:0} s")
                    : null);
        }
    }

    /// <summary>Carries a change out in its turn.</summary>
    /// <exception cref="DatabaseBusyException">Too many wait already.</exception>
    public Task<T> Write<T>(WaitingWrite<T> write)
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                throw new DatabaseUnavailableException("The program is shutting down.");
            }

            if (_waiting.Count >= MostWaiting)
            {
                throw new DatabaseBusyException("Too many writes wait for their turn.");
            }

            _waiting.Enqueue(write);
            Monitor.Pulse(_gate);
        }

        return write.Answered;
    }

    /// <summary>Carries out what waits, and closes the file so that it is whole by itself.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.Pulse(_gate);
        }

        if (_thread.Join(LongestStop))
        {
            _connection.Dispose();
        }
    }

    private void Work()
    {
        while (WaitForWork() is { } isWork)
        {
            if (isWork)
            {
                Volatile.Write(ref _busySince, Stopwatch.GetTimestamp());
                WriteTogether();
                Volatile.Write(ref _busySince, 0);
                KeepLogShort();
            }
            else if (_fault is null)
            {
                Settle();
            }
            else
            {
                Recover();
            }
        }

        End();
    }

    /// <returns>True when a write waits, false when there has been none for a while, null at the end.</returns>
    private bool? WaitForWork()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_isStopping)
                {
                    return null;
                }

                var wait = _fault is not null ? UntilNextTry() : _isLogEmpty ? Timeout.InfiniteTimeSpan : IdleTime;
                if (!Monitor.Wait(_gate, wait) && _waiting.Count == 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private bool TryTake(out WaitingWrite write)
    {
        lock (_gate)
        {
            return _waiting.TryDequeue(out write!);
        }
    }

    private void WriteTogether()
    {
        if (_fault is not null && (UntilNextTry() > TimeSpan.Zero || !Recover()))
        {
            var refusal = new DatabaseUnavailableException($"The database cannot be written at the moment: {_fault}.");
            while (TryTake(out var write))
            {
                write.Fail(refusal);
            }

            return;
        }

        var before = _connection.Changes;
        var isCommitting = false;
        try
        {
            _connection.BeginWriting();
            var hasRunText = RunGroup();
            isCommitting = true;
            _connection.Commit();
            _isLogEmpty = false;
            if (hasRunText || _connection.Changes != before)
            {
                Interlocked.Increment(ref _commits);
            }
        }
        catch (Exception failed)
        {
            Refuse(failed, isCommitting);
            return;
        }

        foreach (var write in _group)
        {
            write.Answer();
        }

        _group.Clear();
    }

    /// <summary>
    /// Carries the changes out that wait; what joint changes work on is stored once. Only when one has to be undone are those before it
    /// carried out again, each by itself with a mark before it.
    /// </summary>
    /// <returns>Whether SQL given as text was run, which may change what is not counted.</returns>
    private bool RunGroup()
    {
        var hasRunText = false;
        var started = Stopwatch.GetTimestamp();
        IJointWork? joint = null;
        while (_group.Count < LargestGroup && Stopwatch.GetElapsedTime(started) < LongestGroup && TryTake(out var write))
        {
            if (joint is not null && !write.Joins(joint))
            {
                var isStored = TryStore(joint);
                joint = null;
                if (!isStored)
                {
                    _group.Add(write);
                    return RunAgain();
                }
            }

            _group.Add(write);
            var before = _connection.Changes;
            var session = new SqliteSession(_connection, CancellationToken.None);
            var isKept = write.Run(session, ref joint);
            ExpectTransaction(write.Failure);
            hasRunText |= session.HasRunText;
            if (!isKept && (joint is not null || session.HasRunText || _connection.Changes != before))
            {
                if (_group.Count > 1)
                {
                    return RunAgain();
                }

                _connection.Undo();
                _connection.BeginWriting();
                joint = null;
                hasRunText = false;
            }
        }

        return joint is null || TryStore(joint) ? hasRunText : RunAgain();
    }

    private bool TryStore(IJointWork joint)
    {
        try
        {
            joint.Flush().GetAwaiter().GetResult();
            return true;
        }
        catch (Exception failed)
        {
            ExpectTransaction(failed);
            return false;
        }
    }

    private bool RunAgain()
    {
        _connection.Undo();
        _connection.BeginWriting();
        return RunWithMarks();
    }

    private bool RunWithMarks()
    {
        var hasRunText = false;
        foreach (var write in _group)
        {
            _connection.Mark();
            var session = new SqliteSession(_connection, CancellationToken.None);
            var isKept = write.RunAlone(session);
            ExpectTransaction(write.Failure);
            _connection.Release(isKept);
            hasRunText |= isKept && session.HasRunText;
        }

        return hasRunText;
    }

    // A full disk, say, ends the transaction in the middle of a change.
    private void ExpectTransaction(Exception? failure)
    {
        if (!_connection.IsInTransaction)
        {
            throw new DatabaseUnavailableException("The transaction has ended before its time.", failure);
        }
    }

    private void Refuse(Exception failed, bool isCommitting)
    {
        var broken = failed as SqliteException ?? failed.InnerException as SqliteException;
        var reason = broken is null ? failed.Message : SqliteFile.Reason(broken);
        _isDiskFull = broken?.SqliteErrorCode == raw.SQLITE_FULL;

        // What could not be written whole cannot come back; what could not be flushed can.
        _isUnsealed |= isCommitting && !_isDiskFull && broken?.SqliteExtendedErrorCode != raw.SQLITE_IOERR_WRITE;

        if (_fault is null)
        {
            var isFailingOften = Stopwatch.GetElapsedTime(_wellSince) < LongestPause;
            _pause = isFailingOften ? TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, LongestPause.Ticks)) : ShortestPause;
            Volatile.Write(ref _fault, reason);
            LogFault(reason, broken is null ? failed : null);
        }

        _failedAt = Stopwatch.GetTimestamp();
        if (Reopen() && _pause == ShortestPause)
        {
            BeWell();
        }

        var refusal = new DatabaseUnavailableException(
            _isUnsealed
                ? $"The database could not store the change: {reason}. It may be stored all the same."
                : $"The database could not store the change: {reason}.",
            failed);
        foreach (var write in _group)
        {
            write.Fail(refusal);
        }

        _group.Clear();
    }

    private TimeSpan UntilNextTry() =>
        _pause - Stopwatch.GetElapsedTime(_failedAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private bool Recover()
    {
        _failedAt = Stopwatch.GetTimestamp();
        if (!Reopen())
        {
            return false;
        }

        BeWell();
        return true;
    }

    private void BeWell()
    {
        Volatile.Write(ref _fault, null);
        _wellSince = Stopwatch.GetTimestamp();
        LogWell();
    }

    /// <summary>Opens the writer anew, and sees whether it can write.</summary>
    private bool Reopen()
    {
        try
        {
            // Before the old one is closed: the first to open a file that nobody has open reads the log from its start, and so would
            // bring back what a failed commit has left there.
            var anew = _open();
            _connection.Dispose();
            _connection = anew;

            // Written over it, so that it cannot come back after the program was killed, either.
            _connection.Seal();
            _isUnsealed = false;
            _isLogEmpty = false;
            if (!_isDiskFull)
            {
                return true;
            }

            _connection.Checkpoint(Truncate, ShortPatience);
            return _file.FreeSpace >= LeastFreeSpace;
        }
        catch (Exception failed) when (failed is SqliteException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void KeepLogShort()
    {
        _pagesSinceCopy += _connection.PagesWritten();
        if (_fault is null && _pagesSinceCopy >= PagesBetweenCopies)
        {
            _pagesSinceCopy = 0;
            Copy(() =>
            {
                var (_, pages) = _connection.Checkpoint(Passive, TimeSpan.Zero);
                if (pages > TooLongLog && Stopwatch.GetElapsedTime(_waitedAt) > BetweenLongWaits)
                {
                    _connection.Checkpoint(Restart, LongPatience);
                    _waitedAt = Stopwatch.GetTimestamp();
                }
                else if (pages > LongLog)
                {
                    _connection.Checkpoint(Restart, ShortPatience);
                }
            });
        }
    }

    // Nothing has been written for a while: from now on the file is whole without its log.
    private void Settle() => Copy(() => _isLogEmpty = _connection.Checkpoint(Truncate, ShortPatience).IsDone);

    // What cannot be copied stays in the log, and nothing is lost.
    private void Copy(Action copy)
    {
        try
        {
            copy();
            if (_copyFault is not null)
            {
                _copyFault = null;
                LogCopied();
            }
        }
        catch (SqliteException broken)
        {
            if (_copyFault is null)
            {
                _copyFault = SqliteFile.Reason(broken);
                LogCopyFault(_copyFault);
            }
        }
    }

    private void End()
    {
        if (_isUnsealed)
        {
            Reopen();
        }

        Copy(() =>
        {
            const string AnalyseTablesThatHaveGrown = "optimize = 0x10012";

            if (_fault is null)
            {
                _connection.Pragma(AnalyseTablesThatHaveGrown);
            }

            _connection.Checkpoint(Truncate, LongPatience);
        });
    }

    [LoggerMessage(LogLevel.Error, "The database cannot be written: {Reason}. Reading goes on; writing is tried again by itself.")]
    private partial void LogFault(string reason, Exception? unexpected);

    [LoggerMessage(LogLevel.Warning, "The database can be written again.")]
    private partial void LogWell();

    [LoggerMessage(LogLevel.Error, "The write-ahead log cannot be copied into the database: {Reason}. It grows until it can.")]
    private partial void LogCopyFault(string reason);

    [LoggerMessage(LogLevel.Warning, "The write-ahead log can be copied into the database again.")]
    private partial void LogCopied();
}
