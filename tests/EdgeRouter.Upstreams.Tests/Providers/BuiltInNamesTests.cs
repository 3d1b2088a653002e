using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Providers;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Providers;

/// <summary>The names that clients have built in, over the built-in catalog: with every provider, and with the key of one.</summary>
public sealed class BuiltInNamesTests
{
    private static readonly CatalogSnapshot Whole = CatalogLoader.Load(AllProviders.Sources(BuiltInCatalog.ReadDocuments()));

    private static CatalogSnapshot With(string? variable) => CatalogLoader.Load(new CatalogSources
    {
        Providers = ProviderTable.Read(),
        Documents = BuiltInCatalog.ReadDocuments(),
        EnvironmentVariable = name => name == variable ? "key" : null,
    });

    [Theory]
    [InlineData("gpt-4o", "openai/gpt-4o")]
    [InlineData("gpt-4o-2024-08-06", "openai/gpt-4o-2024-08-06")]
    [InlineData("gpt-4o-mini", "openai/gpt-4o-mini")]
    [InlineData("gpt-4.1-2025-04-14", "openai/gpt-4.1")]
    [InlineData("gpt-5-chat-latest", "openai/gpt-5-chat")]
    [InlineData("o3-mini", "openai/o3-mini")]
    [InlineData("gpt-5.2", "openai/gpt-5.2")]
    [InlineData("claude-haiku-4-5", "anthropic/claude-haiku-4.5")]
    [InlineData("claude-haiku-4-5-20251001", "anthropic/claude-haiku-4.5")]
    [InlineData("claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4.5")]
    [InlineData("claude-sonnet-4-5@20250929", "anthropic/claude-sonnet-4.5")]
    [InlineData("anthropic/claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4.5")]
    [InlineData("claude-sonnet-4-20250514", "anthropic/claude-sonnet-4")]
    [InlineData("claude-opus-4-1", "anthropic/claude-opus-4.1")]
    [InlineData("claude-opus-4-6", "anthropic/claude-opus-4.6")]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4.5")]
    [InlineData("gemini-2.5-pro", "google/gemini-2.5-pro")]
    [InlineData("gemini-2.5-flash", "google/gemini-2.5-flash")]
    [InlineData("mistral-large-latest", "mistralai/mistral-large-2512")]
    [InlineData("deepseek-chat", "deepseek/deepseek-chat")]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct", "meta-llama/llama-3.3-70b-instruct")]
    [InlineData("llama-3.3-70b-versatile", "meta-llama/llama-3.3-70b-instruct")]
    [InlineData("gpt-oss-120b:free", "openai/gpt-oss-120b:free")]
    [InlineData("grok-4.3", "x-ai/grok-4.3")]
    public void Name_that_a_client_has_built_in_finds_its_model(string name, string id) => Assert.Equal(id, Whole.Names.Find(name).Model?.Id);

    [Theory]
    [InlineData("OPENAI_API_KEY", "gpt-4o", "openai/gpt-4o")]
    [InlineData("OPENAI_API_KEY", "gpt-4o-2024-11-20", "openai/gpt-4o-2024-11-20")]
    [InlineData("ANTHROPIC_API_KEY", "claude-haiku-4-5", "anthropic/claude-haiku-4.5")]
    [InlineData("ANTHROPIC_API_KEY", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4.5")]
    [InlineData("GEMINI_API_KEY", "gemini-2.5-pro", "google/gemini-2.5-pro")]
    [InlineData("OPENROUTER_API_KEY", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4.5")]
    [InlineData("OPENROUTER_API_KEY", "gpt-5-chat-latest", "openai/gpt-5-chat")]
    public void Name_finds_its_model_with_the_key_of_one_provider(string variable, string name, string id) =>
        Assert.Equal(id, With(variable).Names.Find(name).Model?.Id);

    [Theory]
    [InlineData("gpt-4o", "openai/gpt-4o", "OPENAI_API_KEY")]
    [InlineData("claude-haiku-4-5-20251001", "anthropic/claude-haiku-4.5", "ANTHROPIC_API_KEY")]
    [InlineData("google/gemini-2.5-pro", "google/gemini-2.5-pro", "GEMINI_API_KEY")]
    public void Without_keys_a_known_model_names_the_variable_of_its_maker_first(string name, string id, string variable)
    {
        var unserved = With(null).Names.Find(name).Unserved;

        Assert.Equal(id, unserved?.Id);
        Assert.Equal(variable, unserved?.Settings[0]);
    }

    [Fact]
    public void Every_id_without_its_author_finds_the_model_or_says_that_several_have_it()
    {
        foreach (var model in Whole.Models)
        {
            var match = Whole.Names.Find(model.Id[(model.Author.Length + 1)..]);
            Assert.True(match.Model == model || match.Candidates?.Contains(model.Id) == true, model.Id);
        }
    }

    [Theory]
    [InlineData("gpt-4oo", "openai/gpt-4o")]
    [InlineData("claude-4.5-sonnet", "anthropic/claude-sonnet-4.5")]
    [InlineData("azure/gpt-4o", "openai/gpt-4o")]
    [InlineData("llama-3.1-405b", "meta-llama/llama-3.1-405b-instruct")]
    public void Near_miss_is_told_what_may_be_meant(string name, string first)
    {
        Assert.Equal(default, Whole.Names.Find(name));
        Assert.Equal(first, Whole.Names.Suggest(name)[0]);
    }
}
