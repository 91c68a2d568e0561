using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>Without a valid key nothing is answered but health.</summary>
public sealed class ApiKeyTests(Engine engine) : RegistryFixture(engine)
{
    private static TestCaseData[] Addresses =>
    [
        Address("GET", "/sites/s"),
        Address("PUT", "/sites/s"),
        Address("DELETE", "/sites/s"),
        Address("GET", "/sites/s/history"),
        Address("GET", "/sites/s/cases"),
        Address("GET", "/sites/s/cases/c"),
        Address("PUT", "/sites/s/cases/c/costs/c"),
        Address("POST", "/sites/s/cases/c/assessments"),
        Address("POST", "/assessments/batch"),
        Address("GET", "/summaries/response-rates"),
        Address("GET", "/summaries/trials?colour=red"),
        Address("GET", "/nothing"),
        Address("GET", "/nothing.txt"),
        Address("PUT", "/sites/a%20b"),
        Address("PATCH", "/sites/s"),
        Address("OPTIONS", "/sites/s"),
        Address("GET", ""),
    ];

    [TestCaseSource(nameof(Addresses))]
    public async Task Answers_nothing_without_a_key(string method, string path) =>
        (await Keyless(method, path)).ExpectProblem(401, "unauthenticated");

    [TestCaseSource(nameof(Addresses))]
    public async Task Answers_nothing_with_a_wrong_key(string method, string path)
    {
        foreach (var wrong in ((string, string)[])
            [("X-Api-Key", "wrong"), ("X-Api-Key", RegistryHost.Key + " x"), ("X-Api-Key", RegistryHost.Key.ToUpperInvariant()),
                ("X-Api-Key", ""), ("Authorization", "Bearer wrong"), ("Authorization", RegistryHost.Key),
                ("Authorization", "Basic " + RegistryHost.Key), ("Authorization", "Bearer ")])
        {
            (await Keyless(method, path, wrong)).ExpectProblem(401, "unauthenticated");
        }
    }

    [TestCase("X-Api-Key", RegistryHost.Key)]
    [TestCase("Authorization", "Bearer " + RegistryHost.Key)]
    [TestCase("Authorization", "bearer " + RegistryHost.Key)]
    public async Task Takes_the_key_in_either_header(string header, string value)
    {
        (await Keyless("GET", "/summaries/trials", (header, value))).Expect(200);
        (await Keyless("GET", "/nothing", (header, value))).ExpectProblem(404, "not-found");
    }

    [Test]
    public async Task Does_not_read_the_body_of_a_stranger() =>
        (await Client().Send(HttpMethod.Put, "/sites/s", new string('[', 100_000), [])).ExpectProblem(401, "unauthenticated");

    [TestCase("/health/live", "live")]
    [TestCase("/health/ready", "ready")]
    public async Task Tells_everyone_its_health(string path, string status) =>
        Assert.That((await Keyless("GET", path)).Expect(200).Json["status"]!.GetValue<string>(), Is.EqualTo(status));

    [Test]
    public async Task Answers_nobody_while_no_key_is_configured()
    {
        await using var database = await TestDatabase.Create(Engine);
        await using var host = new RegistryHost(database, settings: new Dictionary<string, string> { ["Registry:AdminKey"] = null! });
        foreach (var (name, value) in ((string, string)[])[("X-Api-Key", RegistryHost.Key), ("X-Api-Key", ""),
            ("Authorization", "Bearer "), ("X-Other", "x")])
        {
            using var http = host.CreateClient();
            var client = new ApiClient(http, key: null);
            (await client.Get("/summaries/trials", (name, value))).ExpectProblem(401, "unauthenticated");
            (await client.Put("/sites/s", Sample.Site, (name, value))).ExpectProblem(401, "unauthenticated");
            (await client.Get("/health/live", (name, value))).Expect(200);
            (await client.Get("/health/ready", (name, value))).Expect(200);
        }
    }

    private async Task<ApiAnswer> Keyless(string method, string path, params (string, string)[] headers) =>
        await Client().Send(new HttpMethod(method), path, method is "PUT" or "POST" or "PATCH" ? "{}" : null, headers);

    private ApiClient Client() => new(Host.CreateClient(), key: null);

    private static TestCaseData Address(string method, string path) => new(method, path);
}
