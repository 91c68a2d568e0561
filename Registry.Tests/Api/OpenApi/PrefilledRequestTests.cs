using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.OpenApi;

/// <summary>
/// What the Swagger page offers to send has a sensible answer, on the demonstration data: nothing has to be filled in first.
/// </summary>
public sealed class PrefilledRequestTests
{
    // What has to name a version or say why is asked to: nothing is taken away by trying.
    private static readonly Dictionary<string, int[]> Sensible = new()
    {
        ["get"] = [200],
        ["put"] = [200, 201],
        ["post"] = [200, 201],
        ["delete"] = [428, 404],
    };

    [Test]
    public async Task Is_answered_as_it_is_offered()
    {
        await using var database = await TestDatabase.Create(Engine.Sqlite);
        await using var host = new RegistryHost(
            database, settings: new Dictionary<string, string> { ["Registry:Demo"] = "true", ["Registry:Swagger"] = "true" });
        var contract = (await host.Api.Get("/openapi/v1.json")).Expect(200).Json;
        JsonNode Resolve(JsonNode node) => AnswerContract.Of(host.Services).Resolve(node);

        // An example has no id of a snapshot: one is only known once it is taken, as the POST before does.
        var unlike = new List<string>();
        var taken = string.Empty;
        foreach (var method in new[] { "put", "post", "get", "delete" })
        {
            foreach (var (path, operations) in contract["paths"]!.AsObject())
            {
                if (operations![method] is not { } operation || Resolve(operation)["operationId"]!.GetValue<string>() == "postKey")
                {
                    continue;
                }

                var parameters = (operation["parameters"]?.AsArray() ?? []).Select(parameter => Resolve(parameter!))
                    .Where(parameter => parameter["example"] is not null)
                    .ToList();
                var address = parameters.Where(parameter => parameter["in"]!.GetValue<string>() == "path")
                    .Aggregate(path, (filled, parameter) =>
                        filled.Replace($"{{{parameter["name"]}}}", parameter["example"]!.ToString(), StringComparison.Ordinal))
                    .Replace("{snapshot}", taken, StringComparison.Ordinal);
                var query = string.Join('&', parameters.Where(parameter => parameter["in"]!.GetValue<string>() == "query")
                    .Select(parameter => $"{parameter["name"]}={parameter["example"]}"));
                Assert.That(parameters.Where(parameter => parameter["in"]!.GetValue<string>() == "header"), Is.Empty, path);
                var body = operation["requestBody"]?["content"]?["application/json"]?["example"]?.ToJsonString();
                var answer = await host.Api.Send(
                    new HttpMethod(method.ToUpperInvariant()),
                    (address.StartsWith("/api/v1", StringComparison.Ordinal) ? address["/api/v1".Length..] : address)
                        + (query.Length > 0 ? "?" + query : string.Empty),
                    body,
                    []);
                taken = answer is { Status: 201, Location: { } location } && location.Contains("/snapshots/", StringComparison.Ordinal)
                    ? Sample.KeyOf(location)
                    : taken;
                if (!Sensible[method].Contains(answer.Status))
                {
                    unlike.Add($"{answer.Request} {answer.Status} {answer.Text[..Math.Min(answer.Text.Length, 300)]}");
                }
            }
        }

        Assert.That(unlike, Is.Empty);
    }

    [Test]
    public async Task Is_open_in_production_where_it_is_configured()
    {
        await using var database = await TestDatabase.Create(Engine.Sqlite);
        await using var host = new RegistryHost(database, settings: new Dictionary<string, string> { ["Registry:Swagger"] = "true" });
        using var stranger = host.CreateClient();
        foreach (var path in new[] { "/swagger/index.html", "/openapi/v1.json", "/openapi/v1-3.0.json" })
        {
            Assert.That((int)(await stranger.GetAsync(path)).StatusCode, Is.EqualTo(200), path);
        }

        Assert.That((int)(await stranger.GetAsync("/api/v1/sites")).StatusCode, Is.EqualTo(401));
    }
}
