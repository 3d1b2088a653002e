using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace EdgeRouter.ArchitectureTests;

/// <summary>The compiled code of src, read once.</summary>
internal static class Code
{
    private static readonly Lazy<Architecture> Loaded = new(Load);

    public static Architecture Architecture => Loaded.Value;

    /// <summary>The types of a project, without those that the compiler made.</summary>
    public static IEnumerable<IType> TypesOf(string project) => Architecture.Types.Where(type => ProjectOf(type) == project);

    /// <summary>The project that a type belongs to; the name of its assembly for types from elsewhere; empty for type parameters.</summary>
    public static string ProjectOf(IType type) => type.Assembly?.Name.Split(',')[0] ?? "";

    /// <summary>The folder of a type: the first part of its namespace below the project's; empty for the project's root.</summary>
    public static string FolderOf(IType type)
    {
        var project = ProjectOf(type);
        var full = type.Namespace.FullName;
        return full.Length <= project.Length ? "" : full[(project.Length + 1)..].Split('.')[0];
    }

    private static Architecture Load()
    {
        var loader = new ArchLoader();
        foreach (var project in SourceProject.All)
        {
            if (!File.Exists(Path.Combine(project.AssemblyFolder, project.Name + ".dll")))
                throw new InvalidOperationException($"{project} is not built: no {project.Name}.dll in {project.AssemblyFolder}.");
            loader.LoadFilteredDirectory(project.AssemblyFolder, project.Name + ".dll");
        }
        return loader.Build();
    }
}
