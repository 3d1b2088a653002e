using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>Turns a candidate's <c>logprobsResult</c> into the OpenAI shape.</summary>
internal static class GeminiLogprobsReader
{
    /// <summary>What OpenAI writes for a token too unlikely to have a number.</summary>
    private const double Unlikely = -9999;

    /// <summary>Reads them; null: there are none.</summary>
    public static JsonElement? Read(JsonElement candidate)
    {
        if (!candidate.TryGetObject("logprobsResult"u8, out var result) || !result.TryGetArray("chosenCandidates"u8, out var chosen)
            || chosen.GetArrayLength() == 0)
            return null;
        var hasTop = result.TryGetArray("topCandidates"u8, out var top);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("content"u8);
            var i = 0;
            foreach (var token in chosen.EnumerateArray())
            {
                json.WriteStartObject();
                WriteToken(json, token);
                json.WriteStartArray("top_logprobs"u8);
                if (hasTop && i < top.GetArrayLength()) WriteAlternatives(json, top[i]);
                json.WriteEndArray();
                json.WriteEndObject();
                i++;
            }
            json.WriteEndArray();
            json.WriteNull("refusal"u8);
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void WriteAlternatives(Utf8JsonWriter json, JsonElement position)
    {
        if (position.ValueKind != JsonValueKind.Object || !position.TryGetArray("candidates"u8, out var alternatives)) return;
        foreach (var alternative in alternatives.EnumerateArray())
        {
            json.WriteStartObject();
            WriteToken(json, alternative);
            json.WriteEndObject();
        }
    }

    private static void WriteToken(Utf8JsonWriter json, JsonElement token)
    {
        if (token.ValueKind != JsonValueKind.Object) throw new UpstreamFormatException($"A log probability is {token.ValueKind}, expected Object.");
        var text = token.GetText("token"u8) ?? "";
        json.WriteString("token"u8, text);
        json.WriteNumber("logprob"u8, ReadLogprob(token));
        json.WriteStartArray("bytes"u8);
        foreach (var octet in Encoding.UTF8.GetBytes(text)) json.WriteNumberValue(octet);
        json.WriteEndArray();
    }

    // The provider leaves zeros out, and spells minus infinity as a string.
    private static double ReadLogprob(JsonElement token)
    {
        if (!token.TryGetProperty("logProbability"u8, out var value)) return 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : Unlikely;
    }
}
