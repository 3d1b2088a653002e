using System.Diagnostics;
using EdgeRouter.Core.Catalog;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Providers;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Providers;

/// <summary>
/// The variables that hold providers' keys are the same for the router on a developer's machine and for the script that fills the vault of a deployment.
/// </summary>
public sealed class KeyVariablesTests
{
    private const string Own = "gpu-box";

    // A key is no credential for an identity's scheme, and these wait for one.
    private static readonly IReadOnlyList<ProviderDefinition> Rows =
        [.. ProviderTable.Read().Where(row => row.Auth is not (AuthSchemes.None or AuthSchemes.Google or AuthSchemes.Entra))];

    [Fact]
    public async Task Each_variable_that_the_script_names_gives_the_router_the_key_and_the_router_reads_no_other()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The script is POSIX sh.");
        var named = await NamesOfScriptAsync([.. Rows.Select(row => row.Slug), Own]);
        Assert.Equal(Rows.Count + 1, named.Count);
        Assert.Contains("GEMINI_API_KEY", named[Rows.ToList().FindIndex(row => row.Slug == "google-ai-studio")]);
        Assert.Contains("GOOGLE_AI_STUDIO_API_KEY", named[Rows.ToList().FindIndex(row => row.Slug == "google-ai-studio")]);
        Assert.Equal(["GPU_BOX_API_KEY"], named[^1]);
        foreach (var (slug, names) in Rows.Select(row => row.Slug).Append(Own).Zip(named))
        {
            foreach (var name in names) Assert.Equal((slug, name, name), (slug, name, Resolve(slug, variable => variable == name ? name : null)));
            var asked = new List<string>();
            Resolve(slug, variable =>
            {
                if (!asked.Contains(variable)) asked.Add(variable);
                return null;
            });
            // What else a scheme needs, such as a pair of keys, is asked for too, and is no key.
            var credentials = Rows.FirstOrDefault(row => row.Slug == slug)?.Credentials?.Values.SelectMany(source => source.Env) ?? [];
            Assert.Equal(names.Distinct(), asked.Except(credentials));
        }
    }

    /// <summary>The key that a provider gets, when nothing is asked about but variables.</summary>
    private static string? Resolve(string slug, Func<string, string?> variable)
    {
        var row = ProviderTable.Read().FirstOrDefault(row => row.Slug == slug)
            ?? new ProviderDefinition { Slug = Own, Dialect = WireNames.OpenAIChat, BaseUrl = "https://gpu-box.example/v1", Auth = AuthSchemes.Bearer };
        var settings = new ProviderSettings { Enabled = true };
        foreach (var placeholder in row.Variables?.Keys ?? []) settings.Variables[placeholder] = "team";
        var snapshot = CatalogLoader.Load(new CatalogSources
        {
            Providers = [row],
            Documents = [],
            Settings = new Dictionary<string, ProviderSettings> { [slug] = settings },
            EnvironmentVariable = variable,
        });
        return snapshot.Providers.SingleOrDefault()?.ApiKey;
    }

    private static async Task<List<string[]>> NamesOfScriptAsync(IEnumerable<string> slugs)
    {
        var start = new ProcessStartInfo("sh", [RepositoryRoot.Of("scripts", "key-variables.sh"), .. slugs])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    }
}
