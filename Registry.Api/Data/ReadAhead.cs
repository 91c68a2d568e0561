using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Registry.Api.Data;

/// <summary>Reads a sequence ahead of whoever works on it.</summary>
internal static class ReadAhead
{
    /// <summary>The same items, which are read on another thread: up to some of them while one is worked on.</summary>
    /// <param name="items">The items.</param>
    /// <param name="most">How many may wait.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async IAsyncEnumerable<T> Ahead<T>(
        this IAsyncEnumerable<T> items, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(most) { SingleReader = true, SingleWriter = true });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Task.Run(
            async () =>
            {
                Exception? failed = null;
                try
                {
                    await foreach (var item in items.WithCancellation(leaving.Token))
                    {
                        await waiting.Writer.WriteAsync(item, leaving.Token);
                    }
                }
                catch (Exception why)
                {
                    failed = why;
                }

                waiting.Writer.Complete(failed);
            },
            CancellationToken.None);
        try
        {
            await foreach (var item in waiting.Reader.ReadAllAsync(cancellation))
            {
                yield return item;
            }
        }
        finally
        {
            await leaving.CancelAsync();
            await reading;
        }
    }
}
