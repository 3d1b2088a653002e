using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Requests;

/// <summary>
/// What the model's family takes in members of its own, <c>additionalModelRequestFields</c>: top_k and reasoning. Where the family is not known, they are
/// dropped and named.
/// </summary>
internal sealed class ConverseModelOptions
{
    private ConverseFamily family;
    private AnthropicReasoning? claude;
    private string? modelEffort;
    private int? topK;

    /// <summary>Most tokens of the answer; null: not sent.</summary>
    public int? MaxTokens { get; private set; }

    /// <summary>Whether thinking is asked for, which restricts sampling and the choice of a tool.</summary>
    public bool Thinks => claude?.Thinks == true;

    /// <summary>For <c>outputConfig.effort</c>; null: not sent.</summary>
    public string? Effort => claude?.Effort;

    public static ConverseModelOptions Plan(AnthropicRequestScope scope, AnthropicConversation conversation)
    {
        var options = new ConverseModelOptions { family = ConverseModels.FamilyOf(scope.Target), MaxTokens = scope.Request.MaxOutputTokens };
        if (options.family != ConverseFamily.Claude) options.modelEffort = EffortOf(scope, options.family);
        else
        {
            options.claude = AnthropicReasoning.Plan(scope, conversation);
            options.MaxTokens = options.claude.MaxTokens;
        }
        options.topK = TopK(scope, options);
        return options;
    }

    public void Write(Utf8JsonWriter writer)
    {
        if (topK is null && modelEffort is null && claude?.AsksNothing != false) return;
        writer.WriteStartObject("additionalModelRequestFields"u8);
        claude?.Write(writer);
        if (topK is { } most) WriteTopK(writer, most);
        if (modelEffort is not null) WriteEffort(writer, modelEffort);
        writer.WriteEndObject();
    }

    private void WriteTopK(Utf8JsonWriter writer, int most)
    {
        if (family != ConverseFamily.Nova)
        {
            writer.WriteNumber("top_k"u8, most);
            return;
        }
        writer.WriteStartObject("inferenceConfig"u8);
        writer.WriteNumber("topK"u8, most);
        writer.WriteEndObject();
    }

    private void WriteEffort(Utf8JsonWriter writer, string effort)
    {
        if (family == ConverseFamily.GptOss)
        {
            writer.WriteString("reasoning_effort"u8, effort);
            return;
        }
        writer.WriteStartObject("reasoningConfig"u8);
        writer.WriteString("type"u8, "enabled"u8);
        writer.WriteString("maxReasoningEffort"u8, effort);
        writer.WriteEndObject();
    }

    private static int? TopK(AnthropicRequestScope scope, ConverseModelOptions options)
    {
        if (scope.Request.Sampling.TopK is not > 0 || !scope.Takes(RequestParameters.TopK)) return null;
        if (!options.Thinks && options.family is ConverseFamily.Claude or ConverseFamily.Nova) return scope.Request.Sampling.TopK;
        scope.Drop(RequestParameters.TopK);
        return null;
    }

    /// <summary>Low, medium or high: these families have no other, and no budget. Null: reasoning is not asked for, or there is no member for it.</summary>
    private static string? EffortOf(AnthropicRequestScope scope, ConverseFamily family)
    {
        if (scope.Request.Reasoning is not { } options || options is { Enabled: null, Effort: null, MaxTokens: null }) return null;
        if (!scope.Takes(RequestParameters.Reasoning)) return null;
        if (family == ConverseFamily.Other)
        {
            scope.Drop(RequestParameters.Reasoning);
            return null;
        }
        if (options.Enabled == false || options.Effort == "none")
        {
            // These models reason unless they are not asked to; those that always do cannot be told not to.
            if (family == ConverseFamily.GptOss) scope.Drop(RequestParameters.Reasoning);
            return null;
        }
        if (options.MaxTokens is not null) scope.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Budget));
        return options.Effort switch { "minimal" or "low" => "low", "high" or "xhigh" or "max" => "high", _ => "medium" };
    }
}
