using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.Summaries;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>The cases of a cohort at a cut-off as they were at one moment: what is known of them as a whole.</summary>
/// <param name="Id">Its id: the day it was taken, and random digits.</param>
/// <param name="Cohort">The name of the saved cohort.</param>
/// <param name="CohortVersion">The version of its definition.</param>
/// <param name="Title">The title it had; null for none.</param>
/// <param name="Filter">What the cases were selected by, as JSON, without the cut-off.</param>
/// <param name="AsOf">The cut-off.</param>
/// <param name="Format">The format of the stored rows.</param>
/// <param name="RulesVersion">The rules by which they were derived.</param>
/// <param name="DataVersion">How often their tables had changed. Unit: changes.</param>
/// <param name="DataVersions">The same by site and table, as JSON.</param>
/// <param name="Cases">How many cases there are. Unit: cases.</param>
/// <param name="Rows">How many rows are stored. Unit: rows.</param>
/// <param name="Sha256">The digest of its manifest.</param>
/// <param name="CreatedAt">When it was taken, RFC 3339 UTC.</param>
/// <param name="CreatedBy">The name of the key it was taken with.</param>
internal sealed record Snapshot(
    string Id,
    string Cohort,
    int CohortVersion,
    string? Title,
    string Filter,
    DateOnly AsOf,
    int Format,
    int RulesVersion,
    long DataVersion,
    string DataVersions,
    int Cases,
    long Rows,
    byte[] Sha256,
    string CreatedAt,
    string CreatedBy)
{
    /// <summary>Its path.</summary>
    public string Path => "/api/v1/snapshots/" + Id;

    /// <summary>
    /// The manifest: a line each for format, rules, cut-off, filter, cases and rows, and a line a part with its table, its rows and the
    /// SHA-256 of its text. Its own SHA-256 stands for every row, and for what they were selected by. A last line has the salt: without it,
    /// a reader of the digest could find the code of a masked site or the site's own number of a case by digesting guesses.
    /// </summary>
    /// <param name="parts">The parts, in their order.</param>
    /// <param name="salt">The salt of the registry, which no answer shows; null for the manifest of a snapshot that was taken before there
    /// was one.</param>
    public byte[] Manifest(IEnumerable<SnapshotPart> parts, string? salt)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"snapshot {Format}\nrules {RulesVersion}\nasOf {AsOf.Iso()}\nfilter {Filter}\ncases {Cases}\nrows {Rows}\n");
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"part {part.Table} {part.Rows} {Convert.ToHexStringLower(part.Digest)}\n");
        }

        if (salt is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"salt {salt}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A count of it as it can be shown; null where it is hidden.</summary>
    public static long? Shown(long count, Disclosure? disclosure) => disclosure is null ? count : disclosure.Shown(count);

    /// <summary>
    /// What the cases were selected by, each parameter with its values, in the words of who sees sites under these names.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FilterFor(SiteNames names) =>
        names.Of(Json.Read<SortedDictionary<string, IReadOnlyList<string>>>(Filter));

    /// <summary>The digest of the manifest.</summary>
    public byte[] Digest(IEnumerable<SnapshotPart> parts, string? salt) => SHA256.HashData(Manifest(parts, salt));

    /// <summary>It, as it is read.</summary>
    /// <param name="root">The address of the interface as the caller sees it.</param>
    /// <param name="names">The names of sites as the caller sees them.</param>
    /// <param name="disclosure">What hides small counts from the caller; null for one who sees what there is.</param>
    public SnapshotAnswer Show(string root, SiteNames names, Disclosure? disclosure) => new(
        Id,
        Cohort,
        CohortVersion,
        Title,
        AsOf,
        DataVersion,
        new JsonObject(FilterFor(names).Select(one =>
            KeyValuePair.Create<string, JsonNode?>(one.Key, new JsonArray([.. one.Value.Select(value => JsonValue.Create(value))])))),
        Shown(Cases, disclosure),
        Shown(Cases, disclosure) is null ? null : Shown(Rows, disclosure),
        Shown(Cases, disclosure) is null ? true : null,
        Convert.ToHexStringLower(Sha256),
        CreatedAt,
        CreatedBy,
        new SnapshotLinks($"{root}{Path}/cases", $"{root}{Path}/export", $"{root}{Path}/citation", $"{root}{Path}/verify"));
}

