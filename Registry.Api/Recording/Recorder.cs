using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Operations;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>A requested write.</summary>
/// <param name="Kind">The kind of record.</param>
/// <param name="Address">Where.</param>
/// <param name="Content">What, or null to retract.</param>
/// <param name="Asked">Under which conditions.</param>
/// <param name="By">Who sent it.</param>
internal sealed record WriteCommand(RecordKind Kind, RecordAddress Address, object? Content, Preconditions Asked, Sender By)
{
    /// <summary>The canonical text of the content; null to retract.</summary>
    public string? Canonical { get; } = Content is null ? null : Kind.Canonical(Content);

    /// <summary>What the content says at a JSON Pointer; null where it says nothing.</summary>
    public string? Stated(string pointer) => Canonical is null
        ? null
        : pointer.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(JsonNode.Parse(Canonical), (node, name) => (node as JsonObject)?[name]) is JsonValue value ? value.ToString() : null;

    /// <summary>The day it is at the site; stated for a case, whose schedule depends on it.</summary>
    public DateOnly? Today { get; init; }

    /// <summary>What the sender stated of members that are only ever read.</summary>
    public IReadOnlyDictionary<string, JsonElement> ReadBack { get; init; } = FrozenDictionary<string, JsonElement>.Empty;
}

/// <summary>What became of a write.</summary>
internal abstract record WriteOutcome
{
    /// <summary>
    /// The rule gave its verdict. <paramref name="Current"/> is what is recorded now, or null; <paramref name="Records"/> are those of its
    /// case.
    /// </summary>
    internal sealed record Decided(Verdict Verdict, RecordAddress Address, StoredRecord? Current, CaseRecords? Records) : WriteOutcome;

    /// <summary>The content contradicts the registry.</summary>
    internal sealed record Refused(IReadOnlyList<Fault> Faults) : WriteOutcome;

    /// <summary>The site is not known.</summary>
    internal sealed record UnknownSite(SiteCode Site) : WriteOutcome;

    /// <summary>The case is not known.</summary>
    internal sealed record UnknownCase(SiteCode Site, CaseCode Case) : WriteOutcome;

    /// <summary>Something else depends on the record that was to be retracted.</summary>
    internal sealed record Needed(string Why) : WriteOutcome;
}

/// <summary>Carries writes out: the one way by which anything is recorded.</summary>
internal sealed class Recorder(IDatabase database, RecordKinds kinds, PersonStore persons, RegistryMeter meter, TimeProvider clock)
{
    /// <summary>
    /// Carries out a write. With faults of its own it is refused, together with what contradicts the registry besides, so that the sender
    /// learns of everything at once.
    /// </summary>
    public async Task<WriteOutcome> Write(ParsedWrite write, CancellationToken cancellation) =>
        write.Faults.Count == 0
            ? await Write(write.Command, cancellation)
            : Counted(write.Command, await database.Read(session => Turn(session).Try(write), cancellation));

    /// <summary>Carries out one write durably. Writes below cases that come at the same moment share a turn.</summary>
    public async Task<WriteOutcome> Write(WriteCommand command, CancellationToken cancellation)
    {
        string[] sites = [command.Address.Site.ToString()];
        return Counted(command, command.Kind.IsUnderCase
            ? await database.WriteJointly(sites, Turn, turn => turn.Write(command), cancellation)
            : await database.Write(
                sites,
                async session =>
                {
                    // By itself: sites and cases are looked up in the tables.
                    var turn = Turn(session);
                    var outcome = await turn.Write(command);
                    await turn.Flush();
                    return outcome;
                },
                cancellation));
    }

    private WriteOutcome Counted(WriteCommand command, WriteOutcome outcome)
    {
        meter.CountWrite(command.Kind.Name, WriteResponses.ProblemOf(outcome, command.Kind, command.Content)?.Kind.Code
            ?? WriteResponses.CodeOf(((WriteOutcome.Decided)outcome).Verdict));
        return outcome;
    }

    /// <summary>Begins a turn in which several writes can be carried out within one transaction, paying once for each person.</summary>
    public WriteTurn Turn(Session session) => new(session, kinds, persons, clock);

    /// <summary>An instant as it comes from the database: text on SQLite, a point in time without a zone on SQL Server.</summary>
    public static string Instant(object stored) => stored is DateTime at
        ? Instant(new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)))
        : Convert.ToString(stored, System.Globalization.CultureInfo.InvariantCulture)!;

    /// <summary>An instant as it is stored and shown: RFC 3339, UTC, microseconds.</summary>
    public static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
