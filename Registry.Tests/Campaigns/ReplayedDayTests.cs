using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Campaigns;

/// <summary>
/// A hospital's messages, each sent three times, in random order, by eight connections that break now and then, give the registry that
/// sending each once in order gives. A message that corrects or retracts waits until what it corrects is there, as its sender knows what
/// that is; no other order is asked for.
/// </summary>
public sealed class ReplayedDayTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly string[] Lists = ["assessments", "events", "adverse-events", "costs", "stays"];
    private static readonly string[] NamesOfChange = ["kind", "case", "key", "version"];

    private const int Connections = 8, Times = 3, MostTries = 400;

    protected override TimeProvider Clock => StoppedClock.Noon;

    [TestCase(4, 1)]
    [TestCase(40, 2, Explicit = true, Reason = "Takes minutes: run it by name.")]
    [TestCase(40, 3, Explicit = true, Reason = "Takes minutes: run it by name.")]
    public async Task Sent_three_times_in_any_order_gives_the_same_registry(int cases, int seed)
    {
        var messages = HospitalDay.Messages(cases, seed);
        await using var database = await TestDatabase.Create(Engine);
        await using var inOrder = new RegistryHost(database, Clock);
        (await inOrder.Api.Put("/sites/" + HospitalDay.Site, Sample.Site)).Expect(201);
        foreach (var message in messages)
        {
            Assert.That(await new HospitalEngine(inOrder.Api).Send(message), () => $"in order: {message}");
        }

        await using var otherDatabase = await TestDatabase.Create(Engine);
        await using var replayed = new RegistryHost(otherDatabase, Clock);
        (await replayed.Api.Put("/sites/" + HospitalDay.Site, Sample.Site)).Expect(201);
        var broken = await Replay(replayed, messages, seed);
        await TestContext.Out.WriteLineAsync($"{messages.Count} messages, {broken} connections broken");
        Assert.That(broken, Is.Positive);

        foreach (var path in await Paths(inOrder.Api, messages))
        {
            Assert.That(await Read(replayed.Api, path), Is.EqualTo(await Read(inOrder.Api, path)), path);
        }

        Assert.That(await Trail(replayed.Api), Is.EqualTo(await Trail(inOrder.Api)), "each version once, and nothing for a repetition");
        Assert.That((await replayed.Api.Get("/audit/verify")).Expect(200).Json["verified"]!.GetValue<bool>());
    }

    private static async Task<int> Replay(RegistryHost host, IReadOnlyList<HospitalMessage> messages, int seed)
    {
        var order = new Random(seed);
        var waiting = new ConcurrentQueue<(HospitalMessage Message, int Tries)>(
            Enumerable.Repeat(messages, Times).SelectMany(all => all).OrderBy(_ => order.Next()).Select(message => (message, 0)));
        var broken = 0;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            var (random, engine) = (new Random(seed * 100 + connection), new HospitalEngine(host.Api));
            using var line = host.CreateClient();
            while (waiting.TryDequeue(out var next))
            {
                if (random.Next(5) == 0 && next.Message.After == 0)
                {
                    Interlocked.Add(ref broken, await BreakOff(line, next.Message, TimeSpan.FromMilliseconds(random.Next(6))));
                }

                if (!await engine.Send(next.Message))
                {
                    Assert.That(next.Tries, Is.LessThan(MostTries), () => $"never taken: {next.Message}");
                    waiting.Enqueue((next.Message, next.Tries + 1));
                }
            }
        })));
        return broken;
    }

    // Nobody waits for the answer: it may be carried out, or not.
    private static async Task<int> BreakOff(HttpClient line, HospitalMessage message, TimeSpan after)
    {
        using var patience = new CancellationTokenSource(after);
        using var request =
            new HttpRequestMessage(new HttpMethod(message.Method), "/api/v1" + message.Path) { Content = new StringContent(message.Body!) };
        request.Content.Headers.ContentType = new(message.ContentType);
        request.Headers.Add("X-Api-Key", RegistryHost.Key);
        try
        {
            using var answer = await line.SendAsync(request, patience.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }

    // Every record, list and history, and every summary.
    private static async Task<IReadOnlyList<string>> Paths(ApiClient api, IReadOnlyList<HospitalMessage> messages)
    {
        var records = messages.Select(message => message.Record).OfType<string>().Distinct().ToList();
        var cases = records.Where(path => path.Split('/').Length == 5).ToList();
        var contract = (await api.Get("/openapi/v1.json")).Expect(200).Json["paths"]!.AsObject();
        return
        [
            .. records,
            .. cases.SelectMany(path => Lists.Select(list => $"{path}/{list}")),
            .. records.Where(path => !path.StartsWith("/fhir", StringComparison.Ordinal)).Select(path => path + "/history"),
            $"/sites/{HospitalDay.Site}/cases?limit=1000",
            "/follow-ups?asOf=2025-06-01&limit=1000",
            "/fhir/Observation?_count=1000",
            .. contract.Select(path => path.Key["/api/v1".Length..])
                .Where(path => path.StartsWith("/summaries/", StringComparison.Ordinal))
                .Select(path => path == "/summaries/power" ? path + "?dz=0.5" : path),
        ];
    }

    // But for what counts or names requests and changes.
    private static async Task<string> Read(ApiClient api, string path)
    {
        var answer = await api.Get(path);
        if (answer.Status == 404)
        {
            return "404";
        }

        var body = answer.Expect(200).Json;
        (body as JsonObject)?.Remove("dataVersion");
        return body.ToJsonString(Relaxed.Json);
    }

    private static async Task<IReadOnlyList<string>> Trail(ApiClient api)
    {
        var (found, after) = (new List<string>(), string.Empty);
        while (true)
        {
            var page = (await api.Get($"/sites/{HospitalDay.Site}/changes?limit=1000{after}")).Expect(200);
            found.AddRange(page.Items.Select(item => string.Join(' ', NamesOfChange.Select(name => item[name]?.ToString()))));
            if (page.Json["next"] is not { } next)
            {
                return [.. found.Order(StringComparer.Ordinal)];
            }

            after = "&since=" + next;
        }
    }
}
