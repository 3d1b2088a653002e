using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;

namespace EdgeRouter.FunctionalTests.Embeddings;

/// <summary>A caller of <c>POST /embeddings</c>, and what providers answer.</summary>
internal static class EmbeddingsCaller
{
    public const string Path = "/api/v1/embeddings";
    public const int PromptTokens = 6;

    /// <summary>An environment of providers by slug and wire, all of which serve the model, for embeddings.</summary>
    public static async Task<TestEnvironment> StartAsync(IEnumerable<(string Slug, string Wire, ProviderAnswer Answer)> providers,
        params (string Path, string Value)[] settings)
    {
        var environment = new TestEnvironment();
        var endpoints = new List<JsonObject>();
        foreach (var (slug, wire, answer) in providers)
        {
            var more = new JsonObject { ["max_completion_tokens"] = null, ["context_length"] = 1000 };
            endpoints.Add(TestCatalog.Endpoint(await environment.AddAsync(slug, answer, wire), completionPrice: 0, more: more));
        }
        environment.Catalog.AddModel(TestEnvironment.Model, endpoints, new() { ["output_modalities"] = new JsonArray("embeddings") });
        await environment.StartRouterAsync(settings);
        return environment;
    }

    public static Task<TestEnvironment> StartAsync(ProviderAnswer answer, string wire = "openai-chat", params (string Path, string Value)[] settings) =>
        StartAsync([("alpha", wire, answer)], settings);

    /// <summary>A request's body; the providers are tried in their order.</summary>
    public static string Body(string input = "[\"one\",\"two\"]", string more = "") =>
        $"{{\"model\":\"{TestEnvironment.Model}\",\"input\":{input}{(more.Length > 0 ? "," : "")}{more}}}";

    public static async Task<CallerAnswer> EmbedAsync(this TestEnvironment environment, string input = "[\"one\",\"two\"]", string more = "")
    {
        using var response = await environment.PostEmbeddingsAsync(Body(input, more));
        return await CallerAnswer.ReadAsync(response);
    }

    public static Task<HttpResponseMessage> PostEmbeddingsAsync(this TestEnvironment environment, string body, string path = Path,
        CancellationToken cancellationToken = default) => environment.Router.Client.PostAsync(path,
        new StringContent(body, Encoding.UTF8, "application/json"), cancellationToken);

    /// <summary>The vectors, decoded where they are base64.</summary>
    public static float[][] Vectors(this CallerAnswer answer) => [.. answer.Json["data"]!.AsArray().Select(item => item!["embedding"] switch
    {
        JsonArray numbers => numbers.Select(number => number!.GetValue<float>()).ToArray(),
        var text => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text!.GetValue<string>())).ToArray(),
    })];

    /// <summary>OpenAI's answer with these items, in which single quotes stand for double ones.</summary>
    public static ProviderAnswer Gives(params string[] items) => ProviderAnswer.Body(200, Whole(items));

    public static string Whole(params string[] items) => $$$"""
        {"object": "list", "data": [{{{string.Join(", ", items).Replace('\'', '"')}}}], "model": "text-embedding-3-small",
         "usage": {"prompt_tokens": {{{PromptTokens}}}, "total_tokens": {{{PromptTokens}}}}}
        """;

    public static string Item(int index, string vector) => $"{{'object': 'embedding', 'index': {index}, 'embedding': {vector}}}";

    /// <summary>Base64 as OpenAI's API has it, in quotes.</summary>
    public static string Base64(params float[] vector) => $"'{Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector))}'";
}
