using EdgeRouter.ClientTests.Providers;

namespace EdgeRouter.ClientTests;

/// <summary>
/// The models under test: one author for each upstream dialect, the same slugs for each, so that a script asks <c>{dialect}/{slug}</c>. The scripted
/// ones are built in; the others stand here, at the providers of the provider table that speak the dialect, as an operator would add them.
/// </summary>
internal static class ClientCatalog
{
    public static readonly string[] Dialects = ["scripted", "openai-chat", "openai-responses", "anthropic-messages", "gemini"];

    /// <summary>No provider of the table speaks this dialect.</summary>
    public const string ResponsesProvider = "responses-box";

    private static readonly (string Slug, Behaviour Behaviour)[] Models =
    [
        ("echo", Behaviour.Sound), ("tools", Behaviour.Sound), ("json", Behaviour.Sound), ("image", Behaviour.Sound), ("reasoning", Behaviour.Sound),
        ("truncated", Behaviour.Truncated), ("midstream-error", Behaviour.MidstreamError), ("error-429", Behaviour.RateLimited), ("stuck", Behaviour.Stuck),
        ("left", Behaviour.Stuck),
    ];

    /// <summary>A provider of Gemini's format that stops generating when its connection is closed, as Google does not.</summary>
    public const string StoppingProvider = "stopping-gemini";

    public static string Json =>
        $$"""
        {"providers":[{"slug":"{{StoppingProvider}}","name":"Stopping","dialect":"gemini","base_url":"http://127.0.0.1:1","auth":"x-goog-api-key",
                       "abort_stops_billing":true},
                      {"slug":"{{ResponsesProvider}}","name":"Responses box","dialect":"openai-responses","base_url":"http://127.0.0.1:1/v1","auth":"bearer",
                       "abort_stops_billing":true}],
         "models":[{{string.Join(',', Dialects.Skip(1).SelectMany(dialect => Models.Select(model => Model(dialect, model.Slug, model.Behaviour))))}}]}
        """;

    private static string Model(string dialect, string slug, Behaviour behaviour)
    {
        var (provider, family) = Seller(dialect, slug);
        return $$"""
            {"id":"{{dialect}}/{{slug}}","name":"{{dialect}} {{slug}}","created":1782950400,"context_length":128000,
             "input_modalities":["text","image"],"output_modalities":["text"],"endpoints":[
              {"provider":"{{provider}}","upstream_model":"{{ProviderModels.Name(family, behaviour)}}","context_length":128000,"max_completion_tokens":32000,
               "pricing":{"prompt":"0.000001","completion":"0.000002","input_cache_read":"0.0000001"},
               "supported_parameters":["max_tokens","temperature","top_p","seed","stop","tools","tool_choice","parallel_tool_calls",
                                       "response_format","structured_outputs","reasoning"]}]}
            """;
    }

    // OpenAI itself never tells its reasoning on this wire; DeepSeek does, and wants it back.
    private static (string Provider, string Family) Seller(string dialect, string slug) => dialect switch
    {
        "anthropic-messages" => ("anthropic", ProviderModels.Anthropic),
        "gemini" => (slug == "left" ? StoppingProvider : "google-ai-studio", ProviderModels.Gemini),
        "openai-responses" => (ResponsesProvider, ProviderModels.Responses),
        _ => slug == "reasoning" ? ("deepseek", ProviderModels.DeepSeek) : ("openai", ProviderModels.OpenAI),
    };
}
