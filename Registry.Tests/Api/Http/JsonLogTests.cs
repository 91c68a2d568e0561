using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Registry.Api.Http;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>The log outside development: one JSON object a line, none lost and none torn.</summary>
public sealed class JsonLogTests
{
    [Test]
    public void Writes_a_line_for_each_entry_with_its_members()
    {
        using var output = new MemoryStream();
        using (var log = new JsonLog(StoppedClock.Noon, output))
        {
            LoggerMessage.Define<string, int>(LogLevel.Warning, default, "{Route} {Status}")(
                log.CreateLogger("Some.Category"), "/sites/{site} \"ü\"\n", 200, new InvalidOperationException("why"));
        }

        var line = JsonNode.Parse(Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n'))!;
        Assert.That(
            (line["time"]!.ToString(), line["level"]!.ToString(), line["category"]!.ToString()),
            Is.EqualTo(("2025-06-15T12:00:00Z", "Warning", "Some.Category")));
        Assert.That(
            (line["message"]!.ToString(), line["state"]!["Route"]!.ToString(), line["state"]!["Status"]!.GetValue<int>()),
            Is.EqualTo(("/sites/{site} \"ü\"\n 200", "/sites/{site} \"ü\"\n", 200)));
        Assert.That(line["exception"]!.ToString(), Does.Contain("why"));
        Assert.That(output.ToArray().Count(value => value == '\n'), Is.EqualTo(1));
    }

    [Test]
    public async Task Loses_and_tears_no_line_of_many_at_once()
    {
        const int Writers = 8, Each = 2000;
        using var output = new MemoryStream();
        using (var log = new JsonLog(TimeProvider.System, output))
        {
            var logger = log.CreateLogger("c");
            var write = LoggerMessage.Define<int, int>(LogLevel.Information, default, "{Writer} {Number}");
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
            {
                for (var number = 0; number < Each; number++)
                {
                    write(logger, writer, number, null);
                }
            })));
        }

        var lines = Encoding.UTF8.GetString(output.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["state"]!)
            .ToList();
        foreach (var writer in Enumerable.Range(0, Writers))
        {
            Assert.That(
                lines.Where(line => line["Writer"]!.GetValue<int>() == writer).Select(line => line["Number"]!.GetValue<int>()),
                Is.EqualTo(Enumerable.Range(0, Each)));
        }
    }
}
