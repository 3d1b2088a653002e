using System.Text.Json;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.Core.Catalog;
using Xunit;
using static EdgeRouter.Core.Catalog.RequestParameters;

namespace EdgeRouter.CatalogImport.Tests;

public sealed class ModelsDevImportTests
{
    private static readonly string[] Text = ["text"];
    private readonly ImportReport report = new();
    private readonly CatalogSnapshot snapshot;

    public ModelsDevImportTests() => snapshot = Inputs.Load(Inputs.Import(Inputs.Read(Inputs.ModelsDev), report));

    private Endpoint Find(string id, string tag) => Assert.Single(snapshot.FindModel(id)!.Endpoints, endpoint => endpoint.Tag == tag);

    [Theory]
    [InlineData("openai/gpt-5.2", "openai", "openrouter")]
    [InlineData("anthropic/claude-opus-4.6", "anthropic", "amazon-bedrock/us", "amazon-bedrock/global", "azure-anthropic", "openrouter")]
    [InlineData("z-ai/glm-5.2", "z-ai", "fireworks", "fireworks/fast", "openrouter")]
    [InlineData("qwen/qwen3-235b-a22b-2507", "friendli", "nebius", "openrouter")]
    [InlineData("meta-llama/llama-3.3-70b-instruct", "groq", "openrouter")]
    [InlineData("meta-llama/llama-3.3-70b-instruct:free", "openrouter")]
    [InlineData("anthropic/claude-opus-4-5-20251101", "anthropic")]
    [InlineData("amazon/nova-lite-v1", "amazon-bedrock")]
    [InlineData("qwen/qwen3-32b", "novita/fp8")]
    [InlineData("z-ai/glm-4.7-flash", "z-ai")]
    [InlineData("google/gemini-2.5-pro", "google-ai-studio")]
    [InlineData("openai/text-embedding-3-large", "openai")]
    public void One_model_has_an_endpoint_at_each_provider(string id, params string[] tags) =>
        Assert.Equal(tags, snapshot.FindModel(id)!.Endpoints.Select(endpoint => endpoint.Tag));

    [Fact]
    public void Nothing_else_is_imported() => Assert.Equal(12, snapshot.Models.Count);

    [Theory]
    [InlineData("provider not in the provider table", 1)]
    [InlineData("price of zero: a plan or no price, not a free model", 1)]
    [InlineData("unsupported output modality", 1)]
    [InlineData("not a chat model, or a derivative under its origin's name", 1)]
    [InlineData("served over the Responses API only", 1)]
    [InlineData("served over another wire or address of the provider", 3)]
    [InlineData("a router or floating name, not a model", 2)]
    [InlineData("author of the model not known", 1)]
    public void Every_row_left_out_has_its_reason(string reason, int count) => Assert.Equal(count, report.Counts.GetValueOrDefault(reason));

    [Fact]
    public void Models_for_embeddings_have_no_price_for_output_and_neither_its_limit_nor_parameters()
    {
        var endpoint = Find("openai/text-embedding-3-large", "openai");
        Assert.Equal(["embeddings"], endpoint.Model.OutputModalities);
        Assert.Equal((0.00000013m, 0m, (int?)8191, (int?)null, None),
            (endpoint.Pricing!.Prompt, endpoint.Pricing.Completion, endpoint.ContextLength, endpoint.MaxCompletionTokens, endpoint.SupportedParameters));
    }

    [Theory]
    [InlineData("openai", "gpt-9", "no price for output")]
    [InlineData("anthropic", "claude-embed-1", "the provider's wire format carries no embeddings")]
    public void Row_that_cannot_be_used_is_left_out(string provider, string model, string reason)
    {
        var left = new ImportReport();

        var row = new { id = model, cost = new { input = 1, output = 0 }, modalities = new { input = Text, output = Text } };
        Inputs.Import(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { [provider] = new { models = new { row } } }), left);

        Assert.Equal(1, left.Counts[reason]);
    }

    [Fact]
    public void Prices_are_exact_and_per_token()
    {
        var pricing = Find("anthropic/claude-opus-4.6", "anthropic").Pricing!;
        Assert.Equal((0.000005m, 0.000025m, 0.0000005m, 0.00000625m, 0.00001m),
            (pricing.Prompt, pricing.Completion, pricing.InputCacheRead, pricing.InputCacheWrite, pricing.InputCacheWrite1h));
    }

    [Fact]
    public void Tiers_become_overrides()
    {
        var tier = Assert.Single(Find("google/gemini-2.5-pro", "google-ai-studio").Pricing!.Overrides);
        Assert.Equal((200_000, 0.0000025m, 0.000015m), (tier.MinPromptTokens, tier.Prompt, tier.Completion));
    }

    [Fact]
    public void Limits_and_upstream_names_are_the_providers()
    {
        var endpoint = Find("openai/gpt-5.2", "openai");
        Assert.Equal(("gpt-5.2", 400_000, 128_000, 272_000),
            (endpoint.UpstreamModel, endpoint.ContextLength, endpoint.MaxCompletionTokens, endpoint.MaxPromptTokens));
    }

    [Fact]
    public void Capabilities_become_parameters()
    {
        Assert.Equal(MaxTokens | Stop | Seed | Tools | ToolChoice | ParallelToolCalls | ResponseFormat | StructuredOutputs | Reasoning,
            Find("openai/gpt-5.2", "openai").SupportedParameters);
        Assert.Equal(MaxTokens | Temperature | TopP | TopK | Stop | Tools | ToolChoice | ParallelToolCalls | Reasoning,
            Find("anthropic/claude-opus-4.6", "anthropic").SupportedParameters & ~(ResponseFormat | StructuredOutputs));
    }

    [Fact]
    public void Names_tell_quantization_and_region()
    {
        Assert.Equal("fp8", Find("qwen/qwen3-32b", "novita/fp8").Quantization);
        Assert.Equal(["us"], Find("anthropic/claude-opus-4.6", "amazon-bedrock/us").Regions);
        Assert.Empty(Find("anthropic/claude-opus-4.6", "amazon-bedrock/global").Regions);
    }

    [Fact]
    public void Claude_caches_on_request_only()
    {
        Assert.False(Find("anthropic/claude-opus-4.6", "anthropic").ImplicitCaching);
        Assert.True(Find("openai/gpt-5.2", "openai").ImplicitCaching);
    }

    [Fact]
    public void Facts_of_the_model_arrive_with_source_and_date()
    {
        var model = snapshot.FindModel("google/gemini-2.5-pro")!;
        Assert.Equal(("Gemini 2.5 Pro", "models.dev", "2026-07-02", "2025-01"), (model.Name, model.Source, model.SourceDate, model.KnowledgeCutoff));
        Assert.Equal(["audio", "file", "image", "text", "video"], model.InputModalities.Order());
        Assert.InRange(model.Created, 1_740_000_000, 1_760_000_000);
    }
}
