using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Domain.Common;

namespace Registry.Api.Audit;

/// <summary>The audit trail: what happened, and whether the trail is whole.</summary>
internal static class AuditEndpoints
{
    private const string HashPattern = "^[0-9a-f]{64}$";

    // Anchors of older programs stand in the name of whoever read the heads, of another site perhaps: to a site all are the registry's own.
    private static readonly string EntriesForSites =
        $"""
        (SELECT entry_number, action, site_code, subject, detail, change_number, head, recorded_at, reason, hash,
          CASE WHEN action = '{AuditActions.Anchor}' THEN '{Sender.Registry.Name}' ELSE recorded_by END AS recorded_by,
          CASE WHEN action = '{AuditActions.Anchor}' THEN NULL ELSE key_id END AS key_id,
          CASE WHEN action = '{AuditActions.Anchor}' THEN NULL ELSE client_address END AS client_address
        FROM audit_entry)
        """;

    private static readonly QueryParameter Site = new(
        "site", "The site: its records, and what else is about it; every site and the registry itself when left out.");
    private static readonly QueryParameter Kind = new("kind", "Records of this kind only.")
    {
        Codes = [.. CodeSets.RecordKind.Codes.Select(one => one.Code)],
        CodesName = CodeSets.RecordKind.Name,
    };
    private static readonly QueryParameter Case = new("case", "Records of this case only.");
    private static readonly QueryParameter Code =
        new("code", "Records with this key below the case only, such as a timepoint.");
    private static readonly QueryParameter Key =
        new("key", "What came with this key only: its id or its name.");
    private static readonly QueryParameter From =
        new("from", "The first day of receipt, UTC, inclusive.") { IsDate = true };
    private static readonly QueryParameter To =
        new("to", "The last day of receipt, UTC, inclusive.") { IsDate = true };

    private static readonly QueryParameter After = new(
        "after", "The cursor that the page before gave as 'next'; left out for the first page. The other parameters stay as they were.")
    {
        CursorPattern = @"^([A-Za-z0-9._-]{1,64})?~\d{1,18}$",
    };

    private static readonly QueryParameter Limit = Paging.Limit("entries");

    private static readonly QueryParameter Number = new(
        "number", "Together with hash: the number of a head that was kept elsewhere, of the stated site or, without one, of the registry.")
    {
        Range = new WholeRange(1, int.MaxValue),
    };

    private static readonly QueryParameter Hash =
        new("hash", "The hash of that head.") { Form = new TextForm(HashPattern, "a SHA-256 as 64 lower-case hexadecimal digits") };

    public static void MapAudit(this RouteGroupBuilder api)
    {
        api.MapGet("/audit", List)
            .WithName("listAuditEntries")
            .WithSummary("Read the audit trail")
            .WithDescription(
                "Who did what, when, from where and why: first the entries of the registry (keys, erasures, exports, snapshots, anchors), "
                + "then every recorded version, site by site, each in the order of its chain. "
                + "What a version said is in its history. Page by page: follow 'next' until it is absent. With the key of a site: what is "
                + "about that site.")
            .Takes(Site, Kind, Case, Code, Key, From, To, After, Limit)
            .Refuses(Problems.SiteNotFound);
        api.MapGet("/audit/verify", Verify)
            .WithName("getAuditVerification")
            .WithSummary("Verify the audit trail")
            .WithDescription(
                "Computes every hash anew and names the first break: a row that was altered, removed or put in, newest rows that are gone, "
                + "or a chain that was made anew after its head was anchored or kept. "
                + "With number and hash, a head that was kept elsewhere (see /audit/head) is held against the chain besides. Looks at "
                + "everything: it may take a while.")
            .Takes(Site, Number, Hash)
            .Checks(query => query.ContainsKey(Number.Name) == query.ContainsKey(Hash.Name)
                ? []
                : [new Fault("/" + Number.Name, "incomplete", "'number' and 'hash' go together: state both, or neither.")])
            .Refuses(Problems.SiteNotFound);
        api.MapGet("/audit/head", GetHeads)
            .WithName("getAuditHeads")
            .WithSummary("Read the heads of the audit trail, to keep them elsewhere")
            .WithDescription(
                "The number and the hash of the latest row of each chain. Whoever keeps them outside the registry can tell later that "
                + "nothing up to there was altered or cut off: /audit/verify?site=…&number=…&hash=…. "
                + "The heads of the sites are anchored in the chain of the registry first.");
    }

