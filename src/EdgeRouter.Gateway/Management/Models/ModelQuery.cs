using System.Globalization;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Management.Models;

/// <summary>The filters, sort and page of <c>GET /models</c>, checked. Immutable.</summary>
internal sealed class ModelQuery
{
    private const int DefaultLimit = 500;
    private const int MaxLimit = 1000;
    private const decimal Million = 1_000_000m;

    /// <summary>Filters on figures that this router does not have: benchmark indices and tool statistics.</summary>
    private static readonly string[] Unanswerable =
    [
        "min_intelligence_index", "max_intelligence_index", "min_coding_index", "max_coding_index", "min_agentic_index", "max_agentic_index",
        "min_tool_success_rate", "max_tool_success_rate", "category", "arch",
    ];

    private readonly List<Func<Model, DateTimeOffset, bool>> filters = [];
    private ModelSort sort = ModelSort.Catalog;
    private int? offset;
    private int? limit;

    /// <summary>Reads and checks the query string. Unknown names are ignored, as other APIs do.</summary>
    /// <param name="query">The query string.</param>
    /// <param name="output">The output modality of a list of its own; null: <c>output_modalities</c> says it.</param>
    /// <exception cref="RouterException">400 naming the parameter.</exception>
    public static ModelQuery Parse(IQueryCollection query, string? output = null)
    {
        foreach (var name in Unanswerable)
            if (query.ContainsKey(name)) throw new RouterException(RouterError.InvalidField(name, "this router does not have this figure"));
        var parsed = new ModelQuery
        {
            sort = ModelSort.Parse(query["sort"]),
            offset = Int(query, "offset", 0, int.MaxValue),
            limit = Int(query, "limit", 1, MaxLimit)
        };
        parsed.AddTextFilters(query, output);
        parsed.AddNumberFilters(query);
        return parsed;
    }

    /// <summary>The models that pass, sorted.</summary>
    public List<Model> Select(IReadOnlyList<Model> models, DateTimeOffset now)
    {
        var selected = models.Where(model => filters.TrueForAll(filter => filter(model, now))).ToList();
        return sort.Apply(selected);
    }

    /// <summary>One page, and the relative URL of the next one. Without <c>offset</c> and <c>limit</c> everything is one page.</summary>
    public (IReadOnlyList<Model> Page, string? Next) Page(List<Model> selected, HttpRequest request)
    {
        if (offset is null && limit is null) return (selected, null);
        var from = Math.Min(offset ?? 0, selected.Count);
        var count = Math.Min(limit ?? DefaultLimit, selected.Count - from);
        var end = from + count;
        if (end >= selected.Count) return (selected.GetRange(from, count), null);
        var query = QueryString.Create(request.Query.Where(pair => pair.Key is not ("offset" or "limit")))
            .Add("offset", end.ToString(CultureInfo.InvariantCulture)).Add("limit", (limit ?? DefaultLimit).ToString(CultureInfo.InvariantCulture));
        return (selected.GetRange(from, count), request.PathBase + request.Path + query.ToUriComponent());
    }

    private void AddTextFilters(IQueryCollection query, string? onlyOutput)
    {
        var output = onlyOutput is not null ? [onlyOutput] : List(query, "output_modalities") ?? ["text"];
        if (!output.Contains("all", StringComparer.OrdinalIgnoreCase)) filters.Add((model, _) => output.All(model.OutputModalities.Contains));
        if (List(query, "input_modalities") is { } input) filters.Add((model, _) => input.All(model.InputModalities.Contains));
        if (List(query, "model_authors") is { } authors) filters.Add((model, _) => authors.Contains(model.Author, StringComparer.OrdinalIgnoreCase));
        if (List(query, "providers") is { } providers)
            filters.Add((model, _) =>
                model.Endpoints.Any(endpoint => providers.Any(name => Same(name, endpoint.Provider.Slug) || Same(name, endpoint.Provider.Name))));
        if (query["q"].ToString() is { Length: > 0 } text)
            filters.Add((model, _) => model.Id.Contains(text, StringComparison.OrdinalIgnoreCase)
                || model.Name.Contains(text, StringComparison.OrdinalIgnoreCase));
        if (query["distillable"].ToString() is { Length: > 0 } distillable)
            filters.Add((model, _) => (model.Distillable == true) == Same(distillable, "true"));
        if (Same(query["zdr"].ToString(), "true")) filters.Add((model, _) => model.Endpoints.Any(endpoint => endpoint.DataPolicy.IsZeroDataRetention));
        if (query["region"].ToString() is { Length: > 0 } region)
            filters.Add((model, _) => model.Endpoints.Any(endpoint => endpoint.Regions.Contains(region, StringComparer.OrdinalIgnoreCase)));
        if (List(query, "supported_parameters") is { } parameters)
        {
            var needed = RequestParameters.None;
            foreach (var name in parameters)
            {
                needed |= RequestParameterNames.ByName.TryGetValue(name, out var bit) ? bit
                    : throw new RouterException(RouterError.InvalidField("supported_parameters", "expected a comma list of parameter names"));
            }
            filters.Add((model, _) => model.Endpoints.Any(endpoint => (endpoint.SupportedParameters & needed) == needed));
        }
    }

    private void AddNumberFilters(IQueryCollection query)
    {
        if (Int(query, "context", 0, int.MaxValue) is { } context) filters.Add((model, _) => model.ContextLength >= context);
        if (Price(query, "min_price") is { } minPrompt) filters.Add((model, _) => ModelPrice.Prompt(model) * Million >= minPrompt);
        if (Price(query, "max_price") is { } maxPrompt) filters.Add((model, _) => ModelPrice.Prompt(model) * Million <= maxPrompt);
        if (Price(query, "min_output_price") is { } minCompletion) filters.Add((model, _) => ModelPrice.Completion(model) * Million >= minCompletion);
        if (Price(query, "max_output_price") is { } maxCompletion) filters.Add((model, _) => ModelPrice.Completion(model) * Million <= maxCompletion);
        if (Int(query, "min_age_days", 0, 100_000) is { } youngest) filters.Add((model, now) => model.Created <= now.AddDays(-youngest).ToUnixTimeSeconds());
        if (Int(query, "max_age_days", 0, 100_000) is { } oldest) filters.Add((model, now) => model.Created >= now.AddDays(-oldest).ToUnixTimeSeconds());
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string[]? List(IQueryCollection query, string name)
    {
        var parts = query[name].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0 ? parts : null;
    }

    private static int? Int(IQueryCollection query, string name, int min, int max)
    {
        var text = query[name].ToString();
        if (text.Length == 0) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new RouterException(RouterError.InvalidField(name, $"expected a whole number from {min} to {max}"));
    }

    private static decimal? Price(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0) return null;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new RouterException(RouterError.InvalidField(name, "expected a price in USD per million tokens, at least 0"));
    }
}
