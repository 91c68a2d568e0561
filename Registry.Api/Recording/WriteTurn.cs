using Registry.Api.Cases;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Sites;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Recording;
using Registry.Domain.Sites;

namespace Registry.Api.Recording;

/// <summary>
/// One or more writes within one transaction. Each is decided upon what is recorded, the writes before it in the turn included;
/// the analysis rows of a person are derived and stored once, at the end.
/// </summary>
internal sealed class WriteTurn(Session session, RecordKinds kinds, PersonStore persons, TimeProvider clock) : IJointWork
{
    /// <summary>The most records that a case can hold, inclusive: each write looks at all of them.</summary>
    public const int MostRecordsOfCase = 5_000;

    private static readonly Statement CaseReference = new(
        "SELECT p.patient_reference FROM site s JOIN treatment_case c ON c.site_id = s.site_id JOIN person p ON p.person_id = c.person_id "
            + "WHERE s.site_code = @p0 AND c.case_code = @p1");
    private readonly TurnStore _store = new(session, clock);
    private readonly Dictionary<(SiteCode Site, string Reference), (PersonRecords? Before, PersonRecords After)> _moved = [];
    private readonly Dictionary<(SiteCode Site, CaseCode Case), PersonRecords?> _byCase = [];

    /// <summary>What would become of a write now, with all that is wrong with it. Nothing is stored.</summary>
    public async Task<WriteOutcome> Try(ParsedWrite write)
    {
        var plan = await Prepare(write.Command, write.Faults);
        return (write.Faults.Count, plan.Outcome) switch
        {
            (0, _) or (_, WriteOutcome.UnknownSite or WriteOutcome.UnknownCase) => plan.Outcome,
            (_, WriteOutcome.Decided { Verdict: Verdict.Unchanged }) when AreOfTheClock(write.Faults) => plan.Outcome,
            (_, WriteOutcome.Refused(var faults)) => new WriteOutcome.Refused([.. write.Faults, .. faults]),
            _ => new WriteOutcome.Refused(write.Faults),
        };
    }

    /// <summary>The same, and the writes after it in the turn are decided as if it were stored.</summary>
    public async Task<WriteOutcome> Pretend(WriteCommand command)
    {
        var plan = await Prepare(command, []);
        foreach (var (before, after) in plan.Change?.Persons() ?? [])
        {
            Note(before, after);
        }

        return plan.Outcome;
    }

    /// <summary>Carries out one write. It is stored with <see cref="Flush"/>.</summary>
    public async Task<WriteOutcome> Write(WriteCommand command)
    {
        var plan = await Prepare(command, []);
        if (plan.Change is not null && await _store.Add(command, plan) is { } stored)
        {
            foreach (var (before, after) in stored.Persons())
            {
                Note(before, after);
            }
        }

        return plan.Outcome;
    }

    /// <summary>Stores everything that was written in the turn.</summary>
    public async Task Flush()
    {
        await _store.Flush(_moved.Values);
        foreach (var (_, after) in _moved.Values)
        {
            persons.Keep(after);
        }
    }

    /// <summary>The person with a case as the turn has it so far; null when there is no such case.</summary>
    public async ValueTask<PersonRecords?> PersonOf(RecordAddress address) =>
        _byCase.TryGetValue((address.Site, address.Case), out var moved)
            ? moved
            : await persons.OfCase(session, address.Site, address.Case);

    private async ValueTask<PersonRecords?> PersonOf(SiteCode site, string reference) =>
        _moved.TryGetValue((site, reference), out var moved) ? moved.After : await persons.OfReference(session, site, reference);

    private void Note(PersonRecords? before, PersonRecords after)
    {
        var key = (after.Site, after.Reference);
        _moved[key] = (_moved.TryGetValue(key, out var known) ? known.Before : before, after);
        foreach (var one in before?.Cases ?? [])
        {
            _byCase[(after.Site, one.Code)] = null;
        }

        foreach (var one in after.Cases)
        {
            _byCase[(after.Site, one.Code)] = after;
        }
    }

