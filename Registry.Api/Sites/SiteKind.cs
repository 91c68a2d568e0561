using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Sites;

namespace Registry.Api.Sites;

/// <summary>Sites.</summary>
internal sealed class SiteKind : RecordKind<Site>
{
    private static readonly Statement Known = new("SELECT site_code FROM site WHERE site_code = @p0");

    private static readonly FieldSet<Site> Members = FieldSet<Site>.Declared;
    private static readonly RowStatements Statements = new("site", ["site_code"], Members.ColumnNames);

    public override string Name => "site";

    public override string? RouteKey => null;

    public override bool IsUnderSite => false;

    public override string PathOf(RecordAddress address) => $"/api/v1/sites/{address.Site}";

    public override string PointerOf(ContradictionAbout about) => string.Empty;

    protected override Site? Read(FieldReader fields, string? code)
    {
        var name = fields.Text(
            "name",
            text => text.Length is > 0 and <= Site.MaxNameLength && text.Trim() == text && !text.Any(char.IsControl),
            "not-a-name",
            FormattableString.Invariant($"1 to {Site.MaxNameLength} characters, no control characters, no space at either end"),
            required: true);
        var country =
            fields.Text("country", Country.IsValid, "unknown-code", "an ISO 3166-1 alpha-2 code such as CN or DE", required: true);
        var timeZone = fields.Text("timeZone", zone => SiteTimeZone.Canonical(zone) is not null, "unknown-code", SiteTimeZone.Allowed);
        return name is null || country is null
            ? null
            : new Site { Name = name, Country = country, TimeZone = timeZone is null ? null : SiteTimeZone.Canonical(timeZone) };
    }

    /// <summary>What is wrong with the code of a site, or null.</summary>
    public static Fault? Reserved(SiteCode code) =>
        code.ToString() == Site.All
            ? new Fault(
                "/site", "reserved", $"'{Site.All}' stands for all sites together; a site needs another code.", Site.All, "any other code")
            : null;

    /// <summary>Whether a site is known.</summary>
    public static async Task<bool> Exists(Session session, SiteCode site) =>
        await session.Rows(Known, static row => row.GetString(0), site) is [_];

    /// <summary>Why a site cannot be retracted, or null.</summary>
    public static async Task<string?> Dependants(Session session, SiteCode site)
    {
        var cases = await session.Single<int>(
            "SELECT COUNT(*) FROM treatment_case c JOIN site s ON s.site_id = c.site_id WHERE s.site_code = @site", new { site });
        return cases == 0 ? null : FormattableString.Invariant($"Site '{site}' has {cases} cases. Retract them first.");
    }

    /// <summary>Stores the columns of a site; null removes them.</summary>
    public static async Task Store(Session session, SiteCode site, Site? content)
    {
        if (content is null)
        {
            await session.Run(Statements.Delete, site);
        }
        else if (await session.Run(Statements.Update, Members.Row(content, site)) == 0)
        {
            await session.Run(Statements.Insert, Members.Row(content, site));
        }
    }
}
