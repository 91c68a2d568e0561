using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Access;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>Every endpoint that the program maps says who may use it.</summary>
public sealed class PolicyTests
{
    [TestCase("Production", new[] { "/health/live", "/health/ready" })]
    [TestCase("Development", new[] { "/", "/health/live", "/health/ready", "/openapi/v1-3.0.json", "/openapi/v1.json" })]
    public async Task Every_endpoint_has_a_policy_but_those_that_are_open(string environment, string[] open)
    {
        await using var database = await TestDatabase.Create(Engine.Sqlite);
        await using var host = new RegistryHost(database, settings: new() { ["environment"] = environment, ["Registry:Demo"] = "false" });
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.That(endpoints, Has.Count.GreaterThan(40));
        Assert.That(
            endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                .Select(endpoint => endpoint.RoutePattern.RawText)
                .Order(StringComparer.Ordinal),
            Is.EqualTo(open));
        Assert.That(
            from endpoint in endpoints
            where endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                && !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()
                    .Any(asked => asked.Policy is { } policy && Policies.Roles.ContainsKey(policy))
            select endpoint.DisplayName,
            Is.Empty);
    }
}