    // What is recorded, what would become of the write, and if it is to be stored, what the persons would be.
    private async Task<WritePlan> Prepare(WriteCommand command, IReadOnlyList<Fault> ownFaults)
    {
        var (kind, address) = (command.Kind, command.Address);
        if (!kind.IsUnderSite)
        {
            return await PrepareSite(command);
        }

        var person = await PersonOf(address);
        if (person is null && !await SiteKind.Exists(session, address.Site))
        {
            return new WriteOutcome.UnknownSite(address.Site);
        }

        if (person is null && kind.IsUnderCase)
        {
            return new WriteOutcome.UnknownCase(address.Site, address.Case);
        }

        var records = person?.Case(address.Case) ?? await persons.CaseOf(session, address.Site, address.Case);
        if (address.Code is null)
        {
            var untold = ownFaults.Where(fault => kind.TellsKey(fault.Where)).ToList();
            if (command.Content is null || untold.Any(fault => fault.Code != FieldReader.InTheFuture))
            {
                return new WriteOutcome.Refused([]);
            }

            // A date in the future may be that of a record all the same; where it is of none, it is fault enough.
            var (code, fault) = kind.Locate(records, command.Content);
            if (code is null)
            {
                return new WriteOutcome.Refused(untold.Count > 0 ? [] : [fault!]);
            }

            address = address with { Code = code };
        }

        return await Decide(command, address, person, records, ownFaults);
    }

    private static bool AreOfTheClock(IReadOnlyList<Fault> faults) => faults.All(fault => fault.Code == FieldReader.InTheFuture);

    private async Task<WritePlan> Decide(
        WriteCommand command, RecordAddress address, PersonRecords? person, CaseRecords records, IReadOnlyList<Fault> ownFaults)
    {
        var kind = command.Kind;
        var latest = records.Latest(kind, address.Code!);
        if (command.Content is { } stated && latest is { Version.Retracted: false } && kind.Adopt(stated, latest.Content) is var adopted
            && !adopted.Equals(stated))
        {
            command = new WriteCommand(kind, command.Address, adopted, command.Asked, command.By)
            {
                Today = command.Today,
                ReadBack = command.ReadBack,
            };
        }

        var asked = kind is CaseKind && person is not null && command.Asked.ExpectedTag is { } tag && CaseResponse.IsTagOf(person, tag)
            ? command.Asked with { ExpectedTag = latest!.Version.Tag }
            : WithOwnTag(command.Asked, kind, records, address, latest);
        var verdict = command.Canonical is { } canonical
            ? WriteRule.Put(latest?.Version, canonical, asked)
            : WriteRule.Delete(latest?.Version, asked);

        // Derived members may have changed since a message was sent first; what it is about has not.
        if (verdict == Verdict.Unchanged
            && ReadOnlyFaults(command, address, person, records, member => member == kind.RouteKey || member is "site" or "case")
                is { Count: > 0 } ofAnother)
        {
            return new WriteOutcome.Refused(ofAnother);
        }

        // What is recorded already is compared before its date is judged: a clock may have been set back.
        if (verdict == Verdict.Unchanged && ownFaults.Count > 0 && AreOfTheClock(ownFaults))
        {
            return new WriteOutcome.Decided(verdict, address, latest, records);
        }

        if (ownFaults.Count > 0 ? command.Content is null : verdict is not (Verdict.Create or Verdict.Correct or Verdict.Retract))
        {
            return new WriteOutcome.Decided(verdict, address, latest, records);
        }

        var version = new RecordedVersion(
            (latest?.Version.Version ?? 0) + 1, command.Canonical ?? latest!.Version.Content, Retracted: command.Canonical is null);
        var content = command.Content ?? latest!.Content;
        var changed = records.With(kind, address.Code!, version, content);
        var (change, faults) = kind is CaseKind
            ? await ChangeCase(address, person, records, changed)
            : (new PersonChange(person!, person!.With(changed, NewStamp())), []);
        faults =
        [
            .. faults,
            .. Faults(command, address, change, changed),
            .. ReadOnlyFaults(command, address, person, latest is { Version.Retracted: false } ? records : changed, static _ => true),
        ];
        if (faults.Count > 0)
        {
            return command.Content is null ? new WriteOutcome.Needed(faults[0].Detail) : new WriteOutcome.Refused(faults);
        }

        return new WritePlan(
            new WriteOutcome.Decided(verdict, address, changed.Latest(kind, address.Code!), changed),
            change,
            records.Current(kind, address.Code!) is not null,
            version);
    }

