using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.Core.Catalog;
using Xunit;

namespace EdgeRouter.CatalogImport.Tests;

public sealed class OpenRouterImportTests
{
    private readonly ImportReport report = new();
    private readonly CatalogSnapshot snapshot;

    public OpenRouterImportTests() => snapshot = Inputs.Load(Inputs.Import(Inputs.Read(Inputs.OpenRouter), report));

    [Fact]
    public void A_model_becomes_one_with_openrouter_as_its_endpoint()
    {
        Assert.Equal(2, snapshot.Models.Count);
        var model = snapshot.FindModel("acme/one")!;
        Assert.Equal(("acme/one", "acme/one-2026-01-01", "Acme: One", "First.", 190000, "acme/One", "2025-06-30"),
            (model.Id, model.CanonicalSlug, model.Name, model.Description, model.ContextLength, model.HuggingFaceId, model.KnowledgeCutoff));
        var endpoint = Assert.Single(model.Endpoints);
        Assert.Equal(("openrouter", "acme/one", 64000, RequestParameters.Tools | RequestParameters.Temperature),
            (endpoint.Tag, endpoint.UpstreamModel, endpoint.MaxCompletionTokens, endpoint.SupportedParameters));
        Assert.Equal((0.000003m, 0.000015m, 0.0000003m, 0.01m),
            (endpoint.Pricing!.Prompt, endpoint.Pricing.Completion, endpoint.Pricing.InputCacheRead, endpoint.Pricing.WebSearch));
        Assert.Equal(new PricingOverride(200000) { Prompt = 0.000006m }, Assert.Single(endpoint.Pricing.Overrides));
    }

    [Fact]
    public void Models_for_embeddings_are_imported_too()
    {
        var model = snapshot.FindModel("acme/embed")!;
        Assert.Equal(["embeddings"], model.OutputModalities);
        Assert.Equal((0.00000002m, 0m), (model.Endpoints[0].Pricing!.Prompt, model.Endpoints[0].Pricing!.Completion));
    }

    [Theory]
    [InlineData("no price")]
    [InlineData("unsupported output modality")]
    [InlineData("twice in the input")]
    [InlineData("not a model's own id")]
    [InlineData("unknown parameter telepathy (the model is used)")]
    public void What_cannot_be_used_is_reported(string reason) => Assert.Equal(1, report.Counts[reason]);
}
