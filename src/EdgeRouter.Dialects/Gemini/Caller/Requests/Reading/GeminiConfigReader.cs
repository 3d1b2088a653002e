using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>Reads a <c>generationConfig</c> whose shape was checked.</summary>
internal sealed class GeminiConfigReader(JsonElement config)
{
    /// <summary>Sampling parameters.</summary>
    public SamplingParameters ReadSampling() => new()
    {
        Temperature = Number(Keys.Temperature),
        TopP = Number(Keys.TopP),
        TopK = config.Whole(Keys.TopK),
        PresencePenalty = Number(Keys.PresencePenalty),
        FrequencyPenalty = Number(Keys.FrequencyPenalty),
        Seed = config.Whole(Keys.Seed),
        Stop = config.Member(Keys.StopSequences) is { } stop && stop.GetArrayLength() > 0 ? stop.Strings() : null,
        Logprobs = config.Member(Keys.ResponseLogprobs)?.GetBoolean(),
        TopLogprobs = config.Whole(Keys.Logprobs),
    };

    /// <summary>The shape of the answer. A schema asks for JSON.</summary>
    public ResponseFormat? ReadFormat()
    {
        if (config.Member(Keys.ResponseJsonSchema) is { } jsonSchema) return Schema(jsonSchema.Clone());
        if (config.Member(Keys.ResponseSchema) is { } schema) return Schema(GeminiSchemaReader.ToJsonSchema(schema, isOutput: true));
        return config.Text(Keys.ResponseMimeType) == "application/json" ? new ResponseFormat { Kind = ResponseFormatKind.JsonObject } : null;
    }

    /// <summary>Output modalities, in lower case; null: text alone, or not given.</summary>
    public IReadOnlyList<string>? ReadModalities()
    {
        if (config.Member(Keys.ResponseModalities) is not { } given) return null;
        var modalities = new List<string>(given.GetArrayLength());
        foreach (var modality in given.EnumerateArray())
            if (modality.GetString()!.ToLowerInvariant() is var word and not "modality_unspecified") modalities.Add(word);
        return modalities.Count == 0 || modalities.TrueForAll(word => word == "text") ? null : modalities;
    }

    /// <summary>Options of speech and of images, in the words of the content model.</summary>
    public Dictionary<string, JsonElement> ReadExtensions()
    {
        var extensions = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var voice = config.Member(Keys.SpeechConfig)?.Member(Keys.VoiceConfig)?.Member(Keys.PrebuiltVoiceConfig)?.Text(Keys.VoiceName);
        // Google always answers with 16-bit PCM.
        if (voice is not null) Add(extensions, "audio", ("voice", voice), ("format", "pcm16"));
        if (config.Member(Keys.ImageConfig) is { } image)
            Add(extensions, "image_config", ("aspect_ratio", image.Text(Keys.AspectRatio)), ("image_size", image.Text(Keys.ImageSize)));
        return extensions;
    }

    private static ResponseFormat Schema(JsonElement schema) => new() { Kind = ResponseFormatKind.JsonSchema, Name = "answer", Schema = schema };

    private static void Add(Dictionary<string, JsonElement> extensions, string name, params (string Name, string? Value)[] members)
    {
        var given = members.Where(member => member.Value is not null).ToDictionary(member => member.Name, member => member.Value!, StringComparer.Ordinal);
        if (given.Count > 0) extensions[name] = JsonSerializer.SerializeToElement(given);
    }

    private double? Number(GeminiName name) => config.Member(name)?.GetDouble();
}
