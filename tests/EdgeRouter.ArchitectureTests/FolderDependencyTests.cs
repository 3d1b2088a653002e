using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>
/// Folders of a project do not depend on each other in a circle. A folder and its subfolders count as one. The root of a project composes: it may use
/// every folder, and no folder uses it.
/// </summary>
public sealed class FolderDependencyTests
{
    private const string Root = "";

    public static TheoryData<string> Projects => [.. SourceProject.Built.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_do_not_use_each_other_in_a_circle(string project)
    {
        var uses = UsesOf(project);
        foreach (var use in uses.Keys.Where(use => use.From == Root || use.To == Root).ToList()) uses.Remove(use);

        AssertNone(Knots(uses).Select(knot => Describe(knot, uses)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_uses_the_root(string project) =>
        AssertNone(UsesOf(project).Where(use => use.Key.To == Root).Select(use => $"{use.Key.From} uses the root: {Some(use.Value)}"));

    // Assert.Empty would cut the texts short.
    private static void AssertNone(IEnumerable<string> faults)
    {
        var list = faults.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }

    /// <summary>Who uses whom between folders, each with the types that do.</summary>
    private static Dictionary<(string From, string To), SortedSet<string>> UsesOf(string project)
    {
        var uses = new Dictionary<(string From, string To), SortedSet<string>>();
        foreach (var type in Code.TypesOf(project))
        {
            var from = Code.FolderOf(type);
            foreach (var target in type.Dependencies.Select(dependency => dependency.Target))
            {
                if (Code.ProjectOf(target) != project || Code.FolderOf(target) == from) continue;
                var key = (from, Code.FolderOf(target));
                if (!uses.TryGetValue(key, out var types)) uses[key] = types = new SortedSet<string>(StringComparer.Ordinal);
                types.Add($"{type.Name} -> {target.Name}");
            }
        }
        return uses;
    }

    /// <summary>Sets of folders that all reach each other (the larger strongly connected components).</summary>
    private static List<string[]> Knots(Dictionary<(string From, string To), SortedSet<string>> uses)
    {
        var folders = uses.Keys.SelectMany(use => new[] { use.From, use.To }).Distinct().ToList();
        var reach = folders.ToDictionary(folder => folder, folder => Reachable(folder, uses));
        return [.. folders.Where(folder => reach[folder].Contains(folder))
            .GroupBy(folder => string.Join('|', reach[folder].Where(other => reach[other].Contains(folder)).Order(StringComparer.Ordinal)))
            .Select(group => group.Order(StringComparer.Ordinal).ToArray())];
    }

    private static HashSet<string> Reachable(string start, Dictionary<(string From, string To), SortedSet<string>> uses)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([start]);
        while (open.TryPop(out var folder))
            foreach (var use in uses.Keys)
                if (use.From == folder && seen.Add(use.To)) open.Push(use.To);
        return seen;
    }

    private static string Describe(string[] knot, Dictionary<(string From, string To), SortedSet<string>> uses)
    {
        var inside = uses.Where(use => knot.Contains(use.Key.From) && knot.Contains(use.Key.To));
        return string.Join("; ", inside.Select(use => $"{Named(use.Key.From)} uses {Named(use.Key.To)} ({Some(use.Value)})"));
    }

    private static string Some(SortedSet<string> types) => string.Join(", ", types.Take(10)) + (types.Count > 10 ? $", {types.Count - 10} more" : "");

    private static string Named(string folder) => folder == Root ? "the root" : folder;
}
