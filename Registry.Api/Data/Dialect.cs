using System.Text.RegularExpressions;

namespace Registry.Api.Data;

/// <summary>What the engines spell differently in a query.</summary>
internal static partial class Dialect
{
    /// <summary>
    /// On the embedded engine, the parameter that holds the members of a cohort: a byte a case, in the order of their numbers from 1 on; 1
    /// for a member, else 0.
    /// </summary>
    public const string Members = "@members";

    /// <summary>
    /// On the embedded engine, the parameter that holds how the cases of a cohort count in one response rate: a byte a case, in the order
    /// of their numbers from 1 on; 1 for one in the denominator, 2 for a responder, else 0.
    /// </summary>
    public const string Responses = "@responses";

    private const string Embedded = "sqlite";

    /// <summary>The end of a query that has an ORDER BY: only its first rows.</summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="count">The parameter that holds how many, such as <c>@limit</c>.</param>
    public static string First(string engine, string count) =>
        engine == Embedded ? $"LIMIT {count}" : $"OFFSET 0 ROWS FETCH NEXT {count} ROWS ONLY";

    /// <summary>A text column, compared letter by letter where its collation would not tell upper from lower case.</summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="column">The column.</param>
    public static string Exactly(string engine, string column) =>
        engine == Embedded ? column : column + " COLLATE Latin1_General_BIN2";

    /// <summary>
    /// After the name of a table: keeps the embedded engine from its indexes, so that rows are read in the order of their key up to as many
    /// as are wanted. It would take an index that narrows them a little, and sort all that it finds.
    /// </summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    public static string ByKeyAlone(string engine) => engine == Embedded ? "NOT INDEXED" : string.Empty;

    /// <summary>
    /// A condition in which the embedded engine looks a case up in <see cref="Members"/>: that takes a tenth of the time of a search in
    /// <c>cohort_member</c>.
    /// </summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="condition">The condition, as the views state it.</param>
    public static string AskMembers(string engine, string condition) =>
        engine == Embedded ? Membership().Replace(condition, IsAmong(Members, "${case}")) : condition;

    /// <summary>Whether the engine finds a case sooner in bytes, a byte a case, than among rows.</summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    public static bool LooksUpBytes(string engine) => engine == Embedded;

    /// <summary>On the embedded engine, the condition that a case is among those whose byte is 1.</summary>
    /// <param name="bytes">The parameter that holds a byte a case.</param>
    /// <param name="number">The number of the case.</param>
    public static string IsAmong(string bytes, string number) => $"substr({bytes}, {number}, 1) = x'01'";

    /// <summary>On the embedded engine, the condition that a case is one of a list, which it goes through.</summary>
    /// <param name="list">The parameter that holds the list.</param>
    /// <param name="number">The number of the case.</param>
    public static string IsListed(string list, string number) => $"{number} IN (SELECT value FROM json_each({list}))";

    /// <summary>A list of cases.</summary>
    /// <param name="cases">Numbers of cases.</param>
    public static string ListOf(IEnumerable<long> cases) => $"[{string.Join(',', cases)}]";

    /// <summary>A byte a case, in the order of their numbers from 1 on: 1 for these, else 0.</summary>
    /// <param name="cases">Numbers of cases, as the embedded engine has them, so that no row is converted.</param>
    public static byte[] BytesOf(IReadOnlyCollection<long> cases)
    {
        var bytes = new byte[cases.DefaultIfEmpty().Max()];
        foreach (var number in cases)
        {
            bytes[number - 1] = 1;
        }

        return bytes;
    }

    /// <summary>
    /// A query that names the data cut-off: as its parameter on the embedded engine, which asks a view once more for every row.
    /// </summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="query">The query, with the views as they stand.</param>
    public static string AskDay(string engine, string query) =>
        engine == Embedded ? query.Replace("(SELECT a.as_of_day FROM as_of a)", "@asOfDay", StringComparison.Ordinal) : query;

    [GeneratedRegex(@"\+?(?<case>\w+\.\w+) IN \(SELECT m\.case_id FROM cohort_member m\)")]
    private static partial Regex Membership();
}
