using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Registry.Api.Audit;

namespace Registry.Tests.Api.Audit;

/// <summary>The bytes that a hash of the trail covers: written down here a second time, so that they never change unnoticed.</summary>
public sealed class ChainTests
{
    private static readonly ChainedVersion Version = new(
        "site", 7, "case", "assessment", "12m", 2, """{"nrs":3}""", false, "2026-11-20T12:00:00.000000Z",
        new Sender("key", "k1", "192.0.2.1", null), "Größe");

    private static readonly AuditEntry Entry = new("erasure", "site", "erased-7", new Sender("key", "k1"), "Because");

    private static readonly ChainedVersion[] Others =
    [
        Version with { Site = "sitec", Case = "ase" },
        Version with { Change = 8 },
        Version with { Case = string.Empty },
        Version with { Kind = "event" },
        Version with { Code = "12" },
        Version with { Version = 3 },
        Version with { Content = """{"nrs":4}""" },
        Version with { IsRetracted = true },
        Version with { RecordedAt = "2026-11-20T12:00:00.000001Z" },
        Version with { By = Version.By with { Name = "ke", KeyId = "yk1" } },
        Version with { By = Version.By with { KeyId = null } },
        Version with { By = Version.By with { Address = string.Empty } },
        Version with { By = Version.By with { SentAt = string.Empty } },
        Version with { Reason = null },
        Version with { Reason = string.Empty },
    ];

    [Test]
    public void Covers_a_version_field_by_field()
    {
        var before = Enumerable.Range(0, 32).Select(number => (byte)number).ToArray();
        var expected = Sha256(
            before, "version", "site", 7L, "case", "assessment", "12m", 2L, """{"nrs":3}""", 0L, "2026-11-20T12:00:00.000000Z", "key",
            "k1", "192.0.2.1", null, "Größe");
        Assert.That(Chain.Of(before, Version), Is.EqualTo(expected));
    }

    [Test]
    public void Covers_an_entry_field_by_field()
    {
        var expected = Sha256(
            new byte[32], "entry", 1L, "erasure", "site", "erased-7", null, 0L, null, "2026-11-20T12:00:00.000000Z", "key", "k1", null,
            "Because");
        Assert.That(Chain.Of(Chain.Start, 1, "2026-11-20T12:00:00.000000Z", Entry), Is.EqualTo(expected));

        var anchor = Entry with { Anchored = new Head(3, expected) };
        var ofAnchor = Sha256(
            new byte[32], "entry", 1L, "erasure", "site", "erased-7", null, 3L, Convert.ToHexStringLower(expected),
            "2026-11-20T12:00:00.000000Z", "key", "k1", null, "Because");
        Assert.That(Chain.Of(Chain.Start, 1, "2026-11-20T12:00:00.000000Z", anchor), Is.EqualTo(ofAnchor));
    }

    [Test]
    public void Is_another_one_whatever_differs()
    {
        var hashes = Others.Prepend(Version)
            .Select(version => Convert.ToHexString(Chain.Of(Chain.Start, version)))
            .Append(Convert.ToHexString(Chain.Of(new byte[] { 1 }, Version)));
        Assert.That(hashes, Is.Unique);
    }

    private static byte[] Sha256(byte[] before, params object?[] fields)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(before);
        foreach (var field in fields)
        {
            switch (field)
            {
                case long number:
                    writer.Write(number);
                    break;
                case string text:
                    writer.Write(Encoding.UTF8.GetByteCount(text));
                    writer.Write(Encoding.UTF8.GetBytes(text));
                    break;
                default:
                    writer.Write(-1);
                    break;
            }
        }

        writer.Flush();
        return SHA256.HashData(bytes.ToArray());
    }
}
