using System.Text;
using EdgeRouter.Core.Catalog;
using Xunit;

namespace EdgeRouter.Core.Tests.Catalog;

/// <summary>A small provider table and short ways to load documents over it.</summary>
internal static class CatalogFixture
{
    public static readonly ProviderDefinition Alpha = new()
    {
        Slug = "alpha",
        Name = "Alpha",
        Dialect = WireNames.OpenAIChat,
        BaseUrl = "https://api.alpha.example/v1",
        Auth = AuthSchemes.Bearer,
        Env = ["ALPHA_KEY", "ALPHA_API_KEY"],
        DataPolicy = new DataPolicy(false, true),
    };

    public static readonly ProviderDefinition BetaCloud = new()
    {
        Slug = "beta-cloud",
        Name = "Beta",
        Dialect = WireNames.AnthropicMessages,
        BaseUrl = "https://{resource}.beta.example/v1",
        Auth = AuthSchemes.XApiKey,
        Env = ["BETA_API_KEY"],
        Variables = new Dictionary<string, VariableSource> { ["resource"] = new(["BETA_RESOURCE"], null) },
        Headers = new Dictionary<string, string> { ["beta-version"] = "1" },
    };

    public static readonly ProviderDefinition Machine = new()
    {
        Slug = "machine",
        Name = "Machine",
        Dialect = WireNames.OpenAIChat,
        BaseUrl = "http://127.0.0.1:9000/v1",
        Auth = AuthSchemes.Bearer,
        Local = true,
    };

    public static readonly ProviderDefinition Scripted = new()
    {
        Slug = "scripted",
        Name = "Scripted",
        Dialect = WireNames.OpenAIChat,
        BaseUrl = "https://scripted.invalid/v1",
        Auth = AuthSchemes.None
    };

    public static readonly IReadOnlyList<ProviderDefinition> Providers = [Alpha, BetaCloud, Machine, Scripted];

    public static CatalogDocument Document(string name, string json) => new(name, Encoding.UTF8.GetBytes(json));

    /// <summary>Sources with a key for alpha.</summary>
    public static CatalogSources Sources(params string[] documents) => new()
    {
        Providers = Providers,
        Documents = [.. documents.Select((json, index) => Document($"file{index}.json", json))],
        Settings = new Dictionary<string, ProviderSettings> { ["alpha"] = new() { ApiKey = "alpha-secret" } },
    };

    public static CatalogSnapshot Load(params string[] documents) => CatalogLoader.Load(Sources(documents));

    /// <summary>The faults, one text each.</summary>
    public static IReadOnlyList<string> Faults(CatalogSources sources) =>
        [.. Assert.Throws<CatalogException>(() => CatalogLoader.Load(sources)).Errors.Select(error => error.ToString())];

    /// <summary>A document with one model; members are spliced in.</summary>
    public static string Model(string members = "", string endpoint = "", string id = "acme/one") =>
        $$"""{ "models": [ { "id": "{{id}}"{{members}}, "endpoints": [ { "provider": "alpha", "upstream_model": "one"{{endpoint}} } ] } ] }""";
}
