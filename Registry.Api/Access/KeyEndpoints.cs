using System.Globalization;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>The state of a key.</summary>
internal enum KeyState
{
    /// <summary>It is valid.</summary>
    Valid,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>An administrator revoked it.</summary>
    Revoked,
}

/// <summary>A key to be issued.</summary>
/// <param name="Role">What it may do.</param>
/// <param name="Site">The one site that exists for it: with the role site, and only then.</param>
/// <param name="Name">What it is called in history and lists, 1 to 100 characters. Two keys of one name, role and site may be valid at
/// once, so that one replaces the other without a gap.</param>
/// <param name="ExpiresOn">The last day (UTC) on which it is valid, inclusive.</param>
internal sealed record NewKey(
    Role Role,
    [Identifier] SiteCode? Site,
    string Name,
    [Missing("left out: until it is revoked")] DateOnly? ExpiresOn);

/// <summary>A key as it is issued: the one time that it is shown.</summary>
/// <param name="Id">Its id: the first 12 hexadecimal digits of its SHA-256.</param>
/// <param name="Key">The key, for the header X-Api-Key. It cannot be read again.</param>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Site">The one site that exists for it.</param>
/// <param name="ExpiresOn">The last day (UTC) on which it is valid, inclusive.</param>
/// <param name="CreatedAt">When it was issued, RFC 3339 UTC.</param>
/// <param name="CreatedBy">The name of the key it was issued with.</param>
internal sealed record IssuedKey(
    string Id,
    string Key,
    string Name,
    Role Role,
    [Missing("absent for all sites")] string? Site,
    [Missing("absent for no end")] DateOnly? ExpiresOn,
    string CreatedAt,
    string CreatedBy);

/// <summary>One page of the keys.</summary>
/// <param name="Items">The keys, in the order of their ids.</param>
/// <param name="Next">The cursor of the next page.</param>
internal sealed record KeyPage(
    IReadOnlyList<KeyListItem> Items,
    [Missing("absent on the last")] string? Next);

/// <summary>A key in a list. The key itself is kept nowhere.</summary>
/// <param name="Id">Its id: the first 12 hexadecimal digits of its SHA-256, so that a leaked key can be found.</param>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Site">The one site that exists for it.</param>
/// <param name="State">Its state.</param>
/// <param name="ExpiresOn">The last day (UTC) on which it is valid, inclusive.</param>
/// <param name="CreatedAt">When it was issued, RFC 3339 UTC.</param>
/// <param name="CreatedBy">The name of the key it was issued with.</param>
/// <param name="RevokedAt">When it was revoked, RFC 3339 UTC.</param>
/// <param name="RevokedBy">The name of the key it was revoked with.</param>
/// <param name="LastUsedAt">When it was last used, RFC 3339 UTC, behind by up to a minute.</param>
internal sealed record KeyListItem(
    string Id,
    string Name,
    Role Role,
    [Missing("absent for all sites")] string? Site,
    KeyState State,
    [Missing("absent for no end")] DateOnly? ExpiresOn,
    string CreatedAt,
    string CreatedBy,
    [Missing("absent for one that was not")] string? RevokedAt,
    [Missing("absent for one that was not")] string? RevokedBy,
    [Missing("absent for one that never was")] string? LastUsedAt);

/// <summary>Keys: issued, listed and revoked by an administrator. The administrator's own key of the settings is not among them.</summary>
internal static class KeyEndpoints
{
    private const int LongestName = 100;

    private static readonly QueryParameter Limit = Paging.Limit("keys");

    private static readonly Statement Insert = new(
        "INSERT INTO access_key (key_id, key_hash, name, role, site_code, expires_on, created_at, created_by) VALUES (@p0, @p1, @p2, @p3, "
            + "@p4, @p5, @p6, @p7)");

    private static readonly Statement SameName =
        new("SELECT role, site_code FROM access_key WHERE name = @p0 AND revoked_at IS NULL AND (expires_on IS NULL OR expires_on >= @p1)");
    private static readonly Statement Revoke =
        new("UPDATE access_key SET revoked_at = @p1, revoked_by = @p2 WHERE key_id = @p0 AND revoked_at IS NULL");
    private static readonly Statement Issued = new("SELECT site_code FROM access_key WHERE key_id = @p0");

