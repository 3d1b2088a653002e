using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Gateway.Management.Models;

/// <summary>A value of <c>sort</c> of <c>GET /models</c>. Models without the figure come last, in catalog order.</summary>
internal sealed class ModelSort
{
    /// <summary>As in the catalog.</summary>
    public static readonly ModelSort Catalog = new(null, false);

    private static readonly Dictionary<string, ModelSort> ByName = new(StringComparer.Ordinal)
    {
        ["newest"] = new(model => model.Created, true),
        ["pricing-low-to-high"] = new(ModelPrice.Average, false),
        ["pricing-high-to-low"] = new(ModelPrice.Average, true),
        ["context-high-to-low"] = new(model => model.ContextLength, true),
        // Figures that this router does not have yet: no model has a value.
        ["most-popular"] = Catalog,
        ["top-weekly"] = Catalog,
        ["throughput-high-to-low"] = Catalog,
        ["latency-low-to-high"] = Catalog,
        ["intelligence-high-to-low"] = Catalog,
        ["coding-high-to-low"] = Catalog,
        ["agentic-high-to-low"] = Catalog,
        ["design-arena-elo-high-to-low"] = Catalog,
    };

    private readonly Func<Model, decimal?>? key;
    private readonly bool descending;

    private ModelSort(Func<Model, decimal?>? key, bool descending)
    {
        this.key = key;
        this.descending = descending;
    }

    /// <summary>Finds a sort; empty: catalog order.</summary>
    /// <exception cref="RouterException">400 for an unknown name.</exception>
    public static ModelSort Parse(string? name)
    {
        if (string.IsNullOrEmpty(name)) return Catalog;
        return ByName.TryGetValue(name, out var sort)
            ? sort : throw new RouterException(RouterError.InvalidField("sort", $"expected one of {string.Join(", ", ByName.Keys)}"));
    }

    /// <summary>The models in this order. Stable.</summary>
    public List<Model> Apply(List<Model> models)
    {
        if (key is null) return models;
        var known = models.Where(model => key(model) is not null);
        var ordered = descending ? known.OrderByDescending(key) : known.OrderBy(key);
        return [.. ordered, .. models.Where(model => key(model) is null)];
    }
}

/// <summary>The price of a model, for lists: that of its cheapest endpoint.</summary>
internal static class ModelPrice
{
    /// <summary>The endpoint whose price represents the model: cheapest by <see cref="Average(Model)"/>; null: none has a price.</summary>
    public static Pricing? Cheapest(Model model) => model.Endpoints.Select(endpoint => endpoint.Pricing).Where(pricing => pricing is not null)
        .MinBy(pricing => Average(pricing!));

    /// <summary>Per input token.</summary>
    public static decimal? Prompt(Model model) => Cheapest(model)?.Prompt;

    /// <summary>Per output token.</summary>
    public static decimal? Completion(Model model) => Cheapest(model)?.Completion;

    /// <summary>The average of the two, by which OpenRouter's API defines its sorts.</summary>
    public static decimal? Average(Model model) => Cheapest(model) is { } pricing ? Average(pricing) : null;

    private static decimal Average(Pricing pricing) => (pricing.Prompt + pricing.Completion) / 2;
}
