using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Requests;

/// <summary>Writes <c>reasoning</c>. The API has an effort and no budget: a budget becomes the effort whose share of the output limit is nearest.</summary>
internal readonly struct OpenAIResponsesReasoningWriter(Utf8JsonWriter json, ChatRequest request, WireTarget target, ICollection<string> dropped)
{
    // Share of the output limit that each effort may spend on reasoning, ascending.
    private static readonly (double Ratio, string Effort)[] Ratios = [(0.1, "minimal"), (0.2, "low"), (0.5, "medium"), (0.8, "high"), (0.95, "xhigh")];

    /// <summary>Writes the member, if anything is asked for.</summary>
    public void Write()
    {
        if (request.Reasoning is not { } reasoning) return;
        var effort = EffortOf(reasoning, out var isBudgetLost);
        var summary = reasoning.Summary;
        var isAsked = (effort ?? summary ?? reasoning.Context ?? reasoning.Mode) is not null || isBudgetLost;
        if (!isAsked) return; // the router itself hides thoughts
        if (!target.Accepts(RequestParameters.Reasoning))
        {
            target.Drop(RequestParameters.Reasoning, dropped);
            return;
        }
        if (isBudgetLost) target.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Budget), dropped);
        if (reasoning.Context is not null) target.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Context), dropped);
        if (reasoning.Mode is not null) target.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Mode), dropped);
        if ((effort ?? summary) is null) return;
        json.WriteStartObject("reasoning"u8);
        if (effort is not null) json.WriteString("effort"u8, effort);
        if (summary is not null) json.WriteString("summary"u8, summary);
        json.WriteEndObject();
    }

    private string? EffortOf(ReasoningOptions reasoning, out bool isBudgetLost)
    {
        isBudgetLost = false;
        if (reasoning.Enabled == false) return "none";
        if (reasoning.Effort is not null) return reasoning.Effort;
        if (reasoning.MaxTokens is not { } budget) return reasoning.Enabled == true ? "medium" : null;
        if (request.MaxOutputTokens is { } bound) return Nearest((double)budget / bound);
        isBudgetLost = true;
        return null;
    }

    private static string Nearest(double ratio)
    {
        var nearest = Ratios[0];
        foreach (var candidate in Ratios)
            if (Math.Abs(candidate.Ratio - ratio) < Math.Abs(nearest.Ratio - ratio)) nearest = candidate;
        return nearest.Effort;
    }
}
