using System.Collections.Frozen;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.OpenAIChat.Shapes;
using Schema = EdgeRouter.Dialects.OpenAIChat.OpenAIChatRequestSchema;

namespace EdgeRouter.Dialects.OpenAIChat;

/// <summary>For whom a top-level member is.</summary>
internal enum MemberAudience
{
    /// <summary>Read by the router, never sent on.</summary>
    Router,

    /// <summary>Checked by the router and sent on.</summary>
    Vendor,

    /// <summary>Read by the router, and sent on in the router's words.</summary>
    Both,
}

/// <summary>A top-level member of the request.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Audience">For whom it is.</param>
/// <param name="Shape">What its value must look like.</param>
internal sealed record OpenAIChatRequestMember(string Name, MemberAudience Audience, RequestShape Shape)
{
    /// <summary>The parameter that it uses when it says something. A vendor's member without a bit of its own counts as unknown, so that strict vendors can refuse it.</summary>
    public RequestParameters Parameter { get; } = RequestParameterNames.ByName.GetValueOrDefault(
        Name, Audience == MemberAudience.Vendor ? RequestParameters.Unknown : RequestParameters.None);

    /// <summary>Its key in UTF-8.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Whether it has no property in <see cref="Core.Conversation.ChatRequest"/> and travels as an extension.</summary>
    public bool IsExtension { get; init; }
}

/// <summary>
/// The top-level members of a chat request: who each is for, what it must look like and which parameter it uses. Scanner, reader, writer and splicer all work from
/// this table; what is not in it is unknown, which means: for the vendor, verbatim.
/// </summary>
internal static class OpenAIChatRequestMembers
{
    private static readonly List<OpenAIChatRequestMember> All = [];

    // The conversation.
    public static readonly OpenAIChatRequestMember Messages = Both("messages", OpenAIChatRequestMessageSchema.Messages);
    public static readonly OpenAIChatRequestMember Prompt = Both("prompt", OpenAIChatRequestMessageSchema.Prompt);

    // Where it goes. These are the router's business.
    public static readonly OpenAIChatRequestMember Model = Both("model", Schema.NonEmpty);
    public static readonly OpenAIChatRequestMember Models = Router("models", Schema.Models);
    public static readonly OpenAIChatRequestMember Provider = Router("provider", OpenAIChatRequestProvider.Shape);
    public static readonly OpenAIChatRequestMember Route = Router("route", new WordShape("fallback").OrNull());
    public static readonly OpenAIChatRequestMember Preset = Router("preset", new RefusedShape("presets are not configured on this router").OrNull());
    public static readonly OpenAIChatRequestMember Plugins = Router("plugins", Schema.Plugins);
    public static readonly OpenAIChatRequestMember Transforms = Router("transforms", Schema.Transforms);
    public static readonly OpenAIChatRequestMember SessionId = Router("session_id", new StringShape(max: 256));
    public static readonly OpenAIChatRequestMember Metadata = Router("metadata", Schema.Metadata);
    public static readonly OpenAIChatRequestMember Trace = Router("trace", Schema.Trace);
    public static readonly OpenAIChatRequestMember Debug = Router("debug", Schema.Object(new ObjectMember("echo_upstream_body", Schema.Flag)));

    // Usage is always reported, so these two change nothing; the router asks the vendor itself.
    public static readonly OpenAIChatRequestMember Usage = Router("usage", Schema.Object(new ObjectMember("include", Schema.Flag)).OrNull());
    public static readonly OpenAIChatRequestMember StreamOptions = Router("stream_options", Schema.Object(new ObjectMember("include_usage", Schema.Flag)).OrNull());

    // Bounds on server tools, of which there are none, and a capability wish that only routing reads.
    public static readonly OpenAIChatRequestMember MaxToolCalls = Router("max_tool_calls", Integer(1).OrNull());
    public static readonly OpenAIChatRequestMember StopServerToolsWhen = Router("stop_server_tools_when", Schema.StopServerToolsWhen);
    public static readonly OpenAIChatRequestMember StructuredOutputs = Router("structured_outputs", Schema.Flag.OrNull());

