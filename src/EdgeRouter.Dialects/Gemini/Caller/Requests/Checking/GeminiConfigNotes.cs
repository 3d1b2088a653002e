using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Json;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;

/// <summary>What routing must know of a <c>generationConfig</c> whose shape was checked. Stateless and thread-safe.</summary>
internal static class GeminiConfigNotes
{
    /// <summary>Notes them.</summary>
    public static void Note(GeminiScan scan, JsonElement config)
    {
        scan.MaxOutputTokens = config.Whole(Keys.MaxOutputTokens);
        scan.ChoiceCount = config.Whole(Keys.CandidateCount) ?? 1;
        scan.Parameters |= ParametersOf(config);
        NoteFormat(scan, config);
        NoteModalities(scan, config);
        if (config.Member(Keys.ThinkingConfig) is { } thinking) NoteThinking(scan, thinking);
        foreach (var member in config.EnumerateObject())
            if (!IsKnown(member.Name) && member.Value.ValueKind != JsonValueKind.Null) scan.AddUncarried("generationConfig." + member.Name);
    }

    private static bool IsKnown(string name)
    {
        foreach (var known in GeminiConfigSchema.Members)
            if (name.Equals(known.Name, StringComparison.Ordinal) || name.Equals(known.OtherName, StringComparison.Ordinal)) return true;
        return false;
    }

    private static RequestParameters ParametersOf(JsonElement config)
    {
        var used = RequestParameters.None;
        foreach (var member in GeminiConfigSchema.Members)
        {
            if (member.CutAs is not { } reason) continue;
            var given = config.Member(member.Name) ?? (member.OtherName is { } other ? config.Member(other) : null);
            if (given is { } value && HasEffect(member.Name, value)) used |= GeminiConfigSchema.ParameterOf(reason);
        }
        return used;
    }

    private static bool HasEffect(string name, JsonElement given) => name switch
    {
        "candidateCount" => given.GetDouble() > 1,
        "logprobs" => given.GetDouble() > 0,
        "responseLogprobs" => given.GetBoolean(),
        "stopSequences" => given.GetArrayLength() > 0,
        "responseModalities" => given.EnumerateArray().Any(modality => !"text".Equals(modality.GetString(), StringComparison.OrdinalIgnoreCase)),
        "thinkingConfig" => ThinkingOf(given).AsksAnything,
        _ => true,
    };

    private static void NoteFormat(GeminiScan scan, JsonElement config)
    {
        var (schema, jsonSchema) = (config.Member(Keys.ResponseSchema), config.Member(Keys.ResponseJsonSchema));
        if (schema is not null && jsonSchema is not null)
            throw new RouterException(RouterError.InvalidField("generationConfig.responseJsonSchema", "expected either this or responseSchema"));
        var hasSchema = (schema ?? jsonSchema) is not null;
        scan.HasFormat = hasSchema || config.Text(Keys.ResponseMimeType) == "application/json";
        if (scan.HasFormat) scan.Parameters |= RequestParameters.ResponseFormat;
        if (hasSchema) scan.Parameters |= RequestParameters.StructuredOutputs;
    }

    private static void NoteModalities(GeminiScan scan, JsonElement config)
    {
        if (config.Member(Keys.ResponseModalities) is not { } modalities) return;
        foreach (var modality in modalities.EnumerateArray())
        {
            scan.WantsImageOutput |= "image".Equals(modality.GetString(), StringComparison.OrdinalIgnoreCase);
            scan.WantsAudioOutput |= "audio".Equals(modality.GetString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    private static void NoteThinking(GeminiScan scan, JsonElement config)
    {
        scan.Thinking = ThinkingOf(config);
        if (scan.Thinking.Budget is > 0 and var budget) scan.ReasoningTokens = budget;
    }

    private static GeminiThinking ThinkingOf(JsonElement config)
    {
        var level = config.Text(Keys.ThinkingLevel)?.ToLowerInvariant();
        return new GeminiThinking(config.Whole(Keys.ThinkingBudget), level == "thinking_level_unspecified" ? null : level,
            config.Member(Keys.IncludeThoughts)?.GetBoolean() == true);
    }
}
