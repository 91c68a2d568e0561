using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Recording;

namespace Registry.Tests.Support;

/// <summary>The analysis tables of a database, as text.</summary>
internal static class AnalysisTables
{
    /// <summary>Every row of every analysis table, each as a line of text.</summary>
    public static async Task<IReadOnlyList<string>> Dump(IDatabase database)
    {
        var lines = new List<string>();
        foreach (var table in AnalysisStore.Tables)
        {
            var rows = await database.Records($"SELECT {string.Join(", ", table.All)} FROM {table.Name}");
            lines.AddRange(rows.Select(row => $"{table.Name}: {string.Join(", ", row.Select(column => $"{column.Key}={column.Value}"))}")
                .Order(StringComparer.Ordinal));
        }

        return lines;
    }

    /// <summary>Fails unless deriving everything anew leaves every row as it was.</summary>
    public static async Task AssertDerivedFromScratch(IDatabase database, string when)
    {
        var before = await Dump(database);
        await new AnalysisRebuild(database, new PersonStore(new RecordKinds())).Run(everything: true, null, CancellationToken.None);
        var after = await Dump(database);
        Assert.That(
            before.Except(after).Select(line => "stored: " + line).Concat(after.Except(before).Select(line => "derived: " + line)).Take(20),
            Is.Empty,
            when);
        Assert.That(before, Has.Count.EqualTo(after.Count), when);
    }
}
