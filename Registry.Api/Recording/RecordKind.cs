using System.Text.Json;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Recording;

/// <summary>
/// One kind of record: how its content is read, checked, shown, and stored in columns. Everything else about recording is
/// the same for all kinds and is in <see cref="Recorder"/>.
/// </summary>
internal abstract class RecordKind
{
    /// <summary>The kind, as stored in <c>resource_version</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name of the route value that holds the record's own key, or null where the record is the site or the case.</summary>
    public abstract string? RouteKey { get; }

    /// <summary>The type of the content.</summary>
    public abstract Type Content { get; }

    /// <summary>Whether the record lies under a site; only the site itself does not.</summary>
    public virtual bool IsUnderSite => true;

    /// <summary>Whether the record lies under a case.</summary>
    public bool IsUnderCase => RouteKey is not null;

    /// <summary>The path of a record.</summary>
    public abstract string PathOf(RecordAddress address);

    /// <summary>What is wrong with a key that is a valid identifier, or null.</summary>
    public virtual Fault? FaultOfKey(string key) => null;

    /// <summary>
    /// Reads the content of a body and notes every fault. With faults, what could be read is returned all the same,
    /// as far as there is enough of it to check against the rest of the case.
    /// </summary>
    public abstract (object? Content, IReadOnlyDictionary<string, JsonElement> ReadBack) Parse(FieldReader fields, string? code);

    /// <summary>
    /// The members that the record is read back with and that cannot be set: they may be sent back with what they say now.
    /// </summary>
    public abstract IReadOnlyList<string> ReadOnlyMembers { get; }

    /// <summary>
    /// The tag of a record as GET shows it, without quotes: that of its version, and where something derived is shown with it, of that as
    /// well.
    /// </summary>
    public virtual string ShownTag(CaseRecords records, RecordAddress address, StoredRecord record) => record.Version.Tag;

    /// <summary>A content with what the recorded one has besides and no sender of this kind states.</summary>
    public virtual object Adopt(object content, object recorded) => content;

    /// <summary>The canonical text of a content.</summary>
    public abstract string Canonical(object content);

    /// <summary>Reads back what <see cref="Canonical"/> wrote.</summary>
    public abstract object Read(string canonical);

    /// <summary>The record's own key as the body states it, or null.</summary>
    public string? StatedKey(FieldReader fields) =>
        fields.Peek(RouteKey!) is { } key && Identifier.IsValid(key) && FaultOfKey(key) is null ? key : null;

    /// <summary>The record's own key, derived from its content where the sender did not state it.</summary>
    public virtual (string? Code, Fault? Fault) Locate(CaseRecords records, object content) =>
        throw new NotSupportedException($"The sender states the key of a record of kind {Name}.");

    /// <summary>
    /// Whether the record's own key is derived from the member at this pointer: with a fault there, no key can be derived.
    /// </summary>
    public virtual bool TellsKey(string pointer) => false;

    /// <summary>The chart of a case once these contents stand under it; null for one that is gone.</summary>
    public virtual CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        throw new NotSupportedException($"A record of kind {Name} does not lie under a case.");

    /// <summary>What is wrong with a content in its case, besides what contradicts other records.</summary>
    public virtual IEnumerable<Fault> Check(CaseChart chart, object content) => [];

    /// <summary>The member to be looked at for a contradiction that this record brings.</summary>
    public abstract string PointerOf(ContradictionAbout about);

    /// <summary>What narrows a list of such records.</summary>
    public virtual IReadOnlyList<ListFilter> Filters => [];

    /// <summary>
    /// Helps the sender of a content that differs from the recorded one to decide: a further member of the problem and a sentence; null
    /// when there is nothing to say.
    /// </summary>
    public virtual (string Member, string Value, string Sentence)? Compare(
        CaseRecords records, RecordAddress address, object current, object proposed) =>
        null;

    /// <summary>What the record is read back with that follows from the rest of the case; null where nothing does.</summary>
    protected virtual object? Derived(CaseRecords? records, RecordAddress address, object content) => null;

    /// <summary>Whether the record is read back with its own key even where its address has it.</summary>
    protected virtual bool ShowsKey => false;

    /// <summary>The record as it is read back: its content and what follows from the rest of the case.</summary>
    public RecordView Show(CaseRecords? records, RecordAddress address, StoredRecord record) =>
        new([.. Parts(records, address, record, ShowsKey)]);

    /// <summary>The record as it is read back among others: with its own key and its tag besides.</summary>
    public RecordView ShowInList(CaseRecords? records, RecordAddress address, StoredRecord record) =>
        new([.. Parts(records, address, record, RouteKey is not null), NamedMember.ETag(record.Version)]);

    private IEnumerable<object> Parts(CaseRecords? records, RecordAddress address, StoredRecord record, bool withKey)
    {
        if (withKey)
        {
            yield return new NamedMember(RouteKey!, address.Code);
        }

        yield return record.Content;
        if (Derived(records, address, record.Content) is { } derived)
        {
            yield return derived;
        }
    }
}

