using Microsoft.Data.Sqlite;

namespace Registry.Api.Data.Sqlite;

/// <summary>A write that waits for its turn, or for the commit of its group.</summary>
internal abstract class WaitingWrite
{
    /// <summary>Carries the change out in the open transaction; again, if the transaction had to be begun again.</summary>
    /// <returns>False when what it did has to be undone.</returns>
    public abstract bool Run(SqliteSession session);

    /// <summary>Why the change could not be carried out; null when it was.</summary>
    public abstract Exception? Failure { get; }

    /// <summary>Tells the sender, once the transaction is committed.</summary>
    public abstract void Answer();

    /// <summary>Tells the sender that the transaction was not committed.</summary>
    public abstract void Fail(Exception why);
}

/// <summary>A write with an answer.</summary>
internal sealed class WaitingWrite<T>(Func<Session, Task<T>> change, CancellationToken cancellation) : WaitingWrite
{
    // Whoever waits goes on elsewhere: the thread that writes has better things to do.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _failure;

    public override Exception? Failure => _failure;

    public Task<T> Answered => _answer.Task;

    public override bool Run(SqliteSession session)
    {
        _failure = null;
        try
        {
            cancellation.ThrowIfCancellationRequested();

            // On this engine every call is done when it returns: this never waits.
            _result = change(session).GetAwaiter().GetResult();
            return !session.IsDiscarded;
        }
        catch (Exception failed)
        {
            _failure = failed;
            return false;
        }
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
                _answer.TrySetException(new DatabaseUnavailableException($"The database could not store the change: {SqliteFile.Reason(broken)}.", broken));
                break;
            default:
                _answer.TrySetException(_failure);
                break;
        }
    }

    public override void Fail(Exception why) => _answer.TrySetException(why);
}
