using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Providers;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Providers;

/// <summary>The table against its schema. Reading already refuses unknown members, enums and parameter names; here is what the reader leaves open.</summary>
public sealed class ProviderTableTests
{
    private static readonly IReadOnlyList<ProviderDefinition> Table = ProviderTable.Read();

    public static TheoryData<string> Slugs => [.. Table.Select(row => row.Slug)];

    private static ProviderDefinition Row(string slug) => Table.Single(row => row.Slug == slug);

    [Fact]
    public void There_are_at_least_sixty_providers() => Assert.InRange(Table.Count, 60, 1000);

    [Theory]
    [InlineData("openai"), InlineData("azure"), InlineData("anthropic"), InlineData("google-ai-studio"), InlineData("google-vertex"), InlineData("xai")]
    [InlineData("deepseek"), InlineData("mistral"), InlineData("moonshotai"), InlineData("minimax"), InlineData("z-ai"), InlineData("alibaba"),
        InlineData("meta")]
    [InlineData("together"), InlineData("fireworks"), InlineData("groq"), InlineData("cerebras"), InlineData("deepinfra"), InlineData("novita")]
    [InlineData("sambanova"), InlineData("nebius"), InlineData("cohere"), InlineData("perplexity"), InlineData("nvidia"), InlineData("cloudflare")]
    [InlineData("huggingface"), InlineData("github-models"), InlineData("baseten"), InlineData("amazon-bedrock"), InlineData("ollama"), InlineData("vllm")]
    [InlineData("lmstudio"), InlineData("llama-cpp"), InlineData("openrouter"), InlineData("scripted")]
    public void Provider_is_in_the_table(string slug) => Assert.Contains(Table, row => row.Slug == slug);

    // They answer 400 to a tool's result whose call comes back without the reasoning before it.
    [Theory]
    [InlineData("deepseek"), InlineData("moonshotai"), InlineData("moonshotai-cn")]
    public void Providers_that_demand_their_reasoning_back_get_it(string slug) =>
        Assert.Equal("reasoning_content", Row(slug).ParameterRenames!["reasoning_content"]);

    [Theory, MemberData(nameof(Slugs))]
    public void Row_says_every_member_even_when_it_is_not_known(string slug)
    {
        string[] members =
        [
            "slug", "name", "dialect", "auth", "env", "parameter_renames", "refused_parameters", "accepts_stream_options", "abort_stops_billing",
                "cached_tokens",
            "headquarters", "datacenters", "data_policy", "privacy_policy_url", "terms_of_service_url", "status_page_url", "source", "source_date",
        ];
        using var json = JsonDocument.Parse(ProviderTable.ReadDocument().Json);
        var row = json.RootElement.GetProperty("providers").EnumerateArray().Single(row => row.GetProperty("slug").GetString() == slug);
        Assert.Empty(members.Except(row.EnumerateObject().Select(member => member.Name)));
    }

    [Theory, MemberData(nameof(Slugs))]
    public void Row_is_whole(string slug)
    {
        var row = Row(slug);
        Assert.NotNull(row.Name);
        Assert.NotNull(row.Dialect);
        Assert.NotNull(row.Auth);
        Assert.NotNull(row.Source);
        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", row.SourceDate);
        Assert.All(row.Env ?? [], variable => Assert.Matches("^[A-Z][A-Z0-9_]+$", variable));
        if (row.Local == true) Assert.StartsWith("http://127.0.0.1:", row.BaseUrl);
        else Assert.StartsWith("https://", row.BaseUrl);
    }

    [Theory, MemberData(nameof(Slugs))]
    public void Every_placeholder_has_a_source_and_every_source_a_placeholder(string slug)
    {
        var row = Row(slug);
        var placeholders = (row.BaseUrl ?? "").Split('{').Skip(1).Select(part => part[..part.IndexOf('}', StringComparison.Ordinal)]);
        Assert.Equal(placeholders.Order(), (row.Variables ?? new Dictionary<string, VariableSource>()).Keys.Order());
    }

    [Theory, MemberData(nameof(Slugs))]
    public void Row_becomes_a_provider_once_it_has_a_key(string slug)
    {
        var provider = CatalogLoader.Load(AllProviders.Sources([])).FindProvider(slug);
        Assert.NotNull(provider);
        Assert.Equal(Row(slug).Dialect, provider.Wire);
        Assert.DoesNotContain('{', provider.BaseUrl?.AbsoluteUri ?? "");
    }

    [Fact]
    public void A_variable_gives_a_key_to_one_place_only()
    {
        // Azure's two wires share a resource and its key; any other provider sharing a variable would be sent another's key.
        var shared = Table.SelectMany(row => (row.Env ?? []).Select(variable => (variable, row.Slug)))
            .GroupBy(pair => pair.variable, pair => pair.Slug)
                .Where(group => group.Count() > 1 && !group.All(slug => slug.StartsWith("azure", StringComparison.Ordinal)));
        Assert.Empty(shared);
    }

    [Fact]
    public void OpenAI_takes_max_completion_tokens_and_refuses_what_only_open_models_take()
    {
        var row = Row("openai");
        Assert.Equal("max_completion_tokens", row.ParameterRenames!["max_tokens"]);
        Assert.Equal(
            RequestParameters.CacheControl | RequestParameters.TopK | RequestParameters.MinP | RequestParameters.TopA | RequestParameters.RepetitionPenalty,
            row.RefusedParameters);
    }

    [Fact]
    public void Mistral_spells_seed_its_own_way() => Assert.Equal("random_seed", Row("mistral").ParameterRenames!["seed"]);

    [Theory, InlineData("anthropic"), InlineData("azure-anthropic"), InlineData("minimax")]
    public void Speakers_of_Messages_are_told_the_version(string slug)
    {
        var row = Row(slug);
        Assert.Equal((WireNames.AnthropicMessages, "2023-06-01", CachedTokenCounting.BesideInput),
            (row.Dialect, row.Headers!["anthropic-version"], row.CachedTokens));
    }

    [Theory]
    [InlineData("openai", true), InlineData("anthropic", true), InlineData("together", true), InlineData("deepseek", true)]
    [InlineData("google-ai-studio", false), InlineData("google-vertex", false), InlineData("amazon-bedrock", false), InlineData("groq", false),
        InlineData("mistral", false)]
    [InlineData("baseten", null)]
    public void Whether_leaving_stops_the_bill_is_known_or_said_to_be_unknown(string slug, bool? stops) => Assert.Equal(stops, Row(slug).AbortStopsBilling);

    [Theory]
    [InlineData("deepseek", CachedTokenCounting.PromptCacheHitTokens), InlineData("moonshotai", CachedTokenCounting.InsidePromptTopLevel)]
    [InlineData("openai", CachedTokenCounting.InsidePrompt)]
    public void Cached_tokens_are_counted_where_the_provider_puts_them(string slug, CachedTokenCounting counting) =>
        Assert.Equal(counting, Row(slug).CachedTokens);
}
