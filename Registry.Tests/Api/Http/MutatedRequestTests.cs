using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>
/// Every operation of the contract, with things wrong with its requests: no error of the program's own, a refusal in the form of the
/// contract, and nothing stored by what was refused. A failure prints the request and the seed that makes it again.
/// </summary>
public sealed class MutatedRequestTests(Engine engine) : RegistryFixture(engine)
{
    private const int Seed = 20_261_125;

    private static readonly Dictionary<string, string> Keys = new()
    {
        ["site"] = "s",
        ["case"] = "c",
        ["timepoint"] = "12m",
        ["event"] = "k",
        ["adverseEvent"] = "k",
        ["cost"] = "k",
        ["stay"] = "k",
        ["reference"] = "P-9",
        ["observation"] = "s.c.12m.nrs",
        ["response"] = "s.c.12m.pdi",
        ["version"] = "1",
        ["id"] = "0a1b2c3d4e5f",
    };

    protected override TimeProvider Clock => StoppedClock.Noon;

    protected override async Task Prepare()
    {
        const string Case = "/sites/s/cases/c";
        (await Api.Put("/sites/s", Sample.Site)).Expect(201);
        (await Api.Put(Case, Sample.Case("drez"))).Expect(201);
        (await Api.Put(Case + "/events/k", Sample.Event("lesioned", "2024-01-10"))).Expect(201);
        (await Api.Put(
            Case + "/assessments/12m",
            """{"assessedOn":"2025-01-10","nrs":4,"pdiItems":{"familyHome":1,"recreation":2,"social":3,"occupation":4,"sexual":5,"selfCare":6,"lifeSupport":7}}""")).Expect(201);
        (await Api.Put(
            Case + "/adverse-events/k",
            """{"category":"surgical","term":"haematoma","onsetOn":"2024-01-11","severity":"mild","serious":false}""")).Expect(201);
        (await Api.Put(Case + "/costs/k", """{"category":"operation","amount":1,"currency":"EUR","priceYear":2024}""")).Expect(201);
        (await Api.Put(Case + "/stays/k", """{"admittedOn":"2024-01-09","dischargedOn":"2024-01-12"}""")).Expect(201);
    }

    [TestCase(25)]
    [TestCase(1000, Explicit = true, Reason = "Takes minutes: run it by name.")]
    public async Task Are_answered_as_the_contract_says_and_store_nothing_when_they_are_refused(int requestsAnOperation)
    {
        var contract = (await Api.Get("/openapi/v1.json")).Expect(200).Json.AsObject();
        var (statuses, found) = (new SortedDictionary<int, int>(), new List<string>());
        foreach (var (path, operations) in contract["paths"]!.AsObject())
        {
            foreach (var (method, _) in operations!.AsObject())
            {
                var requests = new MutatedRequests(contract, path, method, Keys, Seed);
                for (var number = 0; number < requestsAnOperation; number++)
                {
                    var request = requests.Next();
                    var before = await Changes();
                    var (status, flaw) = await Send(request);
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                    flaw ??= status >= 500 ? "an error of its own"
                        : status >= 400 && await Changes() != before
                        ? "something was stored"
                        : null;
                    if (flaw is not null)
                    {
                        found.Add($"{method} {path}, request {number}: {flaw}\n{request}");
                    }
                }
            }
        }

        await TestContext.Out.WriteLineAsync(
            string.Join(", ", statuses.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}"))));
        Assert.That(
            found,
            Is.Empty,
            () => string.Join("\n\n", found.Take(40).Select(one => one.Length > 1500 ? one[..1500] : one)) + $"\n{found.Count} in all");
        Assert.That(
            statuses.Keys,
            Is.SupersetOf((int[])[200, 201, 400, 401, 404, 405, 406, 409, 412, 415, 422, 428]),
            "the requests reach every kind of refusal");
    }

    private async Task<(int Status, string? Flaw)> Send(RandomRequest request)
    {
        using var content = request.Body is null ? null : new ByteArrayContent(request.Body);
        var path = request.Path.StartsWith("/api/v1", StringComparison.Ordinal) ? request.Path["/api/v1".Length..] : request.Path;
        var (answer, flaw) = await Api.Try(new HttpMethod(request.Method), path, content, request.Headers, request.ContentType);
        return (answer.Status, flaw ?? (answer.Status >= 400 && request.Method != "HEAD" ? ProblemAnswers.FlawOf(answer) : null));
    }

    // Moves on with every record, retraction, key event, erasure and export.
    private Task<long> Changes() => Host.Services.GetRequiredService<IDatabase>()
        .Read(session => session.Single<long>("SELECT COALESCE(SUM(changes), 0) FROM data_version"), CancellationToken.None);
}
