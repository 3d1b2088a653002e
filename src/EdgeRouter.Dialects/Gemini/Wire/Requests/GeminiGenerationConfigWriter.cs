using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Writes <c>generationConfig</c>; nothing at all when the request asks for nothing of it.</summary>
internal sealed class GeminiGenerationConfigWriter(Utf8JsonWriter json, WireTarget target, GeminiRequestScope scope)
{
    private bool open;

    public void Write(ChatRequest request)
    {
        WriteSampling(request.Sampling);
        if (request.MaxOutputTokens is { } most && scope.Takes(RequestParameters.MaxTokens)) Open().WriteNumber("maxOutputTokens"u8, most);
        if (request.ChoiceCount is > 1 and var count && scope.Takes(RequestParameters.ChoiceCount)) Open().WriteNumber("candidateCount"u8, count);
        WriteFormat(request);
        if (request.Reasoning is { } reasoning && scope.Takes(RequestParameters.Reasoning))
            GeminiThinkingWriter.Write(Open(), reasoning, request.MaxOutputTokens, target.Endpoint);
        WriteModalities(request.Modalities);
        if (request.Extensions.TryGetValue("audio", out var audio) && scope.Takes(RequestParameters.Audio)) WriteSpeech(audio);
        if (request.Extensions.TryGetValue("image_config", out var image) && scope.Takes(RequestParameters.ImageConfig)) WriteImage(image);
        if (open) json.WriteEndObject();
    }

    private Utf8JsonWriter Open()
    {
        if (!open) json.WriteStartObject("generationConfig"u8);
        open = true;
        return json;
    }

    private void WriteSampling(SamplingParameters sampling)
    {
        Number(RequestParameters.Temperature, "temperature"u8, sampling.Temperature);
        Number(RequestParameters.TopP, "topP"u8, sampling.TopP);
        // 0 switches top_k off; the provider refuses it, and does the same when it is absent.
        if (sampling.TopK is > 0 and var topK && scope.Takes(RequestParameters.TopK)) Open().WriteNumber("topK"u8, topK);
        Number(RequestParameters.PresencePenalty, "presencePenalty"u8, sampling.PresencePenalty);
        Number(RequestParameters.FrequencyPenalty, "frequencyPenalty"u8, sampling.FrequencyPenalty);
        if (sampling.Seed is { } seed && scope.Takes(RequestParameters.Seed)) Open().WriteNumber("seed"u8, FoldSeed(seed));
        if (sampling.Stop is { Count: > 0 } stop && scope.Takes(RequestParameters.Stop))
        {
            Open().WriteStartArray("stopSequences"u8);
            foreach (var sequence in stop) json.WriteStringValue(sequence);
            json.WriteEndArray();
        }
        if (sampling.Logprobs is { } logprobs && scope.Takes(RequestParameters.Logprobs)) Open().WriteBoolean("responseLogprobs"u8, logprobs);
        if (sampling.TopLogprobs is > 0 and var top && scope.Takes(RequestParameters.TopLogprobs)) Open().WriteNumber("logprobs"u8, top);
    }

    private void Number(RequestParameters parameter, ReadOnlySpan<byte> wireName, double? value)
    {
        if (value is { } number && scope.Takes(parameter)) Open().WriteNumber(wireName, number);
    }

    // The provider's seed is an int32. Longer ones are folded, so that the same seed stays the same.
    private static int FoldSeed(long seed) => seed is >= int.MinValue and <= int.MaxValue ? (int)seed : unchecked((int)(seed ^ (seed >> 32)));

    private void WriteFormat(ChatRequest request)
    {
        if (request.ResponseFormat is not { } format || format.Kind == ResponseFormatKind.Text) return;
        if (!CanAnswerIn(format.Kind, request.Tools.Count > 0))
        {
            scope.Drop(RequestParameters.ResponseFormat);
            return;
        }
        Open().WriteString("responseMimeType"u8, "application/json"u8);
        if (format is not { Kind: ResponseFormatKind.JsonSchema, Schema: { } schema } || !scope.Takes(RequestParameters.StructuredOutputs))
            return;
        // Takes JSON Schema as it is; "responseSchema" takes only a subset of OpenAPI.
        json.WritePropertyName("responseJsonSchema"u8);
        schema.CopyTo(json);
    }

    private bool CanAnswerIn(ResponseFormatKind kind, bool hasTools)
    {
        // Before Gemini 3 the provider answers 400 to a JSON format beside function declarations, whatever the tool choice.
        if (hasTools && target.Accepts(RequestParameters.Tools) && !GeminiModels.IsThirdGenerationOrLater(target.Model)) return false;
        return kind switch
        {
            ResponseFormatKind.JsonObject => target.Accepts(RequestParameters.ResponseFormat),
            ResponseFormatKind.JsonSchema => target.Accepts(RequestParameters.ResponseFormat) || target.Accepts(RequestParameters.StructuredOutputs),
            _ => false,
        };
    }

    private void WriteModalities(IReadOnlyList<string>? modalities)
    {
        if (modalities is not { Count: > 0 } || !scope.Takes(RequestParameters.Modalities)) return;
        Open().WriteStartArray("responseModalities"u8);
        foreach (var modality in modalities) json.WriteStringValue(modality.ToUpperInvariant());
        json.WriteEndArray();
    }

    private void WriteSpeech(JsonElement audio)
    {
        if (audio.ValueKind != JsonValueKind.Object || !audio.TryGetProperty("voice"u8, out var voice) || voice.ValueKind != JsonValueKind.String)
        {
            scope.Drop(RequestParameters.Audio);
            return;
        }
        // The provider always answers with 16-bit PCM.
        if (audio.TryGetProperty("format"u8, out var format))
            scope.DropIf(format.ValueKind != JsonValueKind.String || !format.ValueEquals("pcm16"u8),
                RequestPlace.OfParameter(RequestParameters.Audio, RequestField.Format));
        Open().WriteStartObject("speechConfig"u8);
        json.WriteStartObject("voiceConfig"u8);
        json.WriteStartObject("prebuiltVoiceConfig"u8);
        json.WritePropertyName("voiceName"u8);
        voice.CopyTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteImage(JsonElement image)
    {
        if (image.ValueKind != JsonValueKind.Object)
        {
            scope.Drop(RequestParameters.ImageConfig);
            return;
        }
        var opened = false;
        foreach (var member in image.EnumerateObject())
        {
            var wireName = member.Name switch { "aspect_ratio" => "aspectRatio", "image_size" => "imageSize", _ => null };
            if (wireName is null || member.Value.ValueKind != JsonValueKind.String)
            {
                scope.Drop(RequestPlace.OfParameter(RequestParameters.ImageConfig, name: member.Name));
                continue;
            }
            if (!opened) Open().WriteStartObject("imageConfig"u8);
            opened = true;
            json.WritePropertyName(wireName);
            member.Value.CopyTo(json);
        }
        if (opened) json.WriteEndObject();
    }
}
