using NUnit.Framework;

namespace Registry.Tests.Support;

/// <summary>The files of the project as they lie on disk.</summary>
internal static class SourceTree
{
    /// <summary>The folder that holds the solution.</summary>
    public static DirectoryInfo Root { get; } = Find();

    /// <summary>The C# files of a project, without those that the build makes.</summary>
    public static IReadOnlyList<(string Path, string Text)> Code(string project) =>
    [
        .. from file in new DirectoryInfo(Path.Combine(Root.FullName, project)).EnumerateFiles("*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Root.FullName, file.FullName).Replace('\\', '/')
           where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
           orderby path
           select (path, File.ReadAllText(file.FullName)),
    ];

    private static DirectoryInfo Find()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Registry.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the project: there is no Registry.sln above them.");
    }
}
