using System.Globalization;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>
/// Whatever is sent, the program never meets an error of its own, and refuses in the one form there is. Each seed makes
/// the same requests every time; a failure prints the request.
/// </summary>
public sealed class RandomRequestTests(Engine engine) : RegistryFixture(engine)
{
    private const int RequestsASeed = 1000;

    protected override TimeProvider Clock => StoppedClock.Noon;

    protected override async Task Prepare()
    {
        foreach (var site in (string[])["a", "b"])
        {
            (await Api.Put("/sites/" + site, Sample.Site)).Expect(201);
            (await Api.Put($"/sites/{site}/cases/a", Sample.Case("scs"))).Expect(201);
            (await Api.Put($"/sites/{site}/cases/b", Sample.Case("drez", patient: "P-2"))).Expect(201);
            (await Api.Put($"/sites/{site}/cases/a/events/start", Sample.Event("trial-started", "2024-01-09"))).Expect(201);
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public async Task Never_meets_an_error_of_its_own(int seed)
    {
        var requests = new RandomRequests(seed);
        var statuses = new SortedDictionary<int, int>();
        string? etag = null;
        for (var count = 0; count < RequestsASeed; count++)
        {
            var request = requests.Next();

            // Now and then name a version that was really seen.
            var headers = count % 7 == 0 && etag is not null ? [("If-Match", etag), ("X-Change-Reason", "typing error")] : request.Headers;
            using var content = request.Body is null ? null : new ByteArrayContent(request.Body);
            var answer = await Api.Send(new HttpMethod(request.Method), request.Path, content, headers, request.ContentType);
            Assert.That(answer.Status, Is.LessThan(500), () => $"request {count} of seed {seed}: {request}\n{answer.Text}");
            if (answer.Status >= 400 && request.Method != "HEAD")
            {
                Assert.That(ProblemAnswers.FlawOf(answer), Is.Null, () => $"request {count} of seed {seed}: {request}\n{answer.Text}");
            }

            etag = answer.ETag ?? etag;
            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
        }

        await TestContext.Out.WriteLineAsync(
            string.Join(", ", statuses.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}"))));
        Assert.That(statuses.Keys, Is.SupersetOf((int[])[200, 201, 400, 404, 409, 422]), "the requests reach every part");
    }
}