    private static async Task<Results<Ok<AuditPage>, Problem>> List(HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var query = request.Query;
        var limit = Paging.LimitOf(request);
        var (site, unknown) = await SiteOf(request, database, cancellation);
        if (unknown is not null)
        {
            return unknown;
        }

        var (afterSite, afterNumber) = query[After.Name].ToString().Split('~') is [var chain, var number]
            ? (chain, long.Parse(number, CultureInfo.InvariantCulture))
            : (string.Empty, 0);
        var values = new DynamicParameters(
            new
            {
                site,
                kind = Stated(Kind),
                @case = Stated(Case),
                code = Stated(Code),
                key = Stated(Key),
                afterSite,
                afterNumber,
                limit = limit + 1
            });
        var shared = "1 = 1"
            + (site is null ? string.Empty : " AND site_code = @site")
            + (query.ContainsKey(Key.Name) ? $" AND (key_id = @key OR {Dialect.Exactly(database.Engine, "recorded_by")} = @key)" : string.Empty)
            + Bound(From, ">=", "00:00:00.000000")
            + Bound(To, "<=", "23:59:59.999999");
        var ofRecords = shared
            + (query.ContainsKey(Kind.Name) ? " AND kind = @kind" : string.Empty)
            + (query.ContainsKey(Case.Name) ? " AND case_code = @case" : string.Empty)
            + (query.ContainsKey(Code.Name) ? " AND resource_code = @code" : string.Empty);
        var own = request.HttpContext.User.SiteScope();
        var onlyRecords = ofRecords != shared;
        var rows = await database.Compute(
            async session =>
            {
                var found = new List<AuditItem>();
                if (afterSite.Length == 0 && !onlyRecords)
                {
                    found.AddRange((await session.Query<Row>(
                        $"""
                        SELECT entry_number AS Number, action AS Action, site_code AS Site, subject AS Subject, detail AS Detail,
                          change_number AS Anchored, head AS Head,
                          recorded_at AS RecordedAt, recorded_by AS RecordedBy, key_id AS KeyId, client_address AS Address,
                          reason AS Reason, hash AS Hash
                        FROM {(own is null ? "audit_entry" : EntriesForSites)} e
                        WHERE entry_number > @afterNumber AND {shared}
                        ORDER BY entry_number
                        {Dialect.First(database.Engine, "@limit")}
                        """,
                        values)).Select(row => row.ToItem(null)));
                }

                if (found.Count <= limit)
                {
                    found.AddRange((await session.Query<Row>(
                        $"""
                        SELECT change_number AS Number, site_code AS Site, kind AS Kind, case_code AS "Case", resource_code AS Code,
                          version AS Version, is_retracted AS IsRetracted,
                          recorded_at AS RecordedAt, recorded_by AS RecordedBy, key_id AS KeyId, client_address AS Address,
                          sent_at AS SentAt, reason AS Reason, hash AS Hash
                        FROM resource_version
                        WHERE site_code >= @afterSite AND (site_code > @afterSite OR change_number > @afterNumber)
                          AND change_number IS NOT NULL AND {ofRecords}
                        ORDER BY site_code, change_number
                        {Dialect.First(database.Engine, "@limit")}
                        """,
                        values)).Select(row => row.ToItem(row.Site)));
                }

                return found;
            },
            cancellation);
        return TypedResults.Ok(new AuditPage([.. rows.Take(limit)], rows.Count > limit
            ? string.Create(CultureInfo.InvariantCulture, $"{(rows[limit - 1].Chain)}~{rows[limit - 1].Number}")
            : null));

        string? Stated(QueryParameter parameter) => query.TryGetValue(parameter.Name, out var value) ? value.ToString() : null;

        string Bound(QueryParameter parameter, string comparison, string time)
        {
            if (Stated(parameter) is not { } day)
            {
                return string.Empty;
            }

            values.Add(parameter.Name, $"{day}T{time}Z");
            return $" AND recorded_at {comparison} @{parameter.Name}";
        }
    }

