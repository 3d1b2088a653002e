using System.Collections.Frozen;

namespace EdgeRouter.Core.Catalog;

/// <summary>A model and the endpoints that serve it. Immutable; part of a <see cref="CatalogSnapshot"/>.</summary>
public sealed class Model
{
    /// <summary><c>author/slug</c>, lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The immutable dated form; the id when there is none.</summary>
    public required string CanonicalSlug { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>Unix seconds of publication.</summary>
    public long Created { get; init; }

    /// <summary>Largest context of its endpoints, in tokens.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Subset of text, image, file, audio, video.</summary>
    public required FrozenSet<string> InputModalities { get; init; }

    /// <summary>Subset of text, image, audio, embeddings, ...</summary>
    public required FrozenSet<string> OutputModalities { get; init; }

    /// <summary>Hugging Face id of open weights.</summary>
    public string? HuggingFaceId { get; init; }

    /// <summary>Knowledge cut-off, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>.</summary>
    public string? KnowledgeCutoff { get; init; }

    /// <summary>Whether the author permits training other models on its output; null: not known, treated as no.</summary>
    public bool? Distillable { get; init; }

    /// <summary>Where the row's facts come from.</summary>
    public string? Source { get; init; }

    /// <summary>Date of the facts, <c>YYYY-MM-DD</c>.</summary>
    public string? SourceDate { get; init; }

    /// <summary>Its endpoints, in catalog order. Never empty in a snapshot.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; internal set; } = [];

    /// <summary>The author part of the id.</summary>
    public string Author => Id[..Id.IndexOf('/', StringComparison.Ordinal)];
}

/// <summary>One (model, provider, variant, region, quantization, tier) with its own price and limits. Routing picks endpoints. Immutable.</summary>
public sealed class Endpoint
{
    /// <summary>The model served.</summary>
    public required Model Model { get; init; }

    /// <summary>Who serves it.</summary>
    public required Provider Provider { get; init; }

    /// <summary>Routing slug: <c>provider</c>, <c>provider/variant</c>, <c>provider/region</c> or <c>provider/tier</c>. Unique within the model.</summary>
    public required string Tag { get; init; }

    /// <summary>The provider's name of the model.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>Context in tokens.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Largest number of output tokens of one request.</summary>
    public int? MaxCompletionTokens { get; init; }

    /// <summary>Largest number of input tokens of one request.</summary>
    public int? MaxPromptTokens { get; init; }

    /// <summary>One of int4, int8, fp4, mxfp4, nvfp4, fp6, fp8, mxfp8, fp16, bf16, fp32, unknown.</summary>
    public string Quantization { get; init; } = "unknown";

    /// <summary>Prices; null: the catalog does not know them, and the endpoint is refused unless the operator set a ceiling.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>Parameters that it supports.</summary>
    public RequestParameters SupportedParameters { get; init; }

    /// <summary>Data policy; the provider's unless the row has its own.</summary>
    public required DataPolicy DataPolicy { get; init; }

    /// <summary>Regions where it runs (<c>us</c>, <c>eu</c>, ...); empty: not known.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Whether the provider caches prompts automatically.</summary>
    public bool ImplicitCaching { get; init; }

    /// <summary>How it continues an assistant message; the provider's value unless the row has its own.</summary>
    public AssistantPrefill Prefill { get; init; }

    /// <summary>Stable id: model and tag. Keys statistics and breakers, and names the row in records.</summary>
    public string Id { get; private set; } = "";

    internal void Seal() => Id = $"{Model.Id}@{Tag}";
}

/// <summary>
/// Prices in USD. Tokens: per token; the others per the unit in their name. Null: no price of its own; the class is charged like the class that
/// contains it.
/// </summary>
public sealed record Pricing
{
    /// <summary>Fresh input token.</summary>
    public required decimal Prompt { get; init; }

    /// <summary>Output token.</summary>
    public required decimal Completion { get; init; }

    /// <summary>Input token read from the cache; null: as fresh input.</summary>
    public decimal? InputCacheRead { get; init; }

    /// <summary>Input token written to the cache (5 minutes); null: as fresh input.</summary>
    public decimal? InputCacheWrite { get; init; }

    /// <summary>Input token written to the cache (1 hour); null: as <see cref="InputCacheWrite"/>.</summary>
    public decimal? InputCacheWrite1h { get; init; }

    /// <summary>Reasoning token; null: as output.</summary>
    public decimal? InternalReasoning { get; init; }

    /// <summary>Audio input token; null: as fresh input.</summary>
    public decimal? Audio { get; init; }

    /// <summary>Audio output token; null: as output.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>One input image, where images are charged per image.</summary>
    public decimal? Image { get; init; }

    /// <summary>Image input token; null: as fresh input.</summary>
    public decimal? ImageToken { get; init; }

    /// <summary>Image output token; null: as output.</summary>
    public decimal? ImageOutput { get; init; }

    /// <summary>One request; of a reranking one search unit.</summary>
    public decimal? Request { get; init; }

    /// <summary>One web search.</summary>
    public decimal? WebSearch { get; init; }

    /// <summary>Prices that replace the ones above under conditions; later entries win per price.</summary>
    public IReadOnlyList<PricingOverride> Overrides { get; init; } = [];

    /// <summary>True when no request can cost anything.</summary>
    public bool IsFree => Prompt == 0 && Completion == 0 && Request is null or 0 && Overrides.Count == 0;
}

/// <summary>Prices for long prompts. Null prices inherit.</summary>
/// <param name="MinPromptTokens">Applies when the prompt has strictly more tokens.</param>
public sealed record PricingOverride(int MinPromptTokens)
{
    /// <summary>Fresh input token.</summary>
    public decimal? Prompt { get; init; }

    /// <summary>Output token.</summary>
    public decimal? Completion { get; init; }

    /// <summary>Cache read.</summary>
    public decimal? InputCacheRead { get; init; }

    /// <summary>Cache write.</summary>
    public decimal? InputCacheWrite { get; init; }

    /// <summary>Audio input token.</summary>
    public decimal? Audio { get; init; }
}
