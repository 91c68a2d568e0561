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
        return (tree, [.. errors.Select(error => FormattableString.Invariant($"line {error.Line}, column {error.Column}: {error.Message}"))]);
    }

    /// <summary>The scripts as one schema, and what is wrong with them: syntax, and names that name nothing.</summary>
    public static (IReadOnlyList<string> Tables, IReadOnlyList<string> Views, IReadOnlyList<string> Faults) Model(IEnumerable<EmbeddedScript> scripts)
    {
        using var model = new TSqlModel(SqlServerVersion.Sql130, new TSqlModelOptions());
        var faults = new List<string>();
        var dropped = new HashSet<string>();
        foreach (var script in scripts)
        {
            var (tree, errors) = Parse(script.Text);
            faults.AddRange(errors.Select(error => $"{script.Path}: {error}"));
            foreach (var statement in ((TSqlScript)tree).Batches.SelectMany(batch => batch.Statements))
            {
                model.AddObjects(script.Text.Substring(statement.StartOffset, statement.FragmentLength));
                dropped.UnionWith(statement is DropTableStatement drop ? drop.Objects.Select(table => table.BaseIdentifier.Value) : []);
            }
        }

        faults.AddRange(model.Validate().Select(message => message.ToString()));
        return ([.. Names(Table.TypeClass).Except(dropped)], Names(View.TypeClass), faults);

        IReadOnlyList<string> Names(ModelTypeClass type) => [.. model.GetObjects(DacQueryScopes.UserDefined, type).Select(item => item.Name.Parts[^1])];
    }
}