    private static async Task<Results<Ok<VerificationAnswer>, Problem>> Verify(
        HttpRequest request, IDatabase database, TrailVerification verification, CancellationToken cancellation)
    {
        var query = request.Query;
        var (site, unknown) = await SiteOf(request, database, cancellation);
        if (unknown is not null)
        {
            return unknown;
        }

        Head? kept = query.ContainsKey(Hash.Name)
            ? new Head(
                long.Parse(query[Number.Name].ToString(), CultureInfo.InvariantCulture), Convert.FromHexString(query[Hash.Name].ToString()))
            : null;
        return TypedResults.Ok(await verification.Verify(site?.ToString(), kept, cancellation));
    }

    private static async Task<Ok<HeadsAnswer>> GetHeads(
        HttpRequest request, IDatabase database, Anchors anchors, CancellationToken cancellation)
    {
        await anchors.Drop(cancellation);
        var own = request.HttpContext.User.SiteScope();
        return TypedResults.Ok(await database.Read(
            async session => new HeadsAnswer(
                own is null ? ChainHead.Of(null, await Heads.Of(session, AuditLog.Chain)) : null,
                [.. (await Heads.OfSites(session)).Where(row => own is null || row.Site == own.ToString())
                    .Select(row => ChainHead.Of(row.Site, row.Head))]),
            cancellation));
    }

    // The site that is asked about: with the key of a site none but its own. One that was retracted has a trail still.
    private static async Task<(SiteCode? Site, Problem? Unknown)> SiteOf(
        HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var own = request.HttpContext.User.SiteScope();
        if (!request.Query.TryGetValue(Site.Name, out var value))
        {
            return (own, null);
        }

        var stated = SiteCode.Of(value.ToString());
        return (own is null || own == stated) && await database.Read(
            async session => (await Heads.Of(session, stated.ToString())).Number > 0 || await SiteKind.Exists(session, stated),
            cancellation)
            ? (stated, null)
            : (null, WriteResponses.UnknownSite(stated));
    }

    private sealed record Row
    {
        public long Number { get; init; }
        public string? Action { get; init; }
        public string Site { get; init; } = string.Empty;
        public string? Subject { get; init; }
        public string? Detail { get; init; }
        public long? Anchored { get; init; }
        public byte[]? Head { get; init; }
        public string? Kind { get; init; }
        public string? Case { get; init; }
        public string? Code { get; init; }
        public int Version { get; init; }
        public int IsRetracted { get; init; }
        public object RecordedAt { get; init; } = string.Empty;
        public string RecordedBy { get; init; } = string.Empty;
        public string? KeyId { get; init; }
        public string? Address { get; init; }
        public object? SentAt { get; init; }
        public string? Reason { get; init; }
        public byte[]? Hash { get; init; }

        public AuditItem ToItem(string? chain) => new()
        {
            Chain = chain,
            Number = Number,
            Action = Action ?? (IsRetracted == 1 ? "retracted" : Version == 1 ? "recorded" : "corrected"),
            Site = NotEmpty(Site),
            Kind = Kind,
            Case = NotEmpty(Case),
            Key = NotEmpty(Code),
            Version = Kind is null ? null : Version,
            PreviousVersion = Kind is null || Version == 1 ? null : Version - 1,
            Subject = NotEmpty(Subject),
            Detail = Detail is null ? null : JsonNode.Parse(Detail),
            Anchored = Anchored is { } number ? ChainHead.Of(Site, new Head(number, Head!)) : null,
            RecordedAt = Recorder.Instant(RecordedAt),
            RecordedBy = RecordedBy,
            KeyId = KeyId,
            Address = Address,
            SentAt = SentAt is null ? null : Recorder.Instant(SentAt),
            Reason = Reason,
            Hash = Convert.ToHexStringLower(Hash ?? []),
        };

