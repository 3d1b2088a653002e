using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>
/// Writes <c>thinkingConfig</c>: levels from Gemini 3 on, token budgets before. Reasoning without an amount leaves the amount to the provider and shows
/// the thoughts.
/// </summary>
internal static class GeminiThinkingWriter
{
    /// <summary>Output limit that an effort is a share of when neither the request nor the endpoint names one.</summary>
    private const int DefaultOutputTokens = 8192;

    public static void Write(Utf8JsonWriter json, ReasoningOptions reasoning, int? maxOutputTokens, Endpoint endpoint)
    {
        json.WriteStartObject("thinkingConfig"u8);
        if (reasoning.Effort == "none" || reasoning is { Effort: null, Enabled: false })
        {
            // Without thoughts there is nothing to include, and asking for them is an error.
            json.WriteNumber("thinkingBudget"u8, 0);
        }
        else
        {
            WriteAmount(json, reasoning, maxOutputTokens, endpoint);
            json.WriteBoolean("includeThoughts"u8, reasoning.Exclude != true);
        }
        json.WriteEndObject();
    }

    private static void WriteAmount(Utf8JsonWriter json, ReasoningOptions reasoning, int? maxOutputTokens, Endpoint endpoint)
    {
        var effort = reasoning.Effort ?? (reasoning.Enabled == true ? "medium" : null);
        if (reasoning.MaxTokens is { } budget)
        {
            // Gemini 3 takes a budget too (and turns it into a level); level and budget together are an error.
            json.WriteNumber("thinkingBudget"u8, budget);
        }
        else if (effort is not null && GeminiModels.IsThirdGenerationOrLater(endpoint.UpstreamModel))
        {
            json.WriteString("thinkingLevel"u8, effort is "xhigh" or "max" ? "high" : effort);
        }
        else if (effort is not null)
        {
            var (least, most) = GeminiModels.ThinkingBudget(endpoint.UpstreamModel);
            var limit = maxOutputTokens ?? endpoint.MaxCompletionTokens ?? DefaultOutputTokens;
            json.WriteNumber("thinkingBudget"u8, Math.Clamp((int)(limit * Share(effort)), least, most));
        }
    }

    private static double Share(string effort) => effort switch
    {
        "max" or "xhigh" => 0.95,
        "high" => 0.8,
        "medium" => 0.5,
        "low" => 0.2,
        _ => 0.1,
    };
}
