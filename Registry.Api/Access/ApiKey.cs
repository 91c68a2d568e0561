using System.Security.Cryptography;
using System.Text;

namespace Registry.Api.Access;

/// <summary>
/// The form of a key that the registry issues: <c>nmr_</c>, 43 characters of a base-62 alphabet drawn at random (256 bits), and six
/// characters of checksum. A scanner for leaked secrets finds one by its prefix, and tells it by the checksum from what only looks like
/// one.
/// </summary>
internal static class ApiKey
{
    /// <summary>How every key begins.</summary>
    public const string Prefix = "nmr_";

    /// <summary>The form of a key, as a regular expression for scanners.</summary>
    public const string Pattern = "nmr_[0-9A-Za-z]{49}";

    /// <summary>The longest credential that is looked at. Unit: characters.</summary>
    public const int LongestCredential = 1024;

    /// <summary>The length of the id of a key: the first digits of its hash. Unit: characters.</summary>
    public const int IdLength = 12;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 43;
    private const int ChecksumLength = 6;
    private const uint Crc32 = 0xEDB88320;

    /// <summary>A new key.</summary>
    public static string New() => Complete(RandomNumberGenerator.GetString(Alphabet, SecretLength));

    /// <summary>The key with this secret part: the prefix before it and the checksum behind.</summary>
    public static string Complete(string secret) => Prefix + secret + Checksum(Prefix + secret);

    /// <summary>Whether a text is a key by its form and checksum. What is not was never issued, and need not be looked up.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Prefix.Length + SecretLength + ChecksumLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && Checksum(text[..^ChecksumLength]) == text[^ChecksumLength..];

    /// <summary>The SHA-256 of a key: the only form in which one is kept.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The id of the key with this hash. It says nothing of the key.</summary>
    public static string IdOf(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash[..(IdLength / 2)]);

    // CRC-32 as in zlib and PNG, in base 62, the highest digit first.
    private static string Checksum(string text)
    {
        var crc = uint.MaxValue;
        foreach (var character in text)
        {
            crc ^= character;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Crc32);
            }
        }

        var (rest, digits) = (~crc, new char[ChecksumLength]);
        for (var digit = ChecksumLength - 1; digit >= 0; digit--)
        {
            digits[digit] = Alphabet[(int)(rest % Alphabet.Length)];
            rest /= (uint)Alphabet.Length;
        }

        return new string(digits);
    }
}