    public static void MapKeys(this RouteGroupBuilder api)
    {
        api.MapPost("/keys", Post)
            .WithName("postKey")
            .WithSummary("Issue a key")
            .WithDescription(
                $"Shown once, and kept as a hash only. Every key has the form {ApiKey.Pattern}, the last six characters a checksum (CRC-32 "
                + "of what is before them, in base 62), so that scanners for secrets find a leaked one. "
                + "To replace a key, issue another of the same name, and revoke the old one when the new one is in use.")
            .Takes<NewKey>(Examples.Key);
        api.MapGet("/keys", List)
            .WithName("listKeys")
            .WithSummary("List the keys")
            .WithDescription(
                "Every key that was ever issued, in the order of their ids, page by page: follow 'next' until it is absent. Never the keys "
                    + "themselves.")
            .Takes(Paging.After, Limit);
        api.MapDelete("/keys/{id}", Delete)
            .WithName("deleteKey")
            .WithSummary("Revoke a key")
            .WithDescription("At once, on every instance, and for good. Safe to repeat. The key stays in the list.")
            .Refuses(Problems.NotFound);
    }

    private static async Task<Results<Created<IssuedKey>, Problem>> Post(
        HttpRequest request, RecordServices services, KeyDirectory keys, AuditLog audit, TimeProvider clock, CancellationToken cancellation)
    {
        var (body, bad) = await JsonBody.Read(request, Limits.Of(request).RecordBytes, cancellation);
        if (bad is not null)
        {
            return bad;
        }

        var fields = new FieldReader(body, DateOnly.MaxValue);
        var asked = Read(fields, services.Sites.Today());
        fields.RefuseUnknown();
        if (asked is null || fields.Faults.Count > 0)
        {
            return Problem.Invalid(fields.Faults);
        }

        var key = ApiKey.New();
        var (hash, now, by) = (ApiKey.Hash(key), Recorder.Instant(clock.GetUtcNow()), Sender.Of(request));
        var issued = new IssuedKey(ApiKey.IdOf(hash), key, asked.Name, asked.Role, asked.Site?.ToString(), asked.ExpiresOn, now, by.Name);
        var alike = asked.Site is { } named ? await services.Sites.InOtherSpelling(named, null, cancellation) : null;
        var fault = await services.Database.Write<Fault?>(
            [AuditLog.Chain],
            async session =>
            {
                if (asked.Site is { } site && !await SiteKind.Exists(session, site))
                {
                    return OtherSpelling.UnknownSite("site", site.ToString(), alike);
                }

                var others = await session.Rows(
                    SameName,
                    static row => (Role: row.GetString(0), Site: row.IsDBNull(1) ? null : row.GetString(1)),
                    asked.Name,
                    services.Sites.Today());
                if (others.Exists(other => other != (Code.Of(asked.Role), issued.Site)))
                {
                    return new Fault(
                        "/name",
                        "name-in-use",
                        $"'{asked.Name}' is the name of a valid key with another role or site; the history could not distinguish the two.",
                        asked.Name,
                        "another name");
                }

                await session.Run(
                    Insert, issued.Id, Convert.ToHexStringLower(hash), issued.Name, Code.Of(issued.Role), issued.Site, issued.ExpiresOn,
                    now, by.Name);
                await audit.Append(
                    session, new AuditEntry(AuditActions.KeyCreated, issued.Site ?? string.Empty, issued.Id, by, Detail: DetailOf(issued)));
                return null;
            },
            cancellation);
        keys.Forget();
        return fault is null ? TypedResults.Created(string.Empty, issued) : Problem.Invalid([fault]);
    }

    private static string DetailOf(IssuedKey key) =>
        Json.Canonical(new { name = key.Name, role = Code.Of(key.Role), expiresOn = key.ExpiresOn?.Iso() });

    private static NewKey? Read(FieldReader fields, DateOnly today)
    {
        var role = fields.Code<Role>("role", required: true);
        var site = fields.Identifier<SiteCode>("site", required: role == Role.Site);
        if (role is not (null or Role.Site) && fields.Has("site"))
        {
            fields.Refuse("site", "does-not-apply", $"A key with the role {Code.Of(role)} is for all sites: leave out 'site'.");
        }

        var name = fields.Text(
            "name",
            text => text.Length is > 0 and <= LongestName && text.Trim() == text && !text.Any(char.IsControl)
                && !ReservedNames.Has(text),
            "not-a-name",
            string.Create(
                CultureInfo.InvariantCulture,
                $"1 to {LongestName} characters, no control characters, no space at either end, "
                    + $"{ReservedNames.Words}"),
            required: true);
        var expiresOn = fields.Date("expiresOn");
        if (expiresOn < today)
        {
            fields.Refuse(
                "expiresOn",
                "date-in-the-past",
                $"'expiresOn' is {expiresOn.Value.Iso()}; it cannot be before {today.Iso()}.",
                expiresOn.Value.Iso(),
                $"from {today.Iso()} on");
        }

        return role is null || name is null ? null : new NewKey(role.Value, site, name, expiresOn);
    }

