using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Requests;

/// <summary>Writes <c>inferenceConfig</c> where the API takes the values. Other values are dropped and named, not clamped.</summary>
internal static class ConverseInferenceWriter
{
    private const double MaxTemperature = 1;
    private const double MinTopPWithThinking = 0.95;

    public static void Write(Utf8JsonWriter writer, AnthropicRequestScope scope, ConverseModelOptions options)
    {
        var sampling = scope.Request.Sampling;
        var temperature = Temperature(scope, sampling, options.Thinks);
        var topP = TopP(scope, sampling, options.Thinks);
        var stop = Stop(scope, sampling.Stop);
        if (options.MaxTokens is null && temperature is null && topP is null && stop is null) return;
        writer.WriteStartObject("inferenceConfig"u8);
        if (options.MaxTokens is { } tokens) writer.WriteNumber("maxTokens"u8, tokens);
        if (temperature is { } degree) writer.WriteNumber("temperature"u8, degree);
        if (topP is { } part) writer.WriteNumber("topP"u8, part);
        if (stop is not null)
        {
            writer.WriteStartArray("stopSequences"u8);
            foreach (var sequence in stop) writer.WriteStringValue(sequence);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static double? Temperature(AnthropicRequestScope scope, SamplingParameters sampling, bool thinks)
    {
        if (sampling.Temperature is not { } temperature || !scope.Takes(RequestParameters.Temperature)) return null;
        // 1 is the only temperature that models take with a budget of thinking.
        if (temperature <= MaxTemperature && !(thinks && temperature < MaxTemperature)) return temperature;
        scope.Drop(RequestParameters.Temperature);
        return null;
    }

    private static double? TopP(AnthropicRequestScope scope, SamplingParameters sampling, bool thinks)
    {
        // 1 cuts nothing off, and newer models refuse it beside a temperature.
        if (sampling.TopP is not { } topP || (topP >= 1 && sampling.Temperature is not null) || !scope.Takes(RequestParameters.TopP)) return null;
        if (!thinks || topP >= MinTopPWithThinking) return topP;
        scope.Drop(RequestParameters.TopP);
        return null;
    }

    private static List<string>? Stop(AnthropicRequestScope scope, IReadOnlyList<string>? stop)
    {
        if (stop is not { Count: > 0 } || !scope.Takes(RequestParameters.Stop)) return null;
        List<string>? kept = null;
        foreach (var sequence in stop)
        {
            // The API refuses sequences of whitespace only.
            if (string.IsNullOrWhiteSpace(sequence)) scope.Drop(RequestParameters.Stop);
            else (kept ??= []).Add(sequence);
        }
        return kept;
    }
}
