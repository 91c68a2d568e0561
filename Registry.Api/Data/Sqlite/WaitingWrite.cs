using Microsoft.Data.Sqlite;

namespace Registry.Api.Data.Sqlite;

/// <summary>A write that waits for its turn, or for the commit of its group.</summary>
internal abstract class WaitingWrite
{
    /// <summary>Whether it works on what changes before it in its group work on.</summary>
    public abstract bool Joins(IJointWork joint);

    /// <summary>Carries the change out in the open transaction; again, if the transaction had to be begun again.</summary>
    /// <param name="session">The session.</param>
    /// <param name="joint">What the change before it worked on, if this one joins it; else null, and what it works on itself afterwards, if
    /// others can join.</param>
    /// <returns>False when what it did has to be undone.</returns>
    public abstract bool Run(SqliteSession session, ref IJointWork? joint);

    /// <summary>The same by itself, with nothing put off.</summary>
    public abstract bool RunAlone(SqliteSession session);

    /// <summary>Why the change could not be carried out; null when it was.</summary>
    public abstract Exception? Failure { get; }

    /// <summary>Tells the sender, once the transaction is committed.</summary>
    public abstract void Answer();

    /// <summary>Tells the sender that the transaction was not committed.</summary>
    public abstract void Fail(Exception why);
}

/// <summary>A write with an answer.</summary>
internal abstract class WaitingWrite<T>(CancellationToken cancellation) : WaitingWrite
{
    // Whoever waits goes on elsewhere: the thread that writes has better things to do.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _failure;

    public override Exception? Failure => _failure;

    public Task<T> Answered => _answer.Task;

    /// <summary>Runs the change. On this engine every call is done when it returns, so this never waits.</summary>
    /// <returns>Whether it came to its end.</returns>
    protected bool Run(Func<Task<T>> change)
    {
        _failure = null;
        try
        {
            _result = change().GetAwaiter().GetResult();
            return true;
        }
        catch (Exception failed)
        {
            _failure = failed;
            return false;
        }
    }

    /// <summary>Whether nobody waits any more.</summary>
    protected bool IsCancelled()
    {
        _failure = cancellation.IsCancellationRequested ? new OperationCanceledException(cancellation) : null;
        return _failure is not null;
    }

    public override void Answer()
    {
        switch (_failure)
        {
            case null:
                _answer.TrySetResult(_result!);
                break;
            case OperationCanceledException when cancellation.IsCancellationRequested:
                _answer.TrySetCanceled(cancellation);
                break;
            case SqliteException broken when KeptConnection.IsOfTheDisk(broken):
                _answer.TrySetException(
                    new DatabaseUnavailableException($"The database could not store the change: {SqliteFile.Reason(broken)}.", broken));
                break;
            default:
                _answer.TrySetException(_failure);
                break;
        }
    }

    public override void Fail(Exception why) => _answer.TrySetException(why);
}

/// <summary>A change by itself.</summary>
internal sealed class WaitingChange<T>(Func<Session, Task<T>> change, CancellationToken cancellation) : WaitingWrite<T>(cancellation)
{
    public override bool Joins(IJointWork joint) => false;

    public override bool Run(SqliteSession session, ref IJointWork? joint) => RunAlone(session);

    public override bool RunAlone(SqliteSession session) => IsCancelled() || (Run(() => change(session)) && !session.IsDiscarded);
}

/// <summary>A change to what others of its group change, too.</summary>
internal sealed class WaitingJointChange<TWork, T>(Func<Session, TWork> begin, Func<TWork, Task<T>> change, CancellationToken cancellation)
    : WaitingWrite<T>(cancellation)
    where TWork : class, IJointWork
{
    public override bool Joins(IJointWork joint) => joint is TWork;

    public override bool Run(SqliteSession session, ref IJointWork? joint)
    {
        if (IsCancelled())
        {
            return true;
        }

        var work = (TWork)(joint ??= begin(session));
        return Run(() => change(work));
    }

    public override bool RunAlone(SqliteSession session) => IsCancelled() || Run(async () =>
    {
        var work = begin(session);
        var answer = await change(work);
        await work.Flush();
        return answer;
    });
}