/// <summary>A part of the rows of a snapshot.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Table">The table.</param>
/// <param name="Rows">How many rows it has. Unit: rows.</param>
/// <param name="Digest">The SHA-256 of its text.</param>
internal sealed record SnapshotPart(int Number, string Table, long Rows, byte[] Digest);

/// <summary>A snapshot: the cases of a cohort at a cut-off as they were when it was taken. It never changes.</summary>
/// <param name="Snapshot">Its id.</param>
/// <param name="Cohort">The name of the saved cohort it was taken of.</param>
/// <param name="Version">The version of the definition.</param>
/// <param name="Title">The title of the cohort.</param>
/// <param name="AsOf">The cut-off day.</param>
/// <param name="DataVersion">How often the rows of the registry had changed, in the sites of the cohort.</param>
/// <param name="Filter">What the cases were selected by, each parameter with its values.</param>
/// <param name="Cases">How many cases there are, rounded where disclosure control rounds.</param>
/// <param name="Rows">How many rows are stored of them, rounded and hidden as the cases are.</param>
/// <param name="Suppressed">True where the numbers are hidden because they are small.</param>
/// <param name="Sha256">The SHA-256, in hexadecimal digits, over cut-off, filter and every row.</param>
/// <param name="CreatedAt">When it was taken, RFC 3339 UTC.</param>
/// <param name="CreatedBy">The name of the key it was taken with.</param>
/// <param name="Links">Where to go on.</param>
internal sealed record SnapshotAnswer(
    string Snapshot,
    string Cohort,
    [Unit("count")] int Version,
    [Missing("absent without one")] string? Title,
    DateOnly AsOf,
    [Unit("changes")] long DataVersion,
    JsonObject Filter,
    [Unit("cases"), Missing("absent where disclosure control hides so small a number")] long? Cases,
    [Unit("rows"), Missing("absent where the cases are")] long? Rows,
    [Missing("absent otherwise")] bool? Suppressed,
    string Sha256,
    string CreatedAt,
    string CreatedBy,
    SnapshotLinks Links);

/// <summary>Addresses below a snapshot.</summary>
/// <param name="Cases">Its cases, page by page.</param>
/// <param name="Export">Its cases, whole.</param>
/// <param name="Citation">How to cite it.</param>
/// <param name="Verify">Whether it is as it was.</param>
internal sealed record SnapshotLinks(string Cases, string Export, string Citation, string Verify);

/// <summary>One page of the snapshots of a cohort.</summary>
/// <param name="Items">The snapshots, in the order of their ids: by the day they were taken.</param>
/// <param name="Next">The cursor of the next page.</param>
internal sealed record SnapshotPage(
    IReadOnlyList<SnapshotAnswer> Items,
    [Missing("absent on the last")] string? Next);

/// <summary>Whether a snapshot is as it was when it was taken.</summary>
/// <param name="Intact">Whether the stored rows, cut-off and filter still give the digest.</param>
/// <param name="Sha256">The digest that they give now, in hexadecimal digits.</param>
/// <param name="Stored">The digest that was stored when it was taken.</param>
/// <param name="Parts">How many parts were read.</param>
/// <param name="Damaged">The parts whose rows are not those that were stored, or are gone.</param>
internal sealed record SnapshotVerification(
    bool Intact,
    string Sha256,
    string Stored,
    [Unit("parts")] int Parts,
    IReadOnlyList<DamagedPart> Damaged);

/// <summary>A part of a snapshot that is not as it was.</summary>
/// <param name="Part">Its number, from 1.</param>
/// <param name="Table">The table whose rows it holds.</param>
internal sealed record DamagedPart(
    [Unit("count")] int Part,
    string Table);

/// <summary>What a snapshot is to be taken with.</summary>
/// <param name="AsOf">The cut-off.</param>
internal sealed record NewSnapshot(
    [Missing("left out: that of the definition or, without one, the latest day that has begun at any site or that anything is dated")]
    DateOnly? AsOf);
