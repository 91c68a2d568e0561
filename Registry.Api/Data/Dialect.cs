namespace Registry.Api.Data;

/// <summary>What the engines spell differently in a query.</summary>
internal static class Dialect
{
    /// <summary>The end of a query that has an ORDER BY: only its first rows.</summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="count">The parameter that holds how many, such as <c>@limit</c>.</param>
    public static string First(string engine, string count) => engine == "sqlite" ? $"LIMIT {count}" : $"OFFSET 0 ROWS FETCH NEXT {count} ROWS ONLY";
}