    // The tag of an answer to GET covers what is derived, too: it stands for the version that the answer shows, or showed before it was
    // retracted.
    private static Preconditions WithOwnTag(
        Preconditions asked, RecordKind kind, CaseRecords records, RecordAddress address, StoredRecord? latest)
    {
        if (asked.ExpectedTag is not { } tag || latest is null || records.Chart is null)
        {
            return asked;
        }

        var version = latest.Version;
        var shown = version.Retracted ? version with { Version = version.Version - 1, Retracted = false } : version;
        return tag == kind.ShownTag(records, address, latest with { Version = shown }) ? asked with { ExpectedTag = shown.Tag } : asked;
    }

    private static IEnumerable<Fault> Faults(WriteCommand command, RecordAddress address, PersonChange change, CaseRecords changed)
    {
        var kind = command.Kind;
        // What is as wrong already is not held against the sender. As a rule nothing is.
        if (change.Contradictions(address.Case).ToList() is { Count: > 0 } contradictions)
        {
            foreach (var broken in contradictions.Except(change.Before?.Contradictions(address.Case) ?? []))
            {
                var pointer = kind.PointerOf(broken.About);
                yield return new Fault(pointer, broken.Code, broken.Detail, broken.Value ?? command.Stated(pointer), broken.Allowed);
            }
        }

        if (command.Content is { } content)
        {
            foreach (var fault in kind.Check(changed.Chart!, content))
            {
                yield return fault;
            }

            if (changed.Count > MostRecordsOfCase)
            {
                yield return new Fault(
                    string.Empty,
                    "too-many-records",
                    FormattableString.Invariant(
                        $"Case '{address.Case}' would hold {changed.Count} records; it can hold {MostRecordsOfCase}."),
                    Allowed: FormattableString.Invariant($"up to {MostRecordsOfCase} records"));
            }
        }
    }

    // Members that are only ever read may say what they say now, and nothing else.
    private IReadOnlyList<Fault> ReadOnlyFaults(
        WriteCommand command, RecordAddress address, PersonRecords? person, CaseRecords records, Func<string, bool> isAsked)
    {
        if (!command.ReadBack.Keys.Any(isAsked))
        {
            return [];
        }

        var now = command.Kind is not CaseKind ? command.Kind.ShowInList(records, address, records.Latest(command.Kind, address.Code!)!)
            : person?.Case(address.Case) is null ? new RecordView(new CaseAddress(address.Site, address.Case))
            : CaseResponse.Of(person, records, command.Today!.Value, address, kinds);
        return now.FaultsOf(command.ReadBack.Where(member => isAsked(member.Key)).ToDictionary());
    }

