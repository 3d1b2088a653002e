using System.Collections.Frozen;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Validation;
using Schema = EdgeRouter.Dialects.OpenAIChat.Caller.OpenAIChatRequestSchema;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>For whom a top-level member is.</summary>
internal enum MemberAudience
{
    /// <summary>Read by the router, never sent on.</summary>
    Router,

    /// <summary>Checked by the router and sent on.</summary>
    Provider,

    /// <summary>Read by the router, and sent on in the router's words.</summary>
    Both,
}

/// <summary>A top-level member of the request.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Audience">For whom it is.</param>
/// <param name="Shape">What its value must look like.</param>
internal sealed record OpenAIChatRequestMember(string Name, MemberAudience Audience, RequestShape Shape)
{
    /// <summary>
    /// The parameter that it uses when it says something. A provider's member without a bit of its own counts as unknown, so that strict providers
    /// can refuse it.
    /// </summary>
    public RequestParameters Parameter { get; } = RequestParameterNames.ByName.GetValueOrDefault(
        Name, Audience == MemberAudience.Provider ? RequestParameters.Unknown : RequestParameters.None);

    /// <summary>Its key in UTF-8.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Whether it has no property in <see cref="Core.Conversation.ChatRequest"/> and travels as an extension.</summary>
    public bool IsExtension { get; init; }
}

/// <summary>
/// The top-level members of a chat request: who each is for, what it must look like and which parameter it uses. Scanner, reader, writer and splicer
/// all work from this table; what is not in it is unknown, which means: for the provider, verbatim.
/// </summary>
internal static class OpenAIChatRequestMembers
{
    private static readonly List<OpenAIChatRequestMember> All = [];

    // The conversation.
    public static readonly OpenAIChatRequestMember Messages = ForBoth("messages", OpenAIChatRequestMessageSchema.Messages);
    public static readonly OpenAIChatRequestMember Prompt = ForBoth("prompt", OpenAIChatRequestMessageSchema.Prompt);

    // Where it goes. These are the router's business.
    public static readonly OpenAIChatRequestMember Model = ForBoth("model", Schema.NonEmpty);
    public static readonly OpenAIChatRequestMember Models = ForRouter("models", Schema.Models);
    public static readonly OpenAIChatRequestMember Provider = ForRouter("provider", OpenAIChatRequestProvider.Shape);
    public static readonly OpenAIChatRequestMember Route = ForRouter("route", new WordShape("fallback").OrNull());
    public static readonly OpenAIChatRequestMember Preset = ForRouter("preset", new RefusedShape("presets are not configured on this router").OrNull());
    public static readonly OpenAIChatRequestMember Plugins = ForRouter("plugins", Schema.Plugins);
    public static readonly OpenAIChatRequestMember Transforms = ForRouter("transforms", Schema.Transforms);
    public static readonly OpenAIChatRequestMember SessionId = ForRouter("session_id", new StringShape(max: 256));
    public static readonly OpenAIChatRequestMember Metadata = ForRouter("metadata", Schema.Metadata);
    public static readonly OpenAIChatRequestMember Trace = ForRouter("trace", Schema.Trace);
    public static readonly OpenAIChatRequestMember Debug = ForRouter("debug", Schema.Object(new ObjectMember("echo_upstream_body", Schema.Flag)));

    // Usage is always reported, so these two change nothing; the router asks the provider itself.
    public static readonly OpenAIChatRequestMember Usage = ForRouter("usage", Schema.Object(new ObjectMember("include", Schema.Flag)).OrNull());
    public static readonly OpenAIChatRequestMember StreamOptions = ForRouter("stream_options", Schema.Object(new ObjectMember("include_usage", Schema.Flag))
        .OrNull());

    // Bounds on server tools, of which there are none, and a capability wish that only routing reads.
    public static readonly OpenAIChatRequestMember MaxToolCalls = ForRouter("max_tool_calls", Integer(1).OrNull());
    public static readonly OpenAIChatRequestMember StopServerToolsWhen = ForRouter("stop_server_tools_when", Schema.StopServerToolsWhen);
    public static readonly OpenAIChatRequestMember StructuredOutputs = ForRouter("structured_outputs", Schema.Flag.OrNull());

