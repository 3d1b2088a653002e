using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Options = EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking.ResponsesOptionSchema;
using Shapes = EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests;

/// <summary>
/// The top-level members of a Responses request, each declared once: OpenAI's, and those of the router as OpenRouter spells them. A member that is not in
/// the table is unknown.
/// </summary>
internal static class ResponsesMembers
{
    private static readonly List<ResponsesMember> All =
    [
        .. RouterRequestMembers.ForRouterOnly.Where(shared => shared != RouterRequestMembers.Metadata && shared != RouterRequestMembers.MaxToolCalls)
            .Select(shared => new ResponsesMember(shared)),
    ];

    // The conversation. The router keeps nothing of it.
    public static readonly ResponsesMember Model = Add(new(RouterRequestMembers.Model));
    public static readonly ResponsesMember Input = Add(new("input", MemberAudience.Both, ResponsesItemSchema.Input) { IsCopied = true });
    public static readonly ResponsesMember Instructions =
        Add(new("instructions", MemberAudience.Both, ResponsesItemSchema.Instructions.OrNull()) { IsCopied = true });
    public static readonly ResponsesMember PreviousResponse = Refused("previous_response_id", "the router holds no responses; send all items in 'input'");
    public static readonly ResponsesMember Conversation = Refused("conversation", "the router holds no conversations; send all items in 'input'");
    public static readonly ResponsesMember Prompt = Refused("prompt", "the router holds no prompts; send their text");
    public static readonly ResponsesMember Store = Add(new("store", MemberAudience.Router, Options.Off("the router stores no responses; expected false")));
    public static readonly ResponsesMember Background =
        Add(new("background", MemberAudience.Router, Options.Off("the router runs nothing in the background; expected false")));

    // How the provider generates.
    public static readonly ResponsesMember MaxOutputTokens = Add(new("max_output_tokens", MemberAudience.Both, Integer(1))
    {
        IsCopied = true,
        Parameter = RequestParameters.MaxTokens,
        Note = static (found, value) => found.MaxOutputTokens = CheckedValues.Integer(value),
    });
    public static readonly ResponsesMember Temperature = Add(new("temperature", MemberAudience.Provider, Number(0, 2)) { IsCopied = true });
    public static readonly ResponsesMember TopP = Add(new("top_p", MemberAudience.Provider, Number(0, 1)) { IsCopied = true });
    public static readonly ResponsesMember TopK = Add(new("top_k", MemberAudience.Provider, Integer(0)));
    public static readonly ResponsesMember FrequencyPenalty = Add(new("frequency_penalty", MemberAudience.Provider, Number(-2, 2)));
    public static readonly ResponsesMember PresencePenalty = Add(new("presence_penalty", MemberAudience.Provider, Number(-2, 2)));
    public static readonly ResponsesMember TopLogprobs = Add(new("top_logprobs", MemberAudience.Provider, Integer(0, 20))
    {
        IsCopied = true,
        HasEffect = static (_, value) => CheckedValues.Integer(value) > 0,
        Note = static (found, value) =>
        {
            if (CheckedValues.Integer(value) > 0) found.Parameters |= RequestParameters.Logprobs;
        },
    });
    public static readonly ResponsesMember Reasoning = Add(new("reasoning", MemberAudience.Both, Options.Reasoning.OrNull())
    {
        IsCopied = true,
        Note = static (found, value) => ((ResponsesScan)found).Reasoning = ReadReasoning(CheckedValues.Element(value)),
        HasEffect = static (found, _) => ((ResponsesScan)found).Reasoning is not null,
    });
    public static readonly ResponsesMember Text = Add(new("text", MemberAudience.Both, Options.Text.OrNull()) { IsCopied = true, Note = NoteText });
    public static readonly ResponsesMember Include = Add(new("include", MemberAudience.Both, Options.Include.OrNull())
    {
        Note = static (found, value) =>
        {
            if (!CheckedValues.Strings(value).Contains("message.output_text.logprobs")) return;
            ((ResponsesScan)found).IncludesLogprobs = true;
            found.Parameters |= RequestParameters.Logprobs;
        },
    });
    public static readonly ResponsesMember Modalities = Add(new("modalities", MemberAudience.Provider, Options.Modalities)
    {
        Note = static (found, value) => found.WantsImageOutput = CheckedValues.Strings(value).Contains("image"),
        HasEffect = static (found, _) => found.WantsImageOutput,
    });
    public static readonly ResponsesMember ImageConfig = Add(new("image_config", MemberAudience.Provider, Options.ImageConfig));

