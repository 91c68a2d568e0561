using System.Reflection;
using NUnit.Framework;
using Registry.Api.Data;

namespace Registry.Tests.Api.Data;

/// <summary>Which errors of a SQL Server pass.</summary>
public sealed class TransientErrorTests
{
    // Timeouts, broken connections, deadlocks, a database that is starting, throttled or moving, conflicts of memory-optimised tables.
    private static readonly int[] Numbers =
    [
        -2, 20, 64, 121, 233, 1205, 4060, 911, 10053, 10054, 10060, 10928, 10929, 40197, 40501, 40613, 41301, 41302, 41305, 41325, 41839,
        49918, 49919, 49920,
    ];

    [Test]
    public void Is_the_documented_list() =>
        Assert.That(
            typeof(SqlServerDatabase).GetField("PassingErrors", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null),
            Is.EquivalentTo(Numbers));

    [Test]
    public void Takes_both_numbers_of_a_unique_index_for_a_lost_race() =>
        Assert.That(
            typeof(SqlServerDatabase).GetField("LostRaces", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null),
            Is.EquivalentTo([2601, 2627]));
}