    // How the vendor generates.
    public static readonly OpenAIChatRequestMember Stream = Both("stream", Schema.Flag);
    public static readonly OpenAIChatRequestMember MaxTokens = Vendor("max_tokens", Integer(1).OrNull());
    public static readonly OpenAIChatRequestMember MaxCompletionTokens = Vendor("max_completion_tokens", Integer(1).OrNull());
    public static readonly OpenAIChatRequestMember ChoiceCount = Vendor("n", Integer(1, 128).OrNull());
    public static readonly OpenAIChatRequestMember Temperature = Vendor("temperature", Number(0, 2));
    public static readonly OpenAIChatRequestMember TopP = Vendor("top_p", Number(0, 1));
    public static readonly OpenAIChatRequestMember TopK = Vendor("top_k", Integer(0).OrNull());
    public static readonly OpenAIChatRequestMember MinP = Vendor("min_p", Number(0, 1));
    public static readonly OpenAIChatRequestMember TopA = Vendor("top_a", Number(0, 1));
    public static readonly OpenAIChatRequestMember FrequencyPenalty = Vendor("frequency_penalty", Number(-2, 2));
    public static readonly OpenAIChatRequestMember PresencePenalty = Vendor("presence_penalty", Number(-2, 2));
    public static readonly OpenAIChatRequestMember RepetitionPenalty = Vendor("repetition_penalty", Number(0, 2));
    public static readonly OpenAIChatRequestMember Seed = Vendor("seed", new IntegerShape(long.MinValue, long.MaxValue).OrNull());
    public static readonly OpenAIChatRequestMember Stop = Vendor("stop", Schema.Stop);
    public static readonly OpenAIChatRequestMember Logprobs = Vendor("logprobs", Schema.Flag.OrNull());
    public static readonly OpenAIChatRequestMember TopLogprobs = Vendor("top_logprobs", Integer(0, 20).OrNull());
    public static readonly OpenAIChatRequestMember Verbosity = Vendor("verbosity", new WordShape("low", "medium", "high", "xhigh", "max").OrNull());
    public static readonly OpenAIChatRequestMember ResponseFormat = Vendor("response_format", OpenAIChatRequestToolSchema.ResponseFormat);
    public static readonly OpenAIChatRequestMember Tools = Vendor("tools", OpenAIChatRequestToolSchema.Tools);
    public static readonly OpenAIChatRequestMember ToolChoice = Vendor("tool_choice", OpenAIChatRequestToolSchema.ToolChoice);
    public static readonly OpenAIChatRequestMember ParallelToolCalls = Vendor("parallel_tool_calls", Schema.Flag.OrNull());
    public static readonly OpenAIChatRequestMember Modalities = Vendor("modalities", Schema.Modalities);
    public static readonly OpenAIChatRequestMember CacheControl = Vendor("cache_control", Schema.CacheControl);

    // Said in other words than the caller's.
    public static readonly OpenAIChatRequestMember Reasoning = Both("reasoning", Schema.Reasoning.OrNull());
    public static readonly OpenAIChatRequestMember ReasoningEffort = Both("reasoning_effort", new WordShape(Schema.Efforts).OrNull());
    public static readonly OpenAIChatRequestMember IncludeReasoning = Both("include_reasoning", Schema.Flag.OrNull());
    public static readonly OpenAIChatRequestMember ServiceTier = Both("service_tier", new WordShape("auto", "default", "fast", "flex", "priority", "scale").OrNull());
    public static readonly OpenAIChatRequestMember Speed = Both("speed", new WordShape("fast", "standard").OrNull());
    public static readonly OpenAIChatRequestMember User = Both("user", Schema.Text);

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
    public static readonly OpenAIChatRequestMember Unknown = new("", MemberAudience.Vendor, AnyShape.Instance) { IsExtension = true };

    /// <summary>The members by key.</summary>
    public static readonly FrozenDictionary<string, OpenAIChatRequestMember> ByName = All.ToFrozenDictionary(member => member.Name, StringComparer.Ordinal);

    /// <summary>The member of that key; <see cref="Unknown"/> when the table has none.</summary>
    public static OpenAIChatRequestMember Find(string name) => ByName.GetValueOrDefault(name, Unknown);

    private static OpenAIChatRequestMember Router(string name, RequestShape shape) => Add(new(name, MemberAudience.Router, shape));

    private static OpenAIChatRequestMember Vendor(string name, RequestShape shape) => Add(new(name, MemberAudience.Vendor, shape));

    private static OpenAIChatRequestMember Both(string name, RequestShape shape) => Add(new(name, MemberAudience.Both, shape));

    private static OpenAIChatRequestMember Extension(string name, RequestShape shape) => Add(new(name, MemberAudience.Vendor, shape) { IsExtension = true });

    private static OpenAIChatRequestMember Add(OpenAIChatRequestMember member)
    {
        All.Add(member);
        return member;
    }

    private static IntegerShape Integer(long min, long max = int.MaxValue) => new(min, max);

    private static RequestShape Number(double min, double max) => new NumberShape(min, max).OrNull();
}