    // Tools.
    public static readonly ResponsesMember Tools = Add(new("tools", MemberAudience.Provider, ResponsesToolSchema.Tools.OrNull())
    {
        IsCopied = true,
        HasEffect = static (_, value) => !CheckedValues.IsEmptyArray(value),
    });
    public static readonly ResponsesMember ToolChoice = Add(new("tool_choice", MemberAudience.Provider, ResponsesToolSchema.ToolChoice.OrNull())
    {
        IsCopied = true,
        Needs = Tools,
        HasEffect = static (_, value) => !value.SequenceEqual("\"auto\""u8),
    });
    public static readonly ResponsesMember ParallelToolCalls = Add(new("parallel_tool_calls", MemberAudience.Provider, Shapes.Flag.OrNull())
    {
        IsCopied = true,
        Needs = Tools,
        HasEffect = static (_, value) => !CheckedValues.Flag(value),
    });
    public static readonly ResponsesMember MaxToolCalls = Add(new(RouterRequestMembers.MaxToolCalls) { IsCopied = true });

    // Caches, tiers, names.
    public static readonly ResponsesMember CacheControl = Add(new("cache_control", MemberAudience.Provider, Options.CacheControl.OrNull()));
    public static readonly ResponsesMember PromptCacheKey = Add(new("prompt_cache_key", MemberAudience.Provider, Shapes.Text.OrNull())
    {
        IsCopied = true,
        Note = static (found, value) => found.PromptCacheKey = CheckedValues.Text(value),
    });
    public static readonly ResponsesMember PromptCacheOptions =
        Add(new("prompt_cache_options", MemberAudience.Provider, Shapes.AnyObject.OrNull()) { IsCopied = true });
    public static readonly ResponsesMember ServiceTier = Add(new(RouterRequestMembers.ServiceTier));
    public static readonly ResponsesMember Speed = Add(new(RouterRequestMembers.Speed));
    public static readonly ResponsesMember User = Add(new(RouterRequestMembers.User));
    public static readonly ResponsesMember SafetyIdentifier = Add(new("safety_identifier", MemberAudience.Both, Shapes.Text.OrNull())
    {
        YieldsTo = User.Name,
        Parameter = RequestParameters.User,
        Note = static (found, value) => found.User = CheckedValues.Text(value),
    });
    public static readonly ResponsesMember Metadata = Add(new(RouterRequestMembers.Metadata with { Shape = RouterRequestMembers.Metadata.Shape.OrNull() }));
    public static readonly ResponsesMember Truncation = Add(new("truncation", MemberAudience.Both, new WordShape("auto", "disabled").OrNull())
    {
        IsCopied = true,
        IsUncarried = true,
        HasEffect = static (_, value) => value.SequenceEqual("\"auto\""u8),
    });

    public static readonly ResponsesMember Stream = Add(new("stream", MemberAudience.Both, Shapes.Flag.OrNull())
    {
        Note = static (found, value) => found.Stream = CheckedValues.Flag(value),
    });
    // The router adds no obfuscation.
    public static readonly ResponsesMember StreamOptions = Add(new("stream_options", MemberAudience.Router,
        Shapes.Object(new ObjectMember("include_obfuscation", Shapes.Flag)).OrNull()));

    /// <summary>Stands for every member without a row.</summary>
    public static readonly ResponsesMember Unknown = new("", MemberAudience.Provider, AnyShape.Instance) { IsCopied = true, IsUncarried = true };

    /// <summary>The members by key.</summary>
    public static readonly RequestMemberTable<ResponsesMember> Table = new(Unknown, All);

    private static ResponsesMember Add(ResponsesMember member)
    {
        All.Add(member);
        return member;
    }

    private static ResponsesMember Refused(string name, string reason) =>
        Add(new(name, MemberAudience.Router, new RefusedShape(reason).OrNull()));

    private static ReasoningOptions? ReadReasoning(JsonElement reasoning)
    {
        var options = new ReasoningOptions
        {
            Effort = reasoning.Text("effort"),
            MaxTokens = reasoning.Member("max_tokens")?.GetInt32(),
            Exclude = reasoning.Member("exclude")?.GetBoolean(),
            Enabled = reasoning.Member("enabled")?.GetBoolean(),
            Summary = reasoning.Text("summary") ?? reasoning.Text("generate_summary"),
            Context = reasoning.Text("context"),
            Mode = reasoning.Text("mode"),
        };
        return options == new ReasoningOptions() ? null : options;
    }

    private static void NoteText(ScannedRequest found, ReadOnlySpan<byte> value)
    {
        var text = CheckedValues.Element(value);
        if (text.Member("verbosity") is not null) found.Parameters |= RequestParameters.Verbosity;
        found.Parameters |= text.Member("format")?.Text("type") switch
        {
            "json_schema" => RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs,
            "json_object" => RequestParameters.ResponseFormat,
            _ => RequestParameters.None,
        };
    }

    private static RequestShape Integer(long min, long max = int.MaxValue) => new IntegerShape(min, max).OrNull();

    private static RequestShape Number(double min, double max) => new NumberShape(min, max).OrNull();
}
