using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRouter.Core.Catalog;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>
/// What differs between providers is data: no text in the code names one. Reads every string and UTF-8 constant of the compiled code and looks for the
/// slugs of the provider table as words.
/// </summary>
public sealed class ProviderNameTests
{
    private static readonly string[] Projects = ["EdgeRouter.Core", "EdgeRouter.Dialects", "EdgeRouter.Upstreams", "EdgeRouter.Gateway"];

    /// <summary>Slugs that are also English words: only a constant that is nothing else names the provider.</summary>
    private static readonly string[] EnglishWords =
        ["ambient", "chutes", "inception", "jan", "meta", "morph", "poolside", "together", "upstage", "venice", "writer"];

    /// <summary>Types and folders that may name providers, and why.</summary>
    private static readonly (string Prefix, string Reason)[] PermittedTypes =
    [
        ("EdgeRouter.Upstreams.Failures.FailureRules", "its rows are data: how each provider words its errors"),
        ("EdgeRouter.Upstreams.Failures.RetryAfterReader", "its rows are data: the headers in which providers say when to come back"),
        ("EdgeRouter.Upstreams.Scripted.", "the folder of the scripted provider"),
        ("EdgeRouter.Gateway.Configuration.ConfiguredCatalog", "switches the scripted provider's row on when the setting Catalog:Scripted says so"),
    ];

    /// <summary>Texts that hold a provider's name and mean something else, and why.</summary>
    private static readonly (string Pattern, string Reason)[] PermittedTexts =
    [
        ("openrouter_metadata|X-OpenRouter-[A-Za-z-]+|OPENROUTER PROCESSING|https://openrouter\\.ai/docs/", "OpenRouter's API, which callers speak"),
        ("^anthropic-(beta|version)$", "headers of the Messages API, which callers and providers speak"),
        ("anthropic_version", "a member of the Messages API, where a cloud that serves it wants the version in the body"),
        ("^openrouter:$", "how the tools that OpenRouter itself runs begin in its API, which callers speak"),
        ("^Azure:", "settings of the platform that hosts the router"),
        ("^Catalog:Scripted$|^whether the scripted provider serves", "the setting that switches the scripted provider's row on"),
        ("^(anthropic-claude|openai-responses)-v1$", "the format of reasoning details, as OpenRouter's API names it"),
        ("^meta$", "a member of rerankings: where some servers put what they bill"),
        ("^x_groq ?$", "a member of the OpenAI Chat wire: where some servers put the usage of a stream"),
    ];

    [Fact]
    public void No_constant_names_a_provider()
    {
        var slugs = Slugs();
        Assert.Contains("openai", slugs);

        var faults = Projects.SelectMany(project => CodeConstants.Of(project).Where(constant => Names(constant, slugs))).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults.Select(fault => $"{fault.Type}: {fault.Text}")));
    }

    [Theory]
    [InlineData("EdgeRouter.Core.Routing.A", "groq", true)]
    [InlineData("EdgeRouter.Core.Routing.A", "asks Groq first", true)]
    [InlineData("EdgeRouter.Core.Routing.A", "scripted", true)]
    [InlineData("EdgeRouter.Core.Routing.A", "X-OpenRouter-Title", false)]
    [InlineData("EdgeRouter.Core.Routing.A", "X-OpenRouter-Title or groq", true)]
    [InlineData("EdgeRouter.Core.Routing.A", "groqx", false)]
    [InlineData("EdgeRouter.Core.Routing.A", "all keys together", false)]
    [InlineData("EdgeRouter.Core.Routing.A", "together", true)]
    [InlineData("EdgeRouter.Dialects.A", "openai-chat", false)]
    [InlineData("EdgeRouter.Upstreams.Failures.FailureRules", "Groq", false)]
    public void Names_are_found_as_words(string type, string text, bool names) => Assert.Equal(names, Names((type, text), Slugs()));

    private static bool Names((string Type, string Text) constant, IReadOnlyList<string> slugs)
    {
        var text = constant.Text.TrimEnd('\0');
        if (WireNames.All.Contains(text) || PermittedTypes.Any(type => constant.Type.StartsWith(type.Prefix, StringComparison.Ordinal))) return false;
        foreach (var (pattern, _) in PermittedTexts) text = Regex.Replace(text, pattern, "", RegexOptions.None, TimeSpan.FromSeconds(1));
        return slugs.Any(slug => EnglishWords.Contains(slug) ? text == slug : HasWord(text, slug));
    }

    private static bool HasWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var after = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (after == text.Length || !char.IsLetterOrDigit(text[after]))) return true;
        }
        return false;
    }

    private static List<string> Slugs()
    {
        using var table = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Of("src", "EdgeRouter.Upstreams", "Providers", "providers.json")));
        return [.. table.RootElement.GetProperty("providers").EnumerateArray().Select(provider => provider.GetProperty("slug").GetString()!)];
    }
}