    private static async Task<Ok<KeyPage>> List(
        HttpRequest request, IDatabase database, KeyDirectory keys, SiteDirectory sites, CancellationToken cancellation)
    {
        var limit = Paging.LimitOf(request);
        var rows = await database.Read(
            session => session.Query<Row>(
                $"""
                SELECT key_id AS Id, name AS Name, role AS Role, site_code AS Site, expires_on AS ExpiresOn, created_at AS CreatedAt,
                  created_by AS CreatedBy,
                  revoked_at AS RevokedAt, revoked_by AS RevokedBy, last_used_at AS LastUsedAt
                FROM access_key
                WHERE key_id > @after
                ORDER BY key_id
                {Dialect.First(database.Engine, "@count")}
                """,
                new { after = request.Query[Paging.After.Name].ToString(), count = limit + 1 }),
            cancellation);
        var page = rows.Take(limit).Select(row => row.ToItem(keys.LastUseHere(row.Id), sites.Today())).ToList();
        return TypedResults.Ok(new KeyPage(page, rows.Count > limit ? page[^1].Id : null));
    }

    private static async Task<Results<NoContent, Problem>> Delete(
        HttpRequest request, IDatabase database, KeyDirectory keys, AuditLog audit, TimeProvider clock, CancellationToken cancellation)
    {
        var (id, by) = (request.RouteValues["id"]!.ToString()!, Sender.Of(request));
        if (RecordAddress.FaultOf("id", id) is { } fault)
        {
            return Problem.InvalidParameters([fault]);
        }

        var isKnown = await database.Write(
            [AuditLog.Chain],
            async session =>
            {
                if (await session.Rows(Issued, static row => row.IsDBNull(0) ? string.Empty : row.GetString(0), id) is not [var site])
                {
                    return false;
                }

                if (await session.Run(Revoke, id, Recorder.Instant(clock.GetUtcNow()), by.Name) == 1)
                {
                    await audit.Append(session, new AuditEntry(AuditActions.KeyRevoked, site, id, by));
                }

                return true;
            },
            cancellation);
        keys.Forget();
        return isKnown ? TypedResults.NoContent() : new Problem(Problems.NotFound, $"There is no key with the id '{id}'.");
    }

    private sealed record Row
    {
        public string Id { get; init; } = string.Empty;
        public string Name { get; init; } = string.Empty;
        public string Role { get; init; } = string.Empty;
        public string? Site { get; init; }

        // Text on SQLite; a day or a point in time without a zone on SQL Server.
        public object? ExpiresOn { get; init; }
        public object CreatedAt { get; init; } = string.Empty;
        public string CreatedBy { get; init; } = string.Empty;
        public object? RevokedAt { get; init; }
        public string? RevokedBy { get; init; }
        public object? LastUsedAt { get; init; }

        public KeyListItem ToItem(DateTimeOffset? lastUseHere, DateOnly today)
        {
            var expiresOn = ExpiresOn switch
            {
                null => (DateOnly?)null,
                DateTime day => DateOnly.FromDateTime(day),
                DateOnly day => day,
                var text =>
                    DateOnly.ParseExact(Convert.ToString(text, CultureInfo.InvariantCulture)!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            };
            var stored = LastUsedAt is null ? null : Recorder.Instant(LastUsedAt);
            var here = lastUseHere is { } at ? Recorder.Instant(at) : null;
            return new KeyListItem(
                Id,
                Name,
                Code.Parse<Access.Role>(Role)!.Value,
                Site,
                RevokedAt is not null ? KeyState.Revoked : today > expiresOn ? KeyState.Expired : KeyState.Valid,
                expiresOn,
                Recorder.Instant(CreatedAt),
                CreatedBy,
                RevokedAt is null ? null : Recorder.Instant(RevokedAt),
                RevokedBy,
                string.CompareOrdinal(here, stored) > 0 ? here : stored);
        }
    }
}
