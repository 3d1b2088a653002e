using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire.Answers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Embeddings;

/// <summary>
/// Reads a <c>BatchEmbedContentsResponse</c>: vectors in the order of the inputs, and for some models the tokens. Unknown members are skipped.
/// </summary>
internal static class GeminiEmbeddingsReader
{
    /// <exception cref="UpstreamFormatException">It is not one.</exception>
    public static EmbeddingAnswer Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw new UpstreamFormatException("The JSON is not UTF-8.");
        try
        {
            return ReadMembers(body);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("The answer is not JSON.", malformed);
        }
    }

    private static EmbeddingAnswer ReadMembers(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        List<EmbeddingVector>? vectors = null;
        TokenUsage? usage = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("The answer is not a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("embeddings"u8)) vectors = ReadVectors(ref reader, body);
            else if (reader.ValueTextEquals("usageMetadata"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject) usage = GeminiUsageReader.Read(JsonElement.ParseValue(ref reader));
                else reader.Skip();
            }
            else Skip(ref reader);
        }
        reader.Read();
        return new EmbeddingAnswer(vectors ?? throw new UpstreamFormatException("The answer has no embeddings.")) { Usage = usage };
    }

    private static List<EmbeddingVector> ReadVectors(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var vectors = new List<EmbeddingVector>();
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) throw new UpstreamFormatException("The embeddings are not an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("An embedding is not an object.");
            // One without values has no numbers: the check of the lengths finds it.
            EmbeddingVector vector = new("[]"u8.ToArray(), IsBase64: false, 0);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("values"u8))
                {
                    reader.Read();
                    vector = EmbeddingVector.Read(ref reader, body);
                }
                else Skip(ref reader);
            }
            vectors.Add(vector);
        }
        return vectors;
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
