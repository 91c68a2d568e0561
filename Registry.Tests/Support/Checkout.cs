namespace Registry.Tests.Support;

/// <summary>The files of the project, as they lie in the checkout the tests were built from.</summary>
internal static class Checkout
{
    /// <summary>The full path of a file or folder below the root of the checkout.</summary>
    public static string PathOf(string relative)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Registry.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests do not run from a checkout."), relative);
    }
}
