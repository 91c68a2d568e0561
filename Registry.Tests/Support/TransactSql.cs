using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Registry.Tests.Support;

/// <summary>Microsoft's own parser and schema model for T-SQL as SQL Server 2016 speaks it. No server takes part.</summary>
internal static class TransactSql
{
    /// <summary>The tree of a script, and what is wrong with its syntax.</summary>
    public static (TSqlFragment Tree, IReadOnlyList<string> Errors) Parse(string script)
    {
        using var reader = new StringReader(script);
        var tree = new TSql130Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        return (tree,
            [.. errors.Select(error => FormattableString.Invariant($"line {error.Line}, column {error.Column}: {error.Message}"))]);
    }

    /// <summary>The scripts as one schema, and what is wrong with them: syntax, and names that name nothing.</summary>
    public static (IReadOnlyList<string> Tables, IReadOnlyList<string> Views, IReadOnlyList<string> Faults) Model(
        IEnumerable<EmbeddedScript> scripts)
    {
        using var model = new TSqlModel(SqlServerVersion.Sql130, new TSqlModelOptions());
        var faults = new List<string>();
        var parts = new Dictionary<string, List<string>>();
        var created = new Dictionary<string, string>();
        foreach (var script in scripts)
        {
            var (tree, errors) = Parse(script.Text);
            faults.AddRange(errors.Select(error => $"{script.Path}: {error}"));
            foreach (var statement in ((TSqlScript)tree).Batches.SelectMany(batch => batch.Statements))
            {
                var text = script.Text.Substring(statement.StartOffset, statement.FragmentLength);
                switch (statement)
                {
                    case CreateTableStatement table:
                        Create(table.SchemaObjectName, text);
                        break;
                    case AlterTableAddTableElementStatement alter when created.TryGetValue(
                        alter.SchemaObjectName.BaseIdentifier.Value, out var before):
                        // The model has no ALTER TABLE: the table is described with the new column.
                        var column = alter.Definition.ColumnDefinitions.Single();
                        Create(
                            alter.SchemaObjectName,
                            $"{before[..before.LastIndexOf(')')]}, {script.Text.Substring(column.StartOffset, column.FragmentLength)})");
                        break;
                    case CreateIndexStatement index:
                        Add(index.OnName, index.Name.Value, text);
                        break;
                    case DropTableStatement drop:
                        drop.Objects.SelectMany(table => parts[table.BaseIdentifier.Value]).ToList().ForEach(model.DeleteObjects);
                        break;
                    case CreateViewStatement:
                        model.AddObjects(text);
                        break;
                }
            }
        }

        faults.AddRange(model.Validate().Select(message => message.ToString()));
        return (Names(Table.TypeClass), Names(View.TypeClass), faults);

        void Create(SchemaObjectName table, string text)
        {
            created[table.BaseIdentifier.Value] = text;
            Add(table, string.Empty, text);
        }

        // A table, or an index of it: both go with the table.
        void Add(SchemaObjectName table, string index, string text)
        {
            var name = table.BaseIdentifier.Value;
            var part = $"{name}.{index}";
            parts[name] = [.. parts.GetValueOrDefault(name, []).Where(other => other != part), part];
            model.AddOrUpdateObjects(text, part, new TSqlObjectOptions());
        }

        IReadOnlyList<string> Names(ModelTypeClass type) =>
            [.. model.GetObjects(DacQueryScopes.UserDefined, type).Select(item => item.Name.Parts[^1])];
    }
}
