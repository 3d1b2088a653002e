using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Shapes = EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;

/// <summary>
/// The top-level members of a Messages request, each declared once: Anthropic's, and those of the router as OpenRouter spells them here. A member that is
/// not in the table is unknown, and goes as it is to providers that speak this format.
/// </summary>
internal static class MessagesMembers
{
    // Anthropic's metadata is another one.
    private static readonly List<MessagesMember> All =
    [
        .. RouterRequestMembers.ForRouterOnly.Where(shared => shared != RouterRequestMembers.Metadata).Select(shared => new MessagesMember(shared)),
    ];

    public static readonly MessagesMember Fallbacks = Add(new("fallbacks", MemberAudience.Router, new ArrayShape(
        Shapes.Strict(new ObjectMember("model", new ModelIdShape(), Required: true)), "expected an array of objects with a model", RequestBounds.Fallbacks)
        .OrNull())
    {
        YieldsTo = RouterRequestMembers.Models.Name,
        Note = static (found, value) => found.FallbackModels = ModelsOf(CheckedValues.Element(value)),
    });
    public static readonly MessagesMember Model = Add(new(RouterRequestMembers.Model));
    public static readonly MessagesMember Messages = Add(new("messages", MemberAudience.Both, MessagesTurnSchema.Messages) { IsCopied = true });
    public static readonly MessagesMember System = Add(new("system", MemberAudience.Both, MessagesTurnSchema.System.OrNull()) { IsCopied = true });
    public static readonly MessagesMember MaxTokens = Add(new("max_tokens", MemberAudience.Both, Integer(1))
    {
        Note = static (found, value) => found.MaxOutputTokens = CheckedValues.Integer(value),
    });
    public static readonly MessagesMember Temperature = Add(new("temperature", MemberAudience.Provider, Number(0, 1)));
    public static readonly MessagesMember TopP = Add(new("top_p", MemberAudience.Provider, Number(0, 1)));
    public static readonly MessagesMember TopK = Add(new("top_k", MemberAudience.Provider, Integer(0)));
    public static readonly MessagesMember StopSequences = Add(new("stop_sequences", MemberAudience.Provider,
        new ArrayShape(Shapes.Text, "expected an array of strings", RequestBounds.StopSequences).OrNull())
    {
        Parameter = RequestParameters.Stop,
        HasEffect = static (_, value) => !CheckedValues.IsEmptyArray(value),
    });
    public static readonly MessagesMember Tools = Add(new("tools", MemberAudience.Provider, MessagesToolSchema.Tools.OrNull())
    {
        HasEffect = static (_, value) => !CheckedValues.IsEmptyArray(value),
    });
    public static readonly MessagesMember ToolChoice = Add(new("tool_choice", MemberAudience.Provider, MessagesToolSchema.ToolChoice.OrNull())
    {
        Needs = Tools,
        Note = static (found, value) =>
        {
            if (CheckedValues.Element(value).Member("disable_parallel_tool_use")?.GetBoolean() == true)
                found.Parameters |= RequestParameters.ParallelToolCalls;
        },
    });
    public static readonly MessagesMember Thinking = Add(new("thinking", MemberAudience.Provider, MessagesOptionSchema.Thinking.OrNull())
    {
        Parameter = RequestParameters.Reasoning,
        Note = NoteThinking,
    });
    public static readonly MessagesMember OutputConfig = Add(new("output_config", MemberAudience.Both, MessagesOptionSchema.OutputConfig.OrNull())
    {
        IsCopied = true,
        Note = NoteOutput,
    });
    public static readonly MessagesMember CacheControl = Add(new("cache_control", MemberAudience.Provider, MessagesOptionSchema.CacheControl.OrNull()));
    public static readonly MessagesMember User = Add(new(RouterRequestMembers.User));
    public static readonly MessagesMember Metadata = Add(new("metadata", MemberAudience.Both,
        Shapes.Object(new ObjectMember("user_id", new StringShape(max: 512))).OrNull())
    {
        YieldsTo = RouterRequestMembers.User.Name,
        Note = static (found, value) =>
        {
            found.User = CheckedValues.Element(value).Text("user_id");
            if (found.User is not null) found.Parameters |= RequestParameters.User;
        },
    });
    public static readonly MessagesMember ServiceTier = Add(new("service_tier", MemberAudience.Both, MessagesOptionSchema.ServiceTier.OrNull())
    {
        Note = static (found, value) => found.ServiceTier = TierOf(CheckedValues.Text(value)),
    });
    public static readonly MessagesMember Speed = Add(new(RouterRequestMembers.Speed));
    // What they find out is input that the body does not hold.
    public static readonly MessagesMember Servers = Add(new("mcp_servers", MemberAudience.Provider,
        new ArrayShape(Shapes.AnyObject, "expected an array of servers", RequestBounds.Options).OrNull())
    {
        HasEffect = static (_, value) => !CheckedValues.IsEmptyArray(value),
        Note = static (found, value) =>
        {
            if (!CheckedValues.IsEmptyArray(value)) ((MessagesScan)found).RequireNative("mcp_servers");
        },
    });
    public static readonly MessagesMember Thread = Add(new("thread", MemberAudience.Router,
        new RefusedShape("the router holds no conversations; send all messages, without a thread").OrNull()));
    public static readonly MessagesMember Stream = Add(new("stream", MemberAudience.Both, Shapes.Flag.OrNull())
    {
        Note = static (found, value) => found.Stream = CheckedValues.Flag(value),
    });

    /// <summary>Stands for every member without a row.</summary>
    public static readonly MessagesMember Unknown = new("", MemberAudience.Provider, AnyShape.Instance) { IsUncarried = true };

    /// <summary>The members by key.</summary>
    public static readonly RequestMemberTable<MessagesMember> Table = new(Unknown, All);

    /// <summary>The service tier that a word of this API asks for; null: none.</summary>
    public static string? TierOf(string word) => word == "standard_only" ? "default" : RouterRequestMembers.TierOf(word);

    private static MessagesMember Add(MessagesMember member)
    {
        All.Add(member);
        return member;
    }

    private static void NoteThinking(ScannedRequest found, ReadOnlySpan<byte> value)
    {
        var scan = (MessagesScan)found;
        var thinking = CheckedValues.Element(value);
        scan.Thinking = thinking.Text("type") switch
        {
            "enabled" => MessagesThinking.Enabled,
            "adaptive" => MessagesThinking.Adaptive,
            _ => MessagesThinking.Disabled,
        };
        scan.ReasoningTokens = thinking.Member("budget_tokens")?.GetInt32();
        scan.ExcludeReasoning = thinking.Text("display") == "omitted";
    }

    private static void NoteOutput(ScannedRequest found, ReadOnlySpan<byte> value)
    {
        var scan = (MessagesScan)found;
        var config = CheckedValues.Element(value);
        scan.HasEffort = config.Member("effort") is not null;
        scan.HasFormat = config.Member("format") is not null;
        if (scan.HasFormat) scan.Parameters |= RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs;
        if (config.Member("task_budget") is not null) scan.AddUncarried("output_config.task_budget");
    }

    private static List<string> ModelsOf(JsonElement fallbacks)
    {
        var models = new List<string>(fallbacks.GetArrayLength());
        foreach (var fallback in fallbacks.EnumerateArray()) models.Add(fallback.Text("model")!);
        return models;
    }

    private static RequestShape Integer(long min) => new IntegerShape(min, int.MaxValue).OrNull();

    private static RequestShape Number(double min, double max) => new NumberShape(min, max).OrNull();
}
