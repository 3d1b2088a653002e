namespace EdgeRouter.TestSupport;

/// <summary>The checkout that the tests were built from: the nearest folder upwards that holds the solution.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "EdgeRouter.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No EdgeRouter.sln above {AppContext.BaseDirectory}.");
    }
}
