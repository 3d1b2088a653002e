using System.Globalization;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>What of a process is in memory, and of what kind. Linux only.</summary>
internal sealed class ResidentMemory
{
    private readonly SortedDictionary<string, long> kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> files = new(StringComparer.Ordinal);

    private ResidentMemory()
    {
    }

    /// <summary>In KB.</summary>
    public long All { get; private set; }

    public double Megabytes => All / 1024.0;

    public static ResidentMemory Of(int process)
    {
        var memory = new ResidentMemory();
        var mapping = "";
        foreach (var line in File.ReadLines($"/proc/{process}/smaps"))
        {
            // A mapping's own line begins with its addresses and ends with what is mapped; those of its properties have a colon.
            var word = line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal));
            if (word[^1] != ':') mapping = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries) is { Length: 6 } fields ? fields[5] : "";
            else if (word is "Rss:") memory.Add(mapping, long.Parse(line.AsSpan(4).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture));
        }
        return memory;
    }

    /// <summary>The files of which most is resident.</summary>
    public string Largest(int count) => string.Join(", ", files.OrderByDescending(static file => file.Value).Take(count)
        .Select(static file => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file.Key)} {file.Value / 1024.0:0.0}")));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"resident {Megabytes:0.0} MB: ")
        + string.Join(", ", kinds.Select(static kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value / 1024.0:0.0}")));

    private void Add(string mapping, long kilobytes)
    {
        All += kilobytes;
        var kind = KindOf(mapping);
        kinds[kind] = kinds.GetValueOrDefault(kind) + kilobytes;
        if (mapping.StartsWith('/')) files[mapping] = files.GetValueOrDefault(mapping) + kilobytes;
    }

    private static string KindOf(string mapping) => mapping switch
    {
        "" or ['[', ..] => "heaps and stacks",
        _ when mapping.Contains("doublemapper", StringComparison.Ordinal) => "generated code and type tables",
        _ when mapping.Contains("/Microsoft.AspNetCore.App/", StringComparison.Ordinal) => "framework (ASP.NET Core)",
        _ when mapping.EndsWith(".dll", StringComparison.Ordinal) => mapping.Contains("/shared/", StringComparison.Ordinal) ? "framework" : "app",
        _ => "native libraries",
    };
}
