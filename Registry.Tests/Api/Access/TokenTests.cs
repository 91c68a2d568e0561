using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>Tokens of a hospital's own identity provider are taken beside keys, and none that is not of it, for us and for now.</summary>
public sealed class TokenTests
{
    private const string Issuer = "https://identity.example.org", Audience = "neuromodulation-registry";

    private static readonly string[] TwoRoles = ["research", "dashboard"], TwoSites = ["own", "foreign"];

    private static readonly RSA Key = RSA.Create(2048), OtherKey = RSA.Create(2048);

    private TestDatabase _database = null!;
    private RegistryHost _host = null!;

    [OneTimeSetUp]
    public async Task StartTheProgram()
    {
        _database = await TestDatabase.Create(Engine.Sqlite);
        _host = new RegistryHost(
            _database,
            settings: new()
            {
                ["Registry:Oidc:Authority"] = Issuer,
                ["Registry:Oidc:Audience"] = Audience,
                ["Registry:Oidc:RoleClaim"] = "groups",
                ["Registry:Oidc:SiteClaim"] = "hospital",
                ["Registry:Oidc:Roles:admin"] = "registry-administrators",
            },
            services: services => services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
            {
                // What the provider would publish.
                options.Configuration = new OpenIdConnectConfiguration { Issuer = Issuer };
                options.Configuration.SigningKeys.Add(new RsaSecurityKey(Key.ExportParameters(includePrivateParameters: false)));
            }));
        (await _host.Api.Put("/sites/own", Sample.Site)).Expect(201);
        (await _host.Api.Put("/sites/foreign", Sample.Site)).Expect(201);
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        Key.Dispose();
        OtherKey.Dispose();
    }

    [Test]
    public async Task Stands_for_the_role_and_the_site_that_its_claims_name()
    {
        var site = Bearer(Token(Claims("site", "own")));
        (await Get("/sites/own", site)).Expect(200);
        (await Get("/sites/foreign", site)).ExpectProblem(404, "site-not-found");
        (await Get("/keys", site)).ExpectProblem(403, "forbidden");
        (await Get("/sites/foreign", Bearer(Token(Claims("registry-administrators"))))).Expect(200);
        (await Get("/sites/own", Bearer(Token(Claims("dashboard"))))).ExpectProblem(403, "forbidden");
        (await Get("/summaries/trials", Bearer(Token(Claims("dashboard"))))).Expect(200);
        (await Get("/summaries/trials", ("X-Api-Key", Token(Claims("dashboard"))))).Expect(200);
    }

    [Test]
    public async Task Stands_in_history_by_its_subject()
    {
        var written = await _host.With(null).Put("/sites/own/cases/c", Sample.Case("drez"), Bearer(Token(Claims("site", "own"))));
        written.Expect(201);
        Assert.That(
            (await _host.Api.Get("/sites/own/cases/c/history")).Expect(200).Json[0]!["recordedBy"]!.ToString(), Is.EqualTo("oidc:nurse-7"));
    }

    [Test]
    public async Task May_be_longer_than_a_key()
    {
        var claims = Claims("dashboard");
        claims["departments"] = new string('d', 3000);
        (await Get("/summaries/trials", Bearer(Token(claims)))).Expect(200);
    }

    [Test]
    public async Task Leaves_keys_as_they_are()
    {
        (await _host.Api.Get("/sites/own")).Expect(200);
        (await _host.With(null).Get("/sites/own")).ExpectProblem(401);
    }

    private static TestCaseData[] Refused =>
    [
        Case("Of another audience", Token(Claims("dashboard"), audience: "another-service")),
        Case("Without an audience", Token(Claims("dashboard"), audience: null)),
        Case("Of another issuer", Token(Claims("dashboard"), issuer: "https://other.example.org")),
        Case("Of another key", Token(Claims("dashboard"), key: OtherKey)),
        Case("Expired", Token(Claims("dashboard"), from: -7200, until: -3600)),
        Case("Not yet valid", Token(Claims("dashboard"), from: 3600, until: 7200)),
        Case("Without an end", Token(Claims("dashboard"), until: null)),
        Case("Signed by no algorithm", Unsigned()),
        Case("Signed by a secret that is the public key", SignedBySecret()),
        Case("Changed", Changed()),
        Case("Without a role", Token([])),
        Case("With an unknown role", Token(Claims("registry-owner"))),
        Case("With two roles", Token(new() { ["groups"] = TwoRoles })),
        Case("Of a site without a site", Token(Claims("site"))),
        Case("Of two sites", Token(new() { ["groups"] = "site", ["hospital"] = TwoSites })),
        Case("Of a site that can be none", Token(Claims("site", "own/../foreign"))),
        Case("The code of a role that the settings call otherwise", Token(Claims("admin"))),
        Case("Without a signature", Token(Claims("dashboard"))[..(Token(Claims("dashboard")).LastIndexOf('.') + 1)]),
        Case("Nothing but dots", "eyJ.."),
        Case("Over 8 kB", "eyJ" + new string('a', 9000) + ".b.c"),
    ];

    [TestCaseSource(nameof(Refused))]
    public async Task Is_refused(string token)
    {
        var refused = (await Get("/summaries/trials", Bearer(token))).ExpectProblem(401, "unauthenticated");
        Assert.That(refused.Text, Does.Not.Contain("IDX").And.Not.Contain(token));
        Assert.That(refused.Headers["WWW-Authenticate"], Does.Contain("Bearer"));
    }

    private Task<ApiAnswer> Get(string path, (string, string) credential) => _host.With(null).Get(path, credential);

    private static (string, string) Bearer(string token) => ("Authorization", "Bearer " + token);

    private static Dictionary<string, object> Claims(string role, string? site = null)
    {
        var claims = new Dictionary<string, object> { ["groups"] = role };
        if (site is not null)
        {
            claims["hospital"] = site;
        }

        return claims;
    }

    // Times in seconds from now.
    private static string Token(
        Dictionary<string, object> claims,
        string? audience = Audience,
        string issuer = Issuer,
        int from = -60,
        int? until = 3600,
        RSA? key = null)
    {
        var now = DateTime.UtcNow;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = now.AddSeconds(from),
            Expires = until is { } end ? now.AddSeconds(end) : null,
            Claims = new Dictionary<string, object>(claims) { ["sub"] = "nurse-7" },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(key ?? Key), SecurityAlgorithms.RsaSha256),
        });
    }

    private static string Unsigned() => Part(new JsonObject { ["alg"] = "none", ["typ"] = "JWT" }) + "." + Payload() + ".";

    private static string SignedBySecret()
    {
        var text = Part(new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT" }) + "." + Payload();
        return text + "." + Base64Url.EncodeToString(
            HMACSHA256.HashData(Encoding.ASCII.GetBytes(Key.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(text)));
    }

    private static string Changed()
    {
        var parts = Token(Claims("dashboard")).Split('.');
        return $"{parts[0]}.{Payload()}.{parts[2]}";
    }

    private static string Payload() => Part(new JsonObject
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = "nurse-7",
        ["groups"] = "registry-administrators",
        ["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(),
    });

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static TestCaseData Case(string name, string token) => new TestCaseData(token).SetName(name);
}
