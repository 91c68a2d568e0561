using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Recording;
using Registry.Domain.Sites;

namespace Registry.Api.Sites;

/// <summary>Sites.</summary>
internal sealed class SiteResource : Resource<Site>
{
    public override string Kind => Dossier.SiteKind;

    public override string? RouteKey => null;

    public override bool IsUnderSite => false;

    public override string PathOf(ResourceAddress address) => $"/api/v1/sites/{address.Site}";

    protected override Site? Read(FieldReader fields, string? code)
    {
        var name = fields.Text(
            "name",
            text => text.Length is > 0 and <= Site.MaxNameLength && text.Trim() == text && !text.Any(char.IsControl),
            "not-a-name",
            FormattableString.Invariant($"1 to {Site.MaxNameLength} characters, no control characters, no space at either end"),
            required: true);
        var country = fields.Text("country", Country.IsValid, "unknown-code", "an ISO 3166-1 alpha-2 code such as CN or DE", required: true);
        var timeZone = fields.Text("timeZone", zone => SiteTimeZone.Canonical(zone) is not null, "unknown-code", SiteTimeZone.Allowed);
        return name is null || country is null ? null : new Site { Name = name, Country = country, TimeZone = timeZone is null ? null : SiteTimeZone.Canonical(timeZone) };
    }

    protected override Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, Site content) =>
        Task.FromResult<IReadOnlyList<Fault>>(
            address.Site == Site.All ? [new Fault("/site", "reserved", $"'{Site.All}' stands for all sites together; a site needs another code.", address.Site, "any other code")] : []);

    public override async Task<string?> Dependants(Session session, Dossier dossier, ResourceAddress address)
    {
        var cases = await session.Single<int>(
            "SELECT COUNT(*) FROM treatment_case c JOIN site s ON s.site_id = c.site_id WHERE s.site_code = @Site", address);
        return cases == 0 ? null : FormattableString.Invariant($"Site '{address.Site}' has {cases} cases. Retract them first.");
    }

    protected override async Task Project(Session session, ResourceAddress address, Site content)
    {
        var row = new { address.Site, content.Name, content.Country, content.TimeZone };
        if (await session.Execute("UPDATE site SET name = @Name, country = @Country, time_zone = @TimeZone WHERE site_code = @Site", row) == 0)
        {
            await session.Execute("INSERT INTO site (site_code, name, country, time_zone) VALUES (@Site, @Name, @Country, @TimeZone)", row);
        }
    }

    public override Task Remove(Session session, ResourceAddress address) =>
        session.Execute("DELETE FROM site WHERE site_code = @Site", address);
}
