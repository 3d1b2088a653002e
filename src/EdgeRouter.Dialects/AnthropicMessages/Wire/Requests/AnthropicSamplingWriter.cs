using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Writes temperature, top_p, top_k and stop_sequences where the API takes their values. Other values are dropped and named, not clamped.</summary>
internal static class AnthropicSamplingWriter
{
    private const double MaxTemperature = 1;
    private const double MinTopPWithThinking = 0.95;

    public static void Write(Utf8JsonWriter writer, AnthropicRequestScope scope, bool thinks)
    {
        var sampling = scope.Request.Sampling;
        WriteTemperature(writer, scope, sampling, thinks);
        WriteTopP(writer, scope, sampling, thinks);
        if (sampling.TopK is > 0 and var topK && scope.Takes(RequestParameters.TopK))
        {
            if (thinks) scope.Drop(RequestParameters.TopK);
            else writer.WriteNumber("top_k"u8, topK);
        }
        if (sampling.Stop is { Count: > 0 } stop && scope.Takes(RequestParameters.Stop)) WriteStop(writer, scope, stop);
    }

    private static void WriteTemperature(Utf8JsonWriter writer, AnthropicRequestScope scope, SamplingParameters sampling, bool thinks)
    {
        if (sampling.Temperature is not { } temperature || !scope.Takes(RequestParameters.Temperature)) return;
        // 1 is the API's default, and the only temperature that it takes with thinking
        if (temperature > MaxTemperature || (thinks && temperature < MaxTemperature)) scope.Drop(RequestParameters.Temperature);
        else writer.WriteNumber("temperature"u8, temperature);
    }

    private static void WriteTopP(Utf8JsonWriter writer, AnthropicRequestScope scope, SamplingParameters sampling, bool thinks)
    {
        if (sampling.TopP is not { } topP) return;
        // 1 cuts nothing off. Many clients send it by habit beside a temperature, and newer models refuse the two together.
        if (topP >= 1 && sampling.Temperature is not null) return;
        if (!scope.Takes(RequestParameters.TopP)) return;
        if (thinks && topP < MinTopPWithThinking) scope.Drop(RequestParameters.TopP);
        else writer.WriteNumber("top_p"u8, topP);
    }

    private static void WriteStop(Utf8JsonWriter writer, AnthropicRequestScope scope, IReadOnlyList<string> stop)
    {
        var started = false;
        foreach (var sequence in stop)
        {
            if (string.IsNullOrWhiteSpace(sequence))
            {
                scope.Drop(RequestParameters.Stop); // the API refuses sequences of whitespace only
                continue;
            }
            if (!started) writer.WriteStartArray("stop_sequences"u8);
            started = true;
            writer.WriteStringValue(sequence);
        }
        if (started) writer.WriteEndArray();
    }
}
