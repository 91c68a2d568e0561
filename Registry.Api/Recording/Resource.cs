using System.Text.Json.Nodes;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>
/// One kind of record: how its content is read, checked, shown, and spread over columns for the views. Everything
/// else about recording is the same for all kinds and lies in <see cref="Recorder"/>.
/// </summary>
internal abstract class Resource
{
    /// <summary>The kind, as stored in <c>resource_version</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The name of the route value that holds the record's own key, or null where the record is the site or the case.</summary>
    public abstract string? RouteKey { get; }

    /// <summary>Whether the record lies under a site; only the site itself does not.</summary>
    public virtual bool IsUnderSite => true;

    /// <summary>Whether what is counted of a case depends on the record.</summary>
    public virtual bool MovesCounts => false;

    /// <summary>Whether the record lies under a case.</summary>
    public bool IsUnderCase => RouteKey is not null;

    /// <summary>The path of a record.</summary>
    public abstract string PathOf(ResourceAddress address);

    /// <summary>What is wrong with a key that is a valid identifier, or null.</summary>
    public virtual Fault? FaultOfKey(string key) => null;

    /// <summary>
    /// Reads the content of a body and notes every fault. With faults, what could be read is returned all the same,
    /// as far as there is enough of it to check against the rest of the case.
    /// </summary>
    public abstract object? Parse(FieldReader fields, string? code);

    /// <summary>The canonical text of a content.</summary>
    public abstract string Canonical(object content);

    /// <summary>The record's own key as the body states it, or null.</summary>
    public string? StatedKey(FieldReader fields) => fields.Peek(RouteKey!) is { } key && Identifier.IsValid(key) && FaultOfKey(key) is null ? key : null;

    /// <summary>The record's own key, told from its content where the sender did not state it.</summary>
    public virtual (string? Code, Fault? Fault) Locate(Dossier dossier, object content) =>
        throw new NotSupportedException($"The sender states the key of a record of kind {Kind}.");

    /// <summary>Whether the record's own key is told from the member at this pointer: with a fault there, no key can be told.</summary>
    public virtual bool TellsKey(string pointer) => false;

    /// <summary>What contradicts the rest of the registry once this content stands at this address.</summary>
    public abstract Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, object content);

    /// <summary>Why the record cannot be retracted, or null.</summary>
    public virtual Task<string?> Dependants(Session session, Dossier dossier, ResourceAddress address) => Task.FromResult<string?>(null);

    /// <summary>Writes the columns that the views read, in place of those that are there.</summary>
    public abstract Task Project(Session session, ResourceAddress address, object content);

    /// <summary>The row that the views read, for many at once.</summary>
    public virtual Table RowOf(int caseId, string code, object content) => throw new NotSupportedException($"A record of kind {Kind} does not lie under a case.");

    /// <summary>Removes the columns that the views read.</summary>
    public abstract Task Remove(Session session, ResourceAddress address);

    /// <summary>What helps the sender of a content to decide between it and another that is recorded: a member of the problem and a sentence; null when there is nothing to say.</summary>
    public virtual (string Member, string Value, string Sentence)? Compare(Dossier dossier, ResourceAddress address, string current, object proposed) => null;

    /// <summary>The record as it is read back: its content and what follows from the rest of the case.</summary>
    public virtual JsonObject Present(Dossier dossier, ResourceAddress address, string content) => JsonNode.Parse(content)!.AsObject();
}

/// <summary>A kind of record whose content is a <typeparamref name="T"/>.</summary>
internal abstract class Resource<T> : Resource
    where T : class
{
    public sealed override object? Parse(FieldReader fields, string? code)
    {
        var content = Read(fields, code);
        fields.RefuseUnknown();
        return content;
    }

    public sealed override string Canonical(object content) => Json.Canonical((T)content);

    public sealed override Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, object content) =>
        Check(session, dossier, address, (T)content);

    public sealed override Task Project(Session session, ResourceAddress address, object content) => Project(session, address, (T)content);

    protected abstract T? Read(FieldReader fields, string? code);

    protected abstract Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, T content);

    protected abstract Task Project(Session session, ResourceAddress address, T content);
}

/// <summary>A kind of record that lies under a case and has one row in one table.</summary>
internal abstract class CaseResource<T> : Resource<T>
    where T : class
{
    /// <summary>The table that holds the columns.</summary>
    public abstract string TableName { get; }

    /// <summary>The column that holds the record's own key.</summary>
    public abstract string KeyColumn { get; }

    /// <summary>The folder of the path, such as <c>events</c>.</summary>
    protected abstract string Folder { get; }

    public sealed override string PathOf(ResourceAddress address) => $"/api/v1/sites/{address.Site}/cases/{address.Case}/{Folder}/{address.Code}";

    /// <summary>The columns of a content besides the case and the key, by name.</summary>
    public abstract IReadOnlyDictionary<string, object?> Columns(T content);

    public sealed override Table RowOf(int caseId, string code, object content)
    {
        var columns = Columns((T)content);
        return new Table(TableName, ["case_id", KeyColumn, .. columns.Keys], [[caseId, code, .. columns.Values]]);
    }

    public sealed override Task Remove(Session session, ResourceAddress address) =>
        session.Execute($"DELETE FROM {TableName} WHERE {KeyColumn} = @Code AND case_id = ({CaseId})", address);

    protected const string CaseId = "SELECT c.case_id FROM treatment_case c JOIN site s ON s.site_id = c.site_id WHERE s.site_code = @Site AND c.case_code = @Case";

    protected sealed override async Task Project(Session session, ResourceAddress address, T content)
    {
        await Remove(session, address);
        var columns = Columns(content);
        var parameters = new Dapper.DynamicParameters(new { address.Site, address.Case, address.Code });
        foreach (var (name, value) in columns)
        {
            parameters.Add(name, value is DateOnly date ? date.Iso() : value);
        }

        await session.Execute(
            $"INSERT INTO {TableName} (case_id, {KeyColumn}, {string.Join(", ", columns.Keys)}) SELECT c.case_id, @Code, {string.Join(", ", columns.Keys.Select(name => "@" + name))} FROM treatment_case c JOIN site s ON s.site_id = c.site_id WHERE s.site_code = @Site AND c.case_code = @Case",
            parameters);
    }
}
