using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class PairedChangeTests
{
    [Test]
    public void Gives_effect_size_and_power_of_the_reference_series()
    {
        var change = Of(7, 4, 0, 0, 0, 0, 0, 9, 6, 8);

        Assert.That(change.N, Is.EqualTo(10));
        Assert.That(change.Mean, Is.EqualTo(3.4));
        Assert.That(change.Dz, Is.EqualTo(0.8932).Within(0.00005));
        Assert.That(change.Power, Is.EqualTo(0.7108).Within(0.00005));
    }

    [Test]
    public void Has_nothing_for_no_pairs()
    {
        var nothing = Of();

        Assert.That(nothing.Mean, Is.Null);
        Assert.That(nothing.Sd, Is.Null);
        Assert.That(nothing.Interval95, Is.Null);
        Assert.That(nothing.Dz, Is.Null);
        Assert.That(nothing.Power, Is.Null);
    }

    [Test]
    public void Has_only_a_mean_for_one_pair()
    {
        var one = Of(-3);

        Assert.That(one.Mean, Is.EqualTo(-3.0));
        Assert.That(one.Sd, Is.Null);
        Assert.That(one.Interval95, Is.Null);
        Assert.That(one.Dz, Is.Null);
        Assert.That(one.Power, Is.Null);
    }

    [Test]
    public void Has_no_effect_size_for_equal_changes()
    {
        var equal = Of(4, 4, 4);

        Assert.That(equal.Sd, Is.Zero);
        Assert.That(equal.Interval95, Is.EqualTo(new Interval(4, 4)));
        Assert.That(equal.Dz, Is.Null);
        Assert.That(equal.Power, Is.Null);
    }

    [Test]
    public void Gives_a_worsening_a_negative_effect_size_and_the_power_of_the_improvement()
    {
        Assert.That(Of(-7, -4, 0).Dz, Is.EqualTo(-Of(7, 4, 0).Dz!));
        Assert.That(Of(-7, -4, 0).Power, Is.EqualTo(Of(7, 4, 0).Power!));
    }

    [Test]
    public void Has_a_power_of_the_significance_level_for_no_mean_change() =>
        Assert.That(Of(-1, 0, 1).Power, Is.EqualTo(0.05).Within(1e-12));

    [Test]
    public void Has_full_power_for_a_million_pairs_with_a_large_effect()
    {
        Assert.That(new PairedChange(1_000_000, 5_000_000, 30_000_000).Power, Is.EqualTo(1.0));
        Assert.That(new PairedChange(1_000_000, 8_999_999, 80_999_999).Power, Is.EqualTo(1.0), "all changes equal but for one");
    }

    [Test]
    public void Agrees_with_R()
    {
        foreach (var row in ReferenceFile.Read("paired-change"))
        {
            var change = new PairedChange(row.Whole("n"), row.Whole("sum"), row.Whole("sum_of_squares"));
            row.ShouldGive("mean", change.Mean);
            row.ShouldGive("sd", change.Sd);
            row.ShouldGive("dz", change.Dz);
            if (change.Sd > 0)
            {
                row.ShouldGive("low", change.Interval95?.Low);
                row.ShouldGive("high", change.Interval95?.High);
            }
        }
    }

    private static PairedChange Of(params long[] changes) => new(changes.Length, changes.Sum(), changes.Sum(c => c * c));
}
