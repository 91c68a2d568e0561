namespace Registry.Tests.Support;

/// <summary>The C# files of the project as they lie on disk.</summary>
internal static class SourceTree
{
    /// <summary>The C# files of a project, without those that the build makes.</summary>
    public static IReadOnlyList<(string Path, string Text)> Code(string project) =>
    [
        .. from file in new DirectoryInfo(Checkout.PathOf(project)).EnumerateFiles("*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Checkout.PathOf(string.Empty), file.FullName).Replace('\\', '/')
           where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
           orderby path
           select (path, File.ReadAllText(file.FullName)),
    ];
}
