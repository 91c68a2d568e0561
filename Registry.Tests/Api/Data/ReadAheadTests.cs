using System.Runtime.CompilerServices;
using NUnit.Framework;
using Registry.Api.Data;

namespace Registry.Tests.Api.Data;

/// <summary>A sequence that is read ahead is the same sequence, and is left when nobody wants more of it.</summary>
public sealed class ReadAheadTests
{
    private const int Most = 3;
    private const int Endless = int.MaxValue;

    private int _read;
    private bool _isLeft;

    [SetUp]
    public void Begin() => (_read, _isLeft) = (0, false);

    [Test]
    public async Task Gives_every_item_in_order()
    {
        var items = new List<int>();
        await foreach (var item in Numbers(100).Ahead(Most, CancellationToken.None))
        {
            items.Add(item);
        }

        Assert.That(items, Is.EqualTo(Enumerable.Range(1, 100)));
        Assert.That(_isLeft);
    }

    [Test]
    public async Task Reads_no_more_than_may_wait()
    {
        await foreach (var item in Numbers(100).Ahead(Most, CancellationToken.None))
        {
            // One is worked on, some wait, and one is at hand that may not wait yet.
            Assert.That(Volatile.Read(ref _read), Is.InRange(item, item + Most + 1));
        }
    }

    [Test]
    public async Task Stops_reading_when_nobody_wants_more()
    {
        await foreach (var item in Numbers(Endless).Ahead(Most, CancellationToken.None))
        {
            if (item == 2)
            {
                break;
            }
        }

        Assert.That(_isLeft);
    }

    [Test]
    public void Fails_as_the_reading_fails_behind_what_was_read()
    {
        var items = new List<int>();
        Assert.That(
            async () =>
            {
                await foreach (var item in Numbers(Endless, failsBehind: 5).Ahead(Most, CancellationToken.None))
                {
                    items.Add(item);
                }
            },
            Throws.InvalidOperationException.With.Message.EqualTo("A defect."));
        Assert.That(items, Is.EqualTo(Enumerable.Range(1, 5)));
    }

    [Test]
    public void Ends_early_when_it_is_cancelled()
    {
        using var cancelling = new CancellationTokenSource();
        Assert.That(
            async () =>
            {
                await foreach (var item in Numbers(Endless).Ahead(Most, cancelling.Token))
                {
                    await cancelling.CancelAsync();
                }
            },
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_isLeft);
    }

    private async IAsyncEnumerable<int> Numbers(
        int count, int failsBehind = Endless, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            for (var number = 1; number <= count; number++)
            {
                await Task.Yield();
                cancellation.ThrowIfCancellationRequested();
                Volatile.Write(ref _read, number);
                yield return number <= failsBehind ? number : throw new InvalidOperationException("A defect.");
            }
        }
        finally
        {
            _isLeft = true;
        }
    }
}
