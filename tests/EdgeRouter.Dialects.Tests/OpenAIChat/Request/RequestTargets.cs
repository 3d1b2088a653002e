using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

/// <summary>Endpoints of several tempers.</summary>
internal static class RequestTargets
{
    public const RequestParameters Everything = (RequestParameters)ulong.MaxValue;

    public static WireTarget Permissive { get; } = Create();

    public static WireTarget Streaming { get; } = Create(stream: true);

    public static IReadOnlyDictionary<string, WireTarget> All { get; } = new Dictionary<string, WireTarget>
    {
        ["permissive"] = Permissive,
        ["streaming"] = Streaming,
        ["streaming without stream options"] = Create(stream: true, acceptsStreamOptions: false),
        ["renaming"] = Create(renames: [("max_tokens", "max_completion_tokens"), ("seed", "random_seed"),
            ("reasoning_effort", "effort"), ("safe_prompt", "safe"), ("stop", "stop_sequences")]),
        ["refusing"] = Create(refused: RequestParameters.CacheControl | RequestParameters.Unknown | RequestParameters.User | RequestParameters.ServiceTier
            | RequestParameters.ChoiceCount | RequestParameters.PromptCacheKey | RequestParameters.PromptCacheOptions),
        ["knowing next to nothing"] = Create(supported: RequestParameters.MaxTokens | RequestParameters.ResponseFormat),
        ["without tools but with their choice"] = Create(supported: Everything & ~RequestParameters.Tools),
        ["OpenRouter itself"] = Create(renames: [("reasoning", "reasoning"), ("reasoning_content", "reasoning"), ("reasoning_details", "reasoning_details")]),
        ["taking reasoning back"] = Create(renames: [("reasoning_content", "reasoning_content")]),
        ["with a name that needs escapes"] = Create(model: "my \"model\"\\é"),
    };

    public static WireTarget Create(
        RequestParameters supported = Everything, RequestParameters refused = RequestParameters.None, (string From, string To)[]? renames = null,
            bool stream = false,
        bool acceptsStreamOptions = true, string model = "provider-model", string tag = "provider")
    {
        var provider = new Provider
        {
            Slug = "provider",
            Name = "Provider",
            Wire = WireNames.OpenAIChat,
            Auth = AuthSchemes.Bearer,
            ParameterRenames = (renames ?? []).ToFrozenDictionary(rename => rename.From, rename => rename.To),
            RefusedParameters = refused,
            AcceptsStreamOptions = acceptsStreamOptions,
        };
        var text = FrozenSet.Create("text");
        var served = new Model { Id = "a/m", CanonicalSlug = "a/m", Name = "M", InputModalities = text, OutputModalities = text };
        var endpoint = new Endpoint
        {
            Model = served,
            Provider = provider,
            Tag = tag,
            UpstreamModel = model,
            SupportedParameters = supported,
            DataPolicy = DataPolicy.Unknown,
        };
        return new WireTarget(endpoint, stream) { Fields = OpenAIChatFields.Instance };
    }
}