        private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;
    }
}

/// <summary>One page of the audit trail.</summary>
/// <param name="Items">The entries: of the registry by number, then of each site by number.</param>
/// <param name="Next">The cursor of the next page.</param>
internal sealed record AuditPage(
    IReadOnlyList<AuditItem> Items,
    [Missing("absent on the last")] string? Next);

/// <summary>One entry of the audit trail.</summary>
internal sealed record AuditItem
{
    /// <summary>The site whose chain it is in.</summary>
    [Missing("absent for the chain of the registry")]
    public string? Chain { get; init; }

    /// <summary>Its number in the chain: 1, 2, 3 and so on, without gaps.</summary>
    [Unit("count")]
    public long Number { get; init; }

    /// <summary>What was done: recorded, corrected or retracted; or anchor, erasure, key-created, key-revoked, export, snapshot.</summary>
    public string Action { get; init; } = string.Empty;

    /// <summary>The site it is about.</summary>
    [Missing("absent for none")]
    public string? Site { get; init; }

    /// <summary>The kind of record.</summary>
    [Missing("absent for anything else")]
    public string? Kind { get; init; }

    /// <summary>The case.</summary>
    [Missing("absent for the site itself, and for anything that is no record")]
    public string? Case { get; init; }

    /// <summary>The record's own key below the case.</summary>
    [Missing("absent for the site and for a case")]
    public string? Key { get; init; }

    /// <summary>The version that was recorded.</summary>
    [Unit("count")]
    [Missing("absent for anything that is no record")]
    public int? Version { get; init; }

    /// <summary>The version before it.</summary>
    [Unit("count")]
    [Missing("absent for the first")]
    public int? PreviousVersion { get; init; }

    /// <summary>What else it is about, such as the id of a key.</summary>
    [Missing("absent for a record")]
    public string? Subject { get; init; }

    /// <summary>More about it.</summary>
    [Missing("absent for nothing more")]
    public JsonNode? Detail { get; init; }

    /// <summary>Of an anchor: the head of the site's chain.</summary>
    public ChainHead? Anchored { get; init; }

    /// <summary>When it was received, RFC 3339 UTC.</summary>
    public string RecordedAt { get; init; } = string.Empty;

    /// <summary>The name of the key it came with.</summary>
    public string RecordedBy { get; init; } = string.Empty;

    /// <summary>The id of that key.</summary>
    [Missing("absent where the program itself did it, or an older one recorded it")]
    public string? KeyId { get; init; }

    /// <summary>The network address it came from.</summary>
    [Missing("absent where the program itself did it, or an older one recorded it")]
    public string? Address { get; init; }

    /// <summary>The sender's own instant, RFC 3339 UTC.</summary>
    [Missing("absent when not stated")]
    public string? SentAt { get; init; }

    /// <summary>Why.</summary>
    [Missing("absent when not stated")]
    public string? Reason { get; init; }

    /// <summary>The hash that chains it: a SHA-256 in hexadecimal digits.</summary>
    public string Hash { get; init; } = string.Empty;
}

/// <summary>The heads of the chains.</summary>
/// <param name="Registry">The head of the chain of the registry.</param>
/// <param name="Sites">The head of the chain of each site.</param>
internal sealed record HeadsAnswer(
    [Missing("absent with the key of a site")] ChainHead? Registry,
    IReadOnlyList<ChainHead> Sites);

/// <summary>The place that a chain has reached.</summary>
/// <param name="Site">The site.</param>
/// <param name="Number">The number of its latest row; 0 for none.</param>
/// <param name="Hash">The hash of that row: a SHA-256 in hexadecimal digits.</param>
internal sealed record ChainHead(
    [Missing("absent for the registry")] string? Site,
    [Unit("count")] long Number,
    string Hash)
{
    public static ChainHead Of(string? site, Head head) => new(site, head.Number, Convert.ToHexStringLower(head.Hash));
}
