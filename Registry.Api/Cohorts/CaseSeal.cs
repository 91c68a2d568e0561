using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Registry.Api.Cohorts;

/// <summary>Writes the registry's own number of a case so that only this registry can read it: one block of AES.</summary>
/// <param name="key">The key, of <see cref="KeyBytes"/> bytes.</param>
internal sealed class CaseSeal(byte[] key)
{
    public const int KeyBytes = 16;

    private const int BlockBytes = 16;

    /// <summary>The number of a case, sealed: 32 hexadecimal digits, the same each time.</summary>
    public string Close(int number)
    {
        Span<byte> block = stackalloc byte[BlockBytes];
        BinaryPrimitives.WriteInt32BigEndian(block, number);
        using var aes = Cipher();
        return Convert.ToHexStringLower(aes.EncryptEcb(block, PaddingMode.None));
    }

    /// <summary>The number in a sealed text; null where it was not sealed by this registry.</summary>
    public int? Open(string text)
    {
        using var aes = Cipher();
        var block = aes.DecryptEcb(Convert.FromHexString(text), PaddingMode.None);
        return block.AsSpan(sizeof(int)).ContainsAnyExcept((byte)0) ? null : BinaryPrimitives.ReadInt32BigEndian(block);
    }

    private Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }
}
