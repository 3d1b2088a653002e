using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.PassThrough;

/// <summary>A piece of text or of a thought, which most events of a stream are, found without making a string.</summary>
/// <param name="Candidate">Number of the candidate.</param>
/// <param name="IsThought">Whether it is a thought.</param>
/// <param name="Text">Where the text is; not empty.</param>
/// <param name="Usage">Where the usage so far is; not present: the event has none.</param>
internal readonly record struct GeminiCopiedText(int Candidate, bool IsThought, JsonRange Text, JsonRange Usage)
{
    /// <summary>Finds it; null: the event is another one, or has something that must be looked at closely.</summary>
    public static GeminiCopiedText? Find(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            return Read(ref reader) is { Text.HasContent: true } found && IsPlain(found.Text.In(data)) ? found : null;
        }
        catch (JsonException)
        {
            // The slow path says what is wrong with it.
            return null;
        }
    }

    private static GeminiCopiedText? Read(ref Utf8JsonReader reader)
    {
        var (found, usage) = (default(GeminiCopiedText), default(JsonRange));
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("candidates"u8))
            {
                if (found.Text.IsPresent || !ReadOnly(ref reader) || !ReadCandidate(ref reader, ref found)) return null;
                if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) return null;
            }
            else if (reader.ValueTextEquals("usageMetadata"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject || usage.IsPresent) return null;
                usage = JsonRange.OfValue(ref reader, 0);
            }
            else if (reader.ValueTextEquals("modelVersion"u8) || reader.ValueTextEquals("responseId"u8)) reader.Skip();
            else return null;
        }
        reader.Read(); // finds anything after the object
        return found with { Usage = usage };
    }

    private static bool ReadCandidate(ref Utf8JsonReader reader, ref GeminiCopiedText found)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject || !ReadContent(ref reader, ref found)) return false;
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var index)) return false;
                found = found with { Candidate = index };
            }
            else return false;
        }
        return true;
    }

    private static bool ReadContent(ref Utf8JsonReader reader, ref GeminiCopiedText found)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("parts"u8))
            {
                if (found.Text.IsPresent || !ReadOnly(ref reader) || !ReadPart(ref reader, ref found)) return false;
                if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) return false;
            }
            else if (reader.ValueTextEquals("role"u8)) reader.Skip();
            else return false;
        }
        return true;
    }

    private static bool ReadPart(ref Utf8JsonReader reader, ref GeminiCopiedText found)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || found.Text.IsPresent) return false;
                found = found with { Text = JsonRange.OfString(ref reader, 0) };
            }
            else if (reader.ValueTextEquals("thought"u8))
            {
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return false;
                found = found with { IsThought = reader.TokenType == JsonTokenType.True };
            }
            else return false;
        }
        return true;
    }

    /// <summary>Goes into the first object of an array.</summary>
    private static bool ReadOnly(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.StartObject;

    /// <summary>Whether it is proven to be text: an escape of a code unit could be half of a character.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> raw) => raw.IndexOf("\\u"u8) < 0 && Utf8.IsValid(raw);
}