    // A case that is new, corrected (perhaps to another patient) or retracted.
    private async Task<(PersonChange Change, IReadOnlyList<Fault> Faults)> ChangeCase(
        RecordAddress address, PersonRecords? person, CaseRecords records, CaseRecords changed)
    {
        if (changed.Chart is null)
        {
            var follower = person!.Cases.FirstOrDefault(one => one.Chart!.Case.PrecedingCase == address.Case);
            IReadOnlyList<Fault> needed =
                records.Count > 0 ? [new Fault(
                    string.Empty,
                    "in-use",
                    FormattableString.Invariant($"Case '{address.Case}' holds {records.Count} records. Retract them first."))]
                : follower is not null ? [new Fault(
                    string.Empty, "in-use", $"Case '{follower.Code}' names case '{address.Case}' as its preceding case. Correct it first.")]
                : [];
            return (new PersonChange(person, person.Without(address.Case, NewStamp())), needed);
        }

        var reference = changed.Chart.Case.Patient.Reference;
        var target = reference == person?.Reference
            ? person
            : await PersonOf(address.Site, reference) ?? new PersonRecords(0, 0, address.Site, reference, []);
        var faults = new List<Fault>();
        if (target.Number == 0 && Patient.IsErased(reference))
        {
            faults.Add(new Fault(
                "/patient/reference",
                "reserved",
                $"'{reference}' stands in the place of a reference that was erased; a patient needs another one.",
                reference,
                "any other reference"));
        }

        if (person is not null && target != person)
        {
            faults.AddRange(
                from later in person.Cases
                where later.Chart!.Case.PrecedingCase == address.Case
                select new Fault(
                    "/patient/reference",
                    "other-patient",
                    $"Case '{later.Code}' follows this one and is about patient '{person.Reference}', and this one would be about "
                        + $"'{reference}'.",
                    reference,
                    person.Reference));
        }

        if (changed.Chart.Case.PrecedingCase is { } preceding && preceding != address.Case && target.Case(preceding) is null)
        {
            faults.Add(await session.Rows(CaseReference, static row => row.GetString(0), address.Site, preceding) is [var other]
                ? new Fault(
                    "/precedingCase",
                    "other-patient",
                    $"Case '{preceding}' is about patient '{other}', and this one about '{reference}'.",
                    preceding.ToString())
                : new Fault(
                    "/precedingCase",
                    "case-not-found",
                    $"Case '{preceding}' is not known at site '{address.Site}'. Record it first.",
                    preceding.ToString()));
        }

        var change = target == person
            ? new PersonChange(person, person.With(changed, NewStamp()))
            : new PersonChange(target, target.With(changed, NewStamp()))
            {
                Left = person,
                Remaining = person?.Without(address.Case, NewStamp()),
            };
        return (change, faults);
    }

    // A site may have been recorded with an alias of its time zone: the same site with the canonical name is no other content.
    private string SameAs(StoredRecord? latest, string canonical) =>
        latest is not null && kinds.Site.Canonical(((Site)latest.Content).WithCanonicalZone()) == canonical
            ? latest.Version.Content
            : canonical;

    private async Task<WritePlan> PrepareSite(WriteCommand command)
    {
        var (kind, address) = (command.Kind, command.Address);
        var latest = (await persons.CaseOf(session, address.Site, default)).Latest(kind, RecordAddress.Itself);
        var verdict = command.Canonical is { } canonical
            ? WriteRule.Put(latest?.Version, SameAs(latest, canonical), command.Asked)
            : WriteRule.Delete(latest?.Version, command.Asked);
        if (verdict is not (Verdict.Create or Verdict.Correct or Verdict.Retract))
        {
            return new WriteOutcome.Decided(verdict, address, latest, null);
        }

        if (command.Content is not null && SiteKind.Reserved(address.Site) is { } fault)
        {
            return new WriteOutcome.Refused([fault]);
        }

        if (command.Content is null && await SiteKind.Dependants(session, address.Site) is { } why)
        {
            return new WriteOutcome.Needed(why);
        }

        var version = new RecordedVersion(
            (latest?.Version.Version ?? 0) + 1, command.Canonical ?? latest!.Version.Content, Retracted: command.Canonical is null);
        var stored = new StoredRecord(version, command.Content ?? latest!.Content, []);
        return new WritePlan(new WriteOutcome.Decided(verdict, address, stored, null), new PersonChange(null, null), false, version);
    }

    // Never the same twice, so that what was undone is never taken for what was stored.
    private static long NewStamp() => Random.Shared.NextInt64();
}
