using System.Text.RegularExpressions;
using NUnit.Framework;
using Registry.Api.Access;

namespace Registry.Tests.Api.Access;

/// <summary>A key has a form that scanners for secrets recognise.</summary>
public sealed class KeyFormTests
{
    // The checksum was computed with zlib.
    private const string Known = "nmr_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG3c5Lou";

    [Test]
    public void Ends_in_the_checksum_of_what_is_before_it()
    {
        Assert.That(ApiKey.Complete("0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"), Is.EqualTo(Known));
        Assert.That(ApiKey.IsWellFormed(Known));
    }

    [Test]
    public void Is_told_from_what_only_looks_like_one()
    {
        for (var at = 0; at < Known.Length; at++)
        {
            Assert.That(
                ApiKey.IsWellFormed(Known[..at] + (Known[at] == 'x' ? 'y' : 'x') + Known[(at + 1)..]),
                Is.False,
                FormattableString.Invariant($"changed at {at}"));
            Assert.That(ApiKey.IsWellFormed(Known[..at]), Is.False, FormattableString.Invariant($"cut at {at}"));
        }

        Assert.That(ApiKey.IsWellFormed(Known + "0"), Is.False);
    }

    [Test]
    public void Is_another_each_time_and_fits_the_pattern_for_scanners()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKey.New()).ToList();
        Assert.That(keys, Is.Unique);
        Assert.That(keys.Where(key => !ApiKey.IsWellFormed(key) || !Regex.IsMatch(key, $"^{ApiKey.Pattern}$")), Is.Empty);
    }

    [Test]
    public void Has_at_least_256_random_bits() => Assert.That(43 * Math.Log2(62), Is.GreaterThanOrEqualTo(256));
}
