using System.Buffers;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>Bytes that are written one after the other, in an array of the pool.</summary>
internal sealed class PooledBytes : IBufferWriter<byte>
{
    private const int Smallest = 1 << 12;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Smallest);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All of them.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public void Advance(int count) => Count += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsSpan(Count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsMemory(Count);
    }

    /// <summary>Gives the array back to the pool. There are no bytes then.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, Count) = ([], 0);
    }

    private void Ensure(int size)
    {
        if (_bytes.Length - Count >= Math.Max(size, 1))
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Count + size));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
