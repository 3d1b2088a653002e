using System.Xml.Linq;
using EdgeRouter.TestSupport;

namespace EdgeRouter.ArchitectureTests;

/// <summary>A project of src, as the solution and its project file describe it.</summary>
/// <param name="Name">Name of the project and of its assembly.</param>
internal sealed record SourceProject(string Name)
{
    /// <summary>All projects of src that the solution names.</summary>
    public static IReadOnlyList<SourceProject> All { get; } = ReadSolution();

    public string Folder => RepositoryRoot.Of("src", Name);

    public string AssemblyFolder => Path.Combine(Folder, "bin", Configuration, Framework);

    /// <summary>Names of the projects that it references.</summary>
    public IEnumerable<string> References => Items("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));

    public IEnumerable<string> FrameworkReferences => Items("FrameworkReference");

    public IEnumerable<string> PackageReferences => Items("PackageReference");

    private static string Framework => Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    private static string Configuration => Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;

    public override string ToString() => Name;

    private static List<SourceProject> ReadSolution()
    {
        var projects = new List<SourceProject>();
        foreach (var line in File.ReadLines(RepositoryRoot.Of("EdgeRouter.sln")))
        {
            if (!line.StartsWith("Project(", StringComparison.Ordinal)) continue;
            var parts = line.Split('"');
            if (parts[5].StartsWith("src\\", StringComparison.Ordinal)) projects.Add(new SourceProject(parts[3]));
        }
        return projects;
    }

    private IEnumerable<string> Items(string item) => XDocument.Load(Path.Combine(Folder, Name + ".csproj")).Descendants(item)
        .Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));
}
