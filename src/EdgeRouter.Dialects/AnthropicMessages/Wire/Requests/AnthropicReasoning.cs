using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>
/// How much the model thinks, and the <c>max_tokens</c> that goes with it. There are two generations of models: older ones take a budget of thinking tokens,
/// newer ones decide themselves (adaptive) within an effort and refuse a budget.
/// </summary>
internal sealed class AnthropicReasoning
{
    /// <summary>Sent as <c>max_tokens</c>, which this wire requires, when neither the request nor the endpoint sets it.</summary>
    public const int DefaultMaxTokens = 4096;

    private string? type;
    private int budget;
    private bool hidden;

    /// <summary>Most tokens of the answer, thinking included.</summary>
    public int MaxTokens { get; private init; }

    /// <summary>For <c>output_config.effort</c>; null: the reasoning options do not set it.</summary>
    public string? Effort { get; private set; }

    /// <summary>Whether thinking is asked for, which restricts sampling and tool_choice.</summary>
    public bool Thinks => type is "enabled" or "adaptive";

    /// <summary>Whether there is nothing to write.</summary>
    public bool AsksNothing => type is null;

    public static AnthropicReasoning Plan(AnthropicRequestScope scope, AnthropicConversation conversation)
    {
        var request = scope.Request;
        var limit = scope.Target.Endpoint.MaxCompletionTokens;
        var maxTokens = request.MaxOutputTokens ?? limit ?? DefaultMaxTokens;
        var silent = new AnthropicReasoning { MaxTokens = maxTokens };
        if (request.Reasoning is not { } options || !AsksAnything(options) || !scope.Takes(RequestParameters.Reasoning)) return silent;
        if (options.Summary is not null) scope.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Summary));
        if (options.Enabled == false || options.Effort == "none") return new AnthropicReasoning { MaxTokens = maxTokens, type = "disabled" };
        if (conversation.HasPrefill)
        {
            scope.Drop(RequestParameters.Reasoning); // the API refuses thinking together with a prefill
            return silent;
        }
        if (TakesEffortOnly(scope.Target))
        {
            var effort = AnthropicEffort.Nearest(options, maxTokens);
            return new AnthropicReasoning { MaxTokens = maxTokens, type = "adaptive", Effort = effort, hidden = options.Exclude == true };
        }
        if (conversation.ContinuesWithoutThought)
        {
            // Clients of OpenAI's API return no reasoning. Without this, their second turn with a tool would always be refused.
            scope.Drop(RequestParameters.Reasoning);
            return silent;
        }
        var asked = options.MaxTokens ?? AnthropicEffort.ToBudget(options.Effort, maxTokens);
        if (!AnthropicThinkingBudget.TryFit(asked, request.MaxOutputTokens, maxTokens, limit, out var fit))
        {
            scope.Drop(RequestParameters.Reasoning);
            return silent;
        }
        if (fit.MaxTokens != maxTokens) scope.Drop(RequestParameters.MaxTokens);
        if (options.MaxTokens is not null && fit.Budget != asked) scope.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Budget));
        return new AnthropicReasoning { MaxTokens = fit.MaxTokens, type = "enabled", budget = fit.Budget };
    }

    public void Write(Utf8JsonWriter writer)
    {
        if (type is null) return;
        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, type);
        if (type == "enabled") writer.WriteNumber("budget_tokens"u8, budget);
        // adaptive models leave the text out unless asked
        if (type == "adaptive") writer.WriteString("display"u8, hidden ? "omitted"u8 : "summarized"u8);
        writer.WriteEndObject();
    }

    /// <summary>Whether the options ask for anything but how to show reasoning (exclude), which the router does itself.</summary>
    private static bool AsksAnything(ReasoningOptions options) => options.Enabled is not null || options.Effort is not null || options.MaxTokens is not null;

    /// <summary>
    /// Whether the endpoint refuses a budget. Catalogs do not say so, but the models of this wire that do are exactly those that reason and take no
    /// temperature (Opus 4.7 and later).
    /// </summary>
    public static bool TakesEffortOnly(WireTarget target) =>
        (target.Endpoint.SupportedParameters & (RequestParameters.Reasoning | RequestParameters.Temperature)) == RequestParameters.Reasoning;
}