    // How the provider generates.
    public static readonly OpenAIChatRequestMember Stream = ForBoth("stream", Schema.Flag);
    public static readonly OpenAIChatRequestMember MaxTokens = ForProvider("max_tokens", Integer(1).OrNull());
    public static readonly OpenAIChatRequestMember MaxCompletionTokens = ForProvider("max_completion_tokens", Integer(1).OrNull());
    public static readonly OpenAIChatRequestMember ChoiceCount = ForProvider("n", Integer(1, 128).OrNull());
    public static readonly OpenAIChatRequestMember Temperature = ForProvider("temperature", Number(0, 2));
    public static readonly OpenAIChatRequestMember TopP = ForProvider("top_p", Number(0, 1));
    public static readonly OpenAIChatRequestMember TopK = ForProvider("top_k", Integer(0).OrNull());
    public static readonly OpenAIChatRequestMember MinP = ForProvider("min_p", Number(0, 1));
    public static readonly OpenAIChatRequestMember TopA = ForProvider("top_a", Number(0, 1));
    public static readonly OpenAIChatRequestMember FrequencyPenalty = ForProvider("frequency_penalty", Number(-2, 2));
    public static readonly OpenAIChatRequestMember PresencePenalty = ForProvider("presence_penalty", Number(-2, 2));
    public static readonly OpenAIChatRequestMember RepetitionPenalty = ForProvider("repetition_penalty", Number(0, 2));
    public static readonly OpenAIChatRequestMember Seed = ForProvider("seed", new IntegerShape(long.MinValue, long.MaxValue).OrNull());
    public static readonly OpenAIChatRequestMember Stop = ForProvider("stop", Schema.Stop);
    public static readonly OpenAIChatRequestMember Logprobs = ForProvider("logprobs", Schema.Flag.OrNull());
    public static readonly OpenAIChatRequestMember TopLogprobs = ForProvider("top_logprobs", Integer(0, 20).OrNull());
    public static readonly OpenAIChatRequestMember Verbosity = ForProvider("verbosity", new WordShape("low", "medium", "high", "xhigh", "max").OrNull());
    public static readonly OpenAIChatRequestMember ResponseFormat = ForProvider("response_format", OpenAIChatRequestToolSchema.ResponseFormat);
    public static readonly OpenAIChatRequestMember Tools = ForProvider("tools", OpenAIChatRequestToolSchema.Tools);
    public static readonly OpenAIChatRequestMember ToolChoice = ForProvider("tool_choice", OpenAIChatRequestToolSchema.ToolChoice);
    public static readonly OpenAIChatRequestMember ParallelToolCalls = ForProvider("parallel_tool_calls", Schema.Flag.OrNull());
    public static readonly OpenAIChatRequestMember Modalities = ForProvider("modalities", Schema.Modalities);
    public static readonly OpenAIChatRequestMember CacheControl = ForProvider("cache_control", Schema.CacheControl);

    // Said in other words than the caller's.
    public static readonly OpenAIChatRequestMember Reasoning = ForBoth("reasoning", Schema.Reasoning.OrNull());
    public static readonly OpenAIChatRequestMember ReasoningEffort = ForBoth("reasoning_effort", new WordShape(Schema.Efforts).OrNull());
    public static readonly OpenAIChatRequestMember IncludeReasoning = ForBoth("include_reasoning", Schema.Flag.OrNull());
    public static readonly OpenAIChatRequestMember ServiceTier = ForBoth("service_tier", new WordShape("auto", "default", "fast", "flex", "priority", "scale")
        .OrNull());
    public static readonly OpenAIChatRequestMember Speed = ForBoth("speed", new WordShape("fast", "standard").OrNull());
    public static readonly OpenAIChatRequestMember User = ForBoth("user", Schema.Text);

    // Without a property of their own: sent as they are.
    public static readonly OpenAIChatRequestMember LogitBias = Extension("logit_bias", Schema.LogitBias);
    public static readonly OpenAIChatRequestMember Prediction = Extension("prediction", Schema.Prediction);
    public static readonly OpenAIChatRequestMember Audio = Extension("audio", Schema.Audio.OrNull());
    public static readonly OpenAIChatRequestMember ImageConfig = Extension("image_config", Schema.ImageConfig);
    public static readonly OpenAIChatRequestMember PromptCacheKey = Extension("prompt_cache_key", Schema.Text.OrNull());
    public static readonly OpenAIChatRequestMember PromptCacheOptions = Extension("prompt_cache_options", Schema.PromptCacheOptions);
    public static readonly OpenAIChatRequestMember WebSearchOptions = Extension("web_search_options", Schema.WebSearchOptions);
    public static readonly OpenAIChatRequestMember XSearchFilter = Extension("x_search_filter", Schema.AnyObject.OrNull());

    /// <summary>Stands for every member that is not in the table.</summary>
    public static readonly OpenAIChatRequestMember Unknown = new("", MemberAudience.Provider, AnyShape.Instance) { IsExtension = true };

    /// <summary>The members by key.</summary>
    public static readonly FrozenDictionary<string, OpenAIChatRequestMember> ByName = All.ToFrozenDictionary(member => member.Name, StringComparer.Ordinal);

    /// <summary>The member of that key; <see cref="Unknown"/> when the table has none.</summary>
    public static OpenAIChatRequestMember Find(string name) => ByName.GetValueOrDefault(name, Unknown);

    private static OpenAIChatRequestMember ForRouter(string name, RequestShape shape) => Add(new(name, MemberAudience.Router, shape));

    private static OpenAIChatRequestMember ForProvider(string name, RequestShape shape) => Add(new(name, MemberAudience.Provider, shape));

    private static OpenAIChatRequestMember ForBoth(string name, RequestShape shape) => Add(new(name, MemberAudience.Both, shape));

    private static OpenAIChatRequestMember Extension(string name, RequestShape shape) => Add(new(name, MemberAudience.Provider, shape) { IsExtension = true });

    private static OpenAIChatRequestMember Add(OpenAIChatRequestMember member)
    {
        All.Add(member);
        return member;
    }

    private static IntegerShape Integer(long min, long max = int.MaxValue) => new(min, max);

    private static RequestShape Number(double min, double max) => new NumberShape(min, max).OrNull();
}
