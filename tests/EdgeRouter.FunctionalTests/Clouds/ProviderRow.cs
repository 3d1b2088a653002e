using System.Text.Json.Nodes;
using EdgeRouter.TestSupport;

namespace EdgeRouter.FunctionalTests.Clouds;

/// <summary>Rows of the provider table, for a provider that stands on this machine.</summary>
internal static class ProviderRow
{
    /// <summary>The members of a row that say how its provider differs: not its name, its place and where its settings come from.</summary>
    public static JsonObject WithoutPlace(string slug)
    {
        var row = Row(slug);
        foreach (var member in (ReadOnlySpan<string>)["slug", "name", "base_url", "env", "variables", "credentials"]) row.Remove(member);
        foreach (var (name, value) in row.ToList())
            if (value is null) row.Remove(name);
        return row;
    }

    /// <summary>The row's base URL with another origin.</summary>
    public static string PathOf(string slug, string origin)
    {
        var url = Row(slug)["base_url"]!.GetValue<string>();
        return origin + url[url.IndexOf('/', "https://".Length)..];
    }

    private static JsonObject Row(string slug)
    {
        var table = JsonNode.Parse(File.ReadAllText(RepositoryRoot.Of("src", "EdgeRouter.Upstreams", "Providers", "providers.json")))!;
        return table["providers"]!.AsArray().Single(row => row!["slug"]!.GetValue<string>() == slug)!.DeepClone().AsObject();
    }
}
