using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// Embeddings of the scripted provider: each word of a text adds to a place that depends on the word alone, and the sum is scaled to length 1. The same
/// text always has the same vector, and texts with words in common are near each other. Pure.
/// </summary>
internal static class ScriptedEmbeddings
{
    /// <summary>Length of a vector when none is asked for.</summary>
    public const int DefaultDimensions = 64;

    /// <summary>Largest length of a vector.</summary>
    public const int MaxDimensions = 4096;

    /// <summary>The answer to a body that was checked.</summary>
    public static EmbeddingAnswer Embed(ReadOnlyMemory<byte> body, int? dimensions)
    {
        using var document = JsonDocument.Parse(body);
        var input = document.RootElement.GetProperty("input");
        var isOne = input.ValueKind == JsonValueKind.String || input[0].ValueKind == JsonValueKind.Number;
        var texts = isOne ? [TextOf(input)] : input.EnumerateArray().Select(TextOf).ToList();
        return new EmbeddingAnswer([.. texts.Select(text => Encode(VectorOf(text, dimensions ?? DefaultDimensions)))])
        {
            Usage = new TokenUsage { Input = texts.Sum(ScriptedUsage.TokensOf) },
        };
    }

    /// <summary>A text; of anything else its JSON: token ids are words too.</summary>
    private static string TextOf(JsonElement input) => input.ValueKind == JsonValueKind.String ? input.GetString()! : input.GetRawText();

    /// <summary>The vector of a text, of length 1.</summary>
    public static float[] VectorOf(string text, int dimensions)
    {
        var vector = new float[dimensions];
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i])) continue;
            if (i > start) Add(text[start..i].ToLower(CultureInfo.InvariantCulture), vector);
            start = i + 1;
        }
        var length = MathF.Sqrt(vector.Sum(number => number * number));
        // A text without words, or whose words cancel each other out.
        if (length == 0) return [1, .. new float[dimensions - 1]];
        for (var i = 0; i < dimensions; i++) vector[i] /= length;
        return vector;
    }

    private static void Add(string word, float[] vector)
    {
        var hash = StableHash.Mix(StableHash.Add(StableHash.Start, word.AsSpan()));
        vector[hash % (ulong)vector.Length] += (hash >> 63) == 0 ? 1 : -1;
    }

    private static EmbeddingVector Encode(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes, text, out _, out var written);
        return new EmbeddingVector(text.AsMemory(0, written), IsBase64: true, vector.Length);
    }
}