/// <summary>A parameter that narrows a list of records.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="ValueOf">What a content has there, as the parameter states it; null for nothing.</param>
internal sealed record ListFilter(QueryParameter Parameter, Func<object, string?> ValueOf)
{
    /// <summary>Whether a content has what a query asks for; any has when the parameter is left out.</summary>
    public bool Lets(IQueryCollection query, object content) =>
        !query.TryGetValue(Parameter.Name, out var wanted) || wanted.Contains(ValueOf(content));
}

/// <summary>A kind of record whose content is a <typeparamref name="T"/>.</summary>
internal abstract class RecordKind<T> : RecordKind
    where T : class
{
    public sealed override Type Content => typeof(T);

    public sealed override IReadOnlyList<string> ReadOnlyMembers => field ??=
    [
        .. RouteKey is { } key && !ShowsKey ? [key] : Array.Empty<string>(),
        .. ReadBackWithAttribute.Of(typeof(T))
            .SelectMany(Json.MembersOf)
            .Concat(ReadBackWithAttribute.Unstated(typeof(T)))
            .Append(NamedMember.OfETag)
            .Distinct(),
    ];

    public sealed override (object? Content, IReadOnlyDictionary<string, JsonElement> ReadBack) Parse(FieldReader fields, string? code)
    {
        var content = Read(fields, code);
        var readBack = fields.ReadBack(ReadOnlyMembers);
        fields.RefuseUnknown();
        return (content, readBack);
    }

    public sealed override string Canonical(object content) => Json.Canonical((T)content);

    public sealed override object Read(string canonical) => Json.Read<T>(canonical);

    /// <summary>Reads the members of a body, as they are declared. Null without one that a content cannot do without.</summary>
    protected virtual T? Read(FieldReader fields, string? code)
    {
        var (content, isWhole) = FieldSet<T>.Declared.Read(fields);
        return isWhole ? content : null;
    }
}

/// <summary>A kind of record that has one row in one table.</summary>
internal interface IRowKind
{
    /// <summary>Stores the columns of a content, or removes them: as a change of one row.</summary>
    /// <param name="case">The number of the case.</param>
    /// <param name="code">The record's own key.</param>
    /// <param name="content">The content; null when it was retracted.</param>
    /// <param name="exists">Whether there is a row already.</param>
    (Statement Statement, object?[] Values) RowChange(int @case, string code, object? content, bool exists);

    /// <summary>The row of a content, for many at once.</summary>
    Table RowOf(int @case, string code, object content);
}

/// <summary>A kind of record that lies under a case and has one row in one table.</summary>
/// <param name="name">The kind, as stored in <c>resource_version</c>.</param>
/// <param name="key">The name of the route value that holds the record's own key.</param>
/// <param name="table">The table that holds the columns.</param>
/// <param name="keyColumn">The column that holds the record's own key.</param>
/// <param name="folder">The folder of the path, such as <c>events</c>.</param>
/// <param name="date">The member that holds the date by which the record is checked.</param>
/// <typeparam name="T">The content.</typeparam>
internal abstract class CaseItemKind<T>(string name, string key, string table, string keyColumn, string folder, string date)
    : RecordKind<T>, IRowKind
    where T : class
{
    private readonly RowStatements _statements = new(table, ["case_id", keyColumn], FieldSet<T>.Declared.ColumnNames);

    public sealed override string Name => name;

    public sealed override string? RouteKey => key;

    public sealed override string PathOf(RecordAddress address) =>
        $"/api/v1/sites/{address.Site}/cases/{address.Case}/{folder}/{address.Code}";

    public override string PointerOf(ContradictionAbout about) => "/" + date;

    public sealed override IReadOnlyList<ListFilter> Filters { get; } =
    [
        .. from field in FieldSet<T>.Declared.All
           let filter = field.Filter
           where filter is not null
           let stored = field.Columns.Single().Value
           select new ListFilter(
               filter, content => stored((T)content) switch { int flag => flag == 1 ? "true" : "false", var code => (string?)code }),
    ];

    /// <inheritdoc/>
    public (Statement Statement, object?[] Values) RowChange(int @case, string code, object? content, bool exists) => content is null
        ? (_statements.Delete, [@case, code])
        : (exists ? _statements.Update : _statements.Insert, FieldSet<T>.Declared.Row((T)content, @case, code));

    /// <inheritdoc/>
    public Table RowOf(int @case, string code, object content) =>
        new(table, ["case_id", keyColumn, .. FieldSet<T>.Declared.ColumnNames], [FieldSet<T>.Declared.Row((T)content, @case, code)]);

    /// <summary>A copy of the entries with these changes.</summary>
    protected static IReadOnlyDictionary<TKey, T> Changed<TKey>(
        IReadOnlyDictionary<TKey, T> entries, IEnumerable<(string Code, object? Content)> changes, Func<string, TKey> keyOf)
        where TKey : notnull
    {
        var changed = new Dictionary<TKey, T>(entries);
        foreach (var (code, content) in changes)
        {
            if (content is null)
            {
                changed.Remove(keyOf(code));
            }
            else
            {
                changed[keyOf(code)] = (T)content;
            }
        }

        return changed;
    }
}
