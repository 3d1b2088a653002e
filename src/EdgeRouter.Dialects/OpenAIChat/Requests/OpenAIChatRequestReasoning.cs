using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>Merges the three spellings of reasoning options, and writes them in the provider's spelling.</summary>
internal static class OpenAIChatRequestReasoning
{
    // Share of the output budget that each effort may spend on reasoning, ascending.
    private static readonly (double Ratio, string Effort)[] Ratios = [(0.1, "minimal"), (0.2, "low"), (0.5, "medium"), (0.8, "high"), (0.95, "xhigh")];

    /// <summary>Merges <c>reasoning</c>, <c>reasoning_effort</c> and <c>include_reasoning</c>; null when none is given.</summary>
    /// <exception cref="RouterException">400: they contradict each other.</exception>
    public static ReasoningOptions? Fold(JsonElement? reasoning, string? effort, bool? include)
    {
        if (reasoning is null && effort is null && include is null) return null;
        var ownEffort = reasoning?.Text("effort");
        var maxTokens = reasoning?.Member("max_tokens")?.GetInt32();
        if (effort is not null && ownEffort is not null && !effort.Equals(ownEffort, StringComparison.Ordinal))
            throw Invalid("reasoning_effort", $"expected the same as reasoning.effort, which is '{ownEffort}'");
        effort ??= ownEffort;
        if (effort is not null && maxTokens is not null) throw Invalid("reasoning.max_tokens", "expected either an effort or max_tokens, not both");
        return new ReasoningOptions
        {
            Effort = effort,
            MaxTokens = maxTokens,
            Exclude = reasoning?.Member("exclude")?.GetBoolean() ?? (include == false ? true : null),
            Enabled = reasoning?.Member("enabled")?.GetBoolean(),
            Summary = reasoning?.Text("summary"),
            Context = reasoning?.Text("context"),
            Mode = reasoning?.Text("mode"),
        };
    }

    /// <summary>
    /// Decides how the options are sent: as OpenRouter's object where the provider's renames map <c>reasoning</c> to itself, else as an effort. A budget then
    /// becomes the effort whose share of <paramref name="maxOutputTokens"/> is nearest. What cannot be expressed is added to
    /// <paramref name="dropped"/>.
    /// </summary>
    /// <param name="reasoning">The options; null: none.</param>
    /// <param name="maxOutputTokens">Bound on output tokens; null: none given.</param>
    /// <param name="target">Where the request goes.</param>
    /// <param name="dropped">Receives the names of what is not sent.</param>
    /// <param name="effort">The effort to send; null: none.</param>
    /// <returns>Whether to send the object instead.</returns>
    private static bool IsSentAsObject(ReasoningOptions? reasoning, int? maxOutputTokens, WireTarget target, ICollection<string> dropped, out string? effort)
    {
        effort = null;
        if (reasoning is null) return false;
        if (!target.Accepts(RequestParameters.Reasoning))
        {
            if (AsksProvider(reasoning)) target.Drop(RequestParameters.Reasoning, dropped);
            return false;
        }
        if (string.Equals(target.OptInNameOf("reasoning"), "reasoning", StringComparison.Ordinal)) return true;
        effort = ToEffort(reasoning, maxOutputTokens, target, dropped);
        return false;
    }

    /// <summary>Writes the options for a provider: as an object, as an effort, or not at all.</summary>
    public static void Restate(OpenAIChatMember member, in OpenAIChatRestatedValues values, OpenAIChatMemberOutput body)
    {
        if (IsSentAsObject(values.Reasoning, values.MaxOutputTokens, body.Target, body.Dropped, out var effort))
        {
            body.WriteName(member.Name);
            WriteObject(body.Output, values.Reasoning!);
        }
        else if (effort is not null)
        {
            body.WriteName(body.Target.NameOf(OpenAIChatRequestMembers.ReasoningEffort.Name));
            body.WriteString(effort);
        }
    }

    // As OpenRouter spells it, for providers that know it.
    private static void WriteObject(IBufferWriter<byte> output, ReasoningOptions reasoning)
    {
        using var writer = new Utf8JsonWriter(output, OpenAIChatRequestWriter.JsonOptions);
        writer.WriteStartObject();
        if (reasoning.Effort is not null) writer.WriteString("effort"u8, reasoning.Effort);
        if (reasoning.MaxTokens is { } budget) writer.WriteNumber("max_tokens"u8, budget);
        if (reasoning.Exclude is { } exclude) writer.WriteBoolean("exclude"u8, exclude);
        if (reasoning.Enabled is { } enabled) writer.WriteBoolean("enabled"u8, enabled);
        if (reasoning.Summary is not null) writer.WriteString("summary"u8, reasoning.Summary);
        if (reasoning.Context is not null) writer.WriteString("context"u8, reasoning.Context);
        if (reasoning.Mode is not null) writer.WriteString("mode"u8, reasoning.Mode);
        writer.WriteEndObject();
    }

    // The router itself shows or hides reasoning.
    private static bool AsksProvider(ReasoningOptions reasoning) =>
        (reasoning.Effort ?? reasoning.Summary ?? reasoning.Context ?? reasoning.Mode) is not null || reasoning.MaxTokens is not null
            || reasoning.Enabled is not null;

    private static string? ToEffort(ReasoningOptions reasoning, int? maxOutputTokens, WireTarget target, ICollection<string> dropped)
    {
        if (reasoning.Summary is not null) target.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Summary), dropped);
        if (reasoning.Context is not null) target.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Context), dropped);
        if (reasoning.Mode is not null) target.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Mode), dropped);
        if (reasoning.Enabled == false) return "none";
        if (reasoning.Effort is not null) return reasoning.Effort;
        if (reasoning.MaxTokens is not { } budget) return reasoning.Enabled == true ? "medium" : null;
        if (maxOutputTokens is { } bound) return Nearest((double)budget / bound);
        target.Drop(RequestPlace.OfParameter(RequestParameters.Reasoning, RequestField.Budget), dropped);
        return null;
    }

    private static string Nearest(double ratio)
    {
        var nearest = Ratios[0];
        foreach (var candidate in Ratios)
            if (Math.Abs(candidate.Ratio - ratio) < Math.Abs(nearest.Ratio - ratio)) nearest = candidate;
        return nearest.Effort;
    }

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}
