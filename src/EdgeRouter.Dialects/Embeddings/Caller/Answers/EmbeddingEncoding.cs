using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.Caller.Answers;

/// <summary>Makes base64 of numbers and numbers of base64, for providers that answer in the encoding that was not asked for. Pure.</summary>
internal static class EmbeddingEncoding
{
    /// <summary>Most characters of a 32-bit float, and a comma.</summary>
    private const int MostPerNumber = 24;

    /// <summary>The answer in an encoding; the same where it is in it.</summary>
    /// <exception cref="UpstreamFormatException">A number cannot be expressed in it.</exception>
    public static EmbeddingAnswer Convert(EmbeddingAnswer answer, bool toBase64)
    {
        EmbeddingVector[]? converted = null;
        for (var i = 0; i < answer.Vectors.Count; i++)
        {
            var vector = answer.Vectors[i];
            if (vector.IsBase64 == toBase64) continue;
            converted ??= [.. answer.Vectors];
            converted[i] = vector with { Bytes = toBase64 ? ToBase64(vector) : ToNumbers(vector), IsBase64 = toBase64 };
        }
        return converted is null ? answer : answer with { Vectors = converted };
    }

    private static byte[] ToBase64(EmbeddingVector vector)
    {
        var floats = new byte[vector.Length * sizeof(float)];
        var reader = new Utf8JsonReader(vector.Bytes.Span);
        reader.Read();
        for (var at = 0; reader.Read() && reader.TokenType == JsonTokenType.Number; at += sizeof(float))
        {
            if (!reader.TryGetSingle(out var number) || !float.IsFinite(number)) throw NoFloat();
            BinaryPrimitives.WriteSingleLittleEndian(floats.AsSpan(at), number);
        }
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(floats.Length)];
        Base64.EncodeToUtf8(floats, text, out _, out var written);
        return text[..written];
    }

    private static ReadOnlyMemory<byte> ToNumbers(EmbeddingVector vector)
    {
        var floats = new byte[Base64.GetMaxDecodedFromUtf8Length(vector.Bytes.Length)];
        Base64.DecodeFromUtf8(vector.Bytes.Span, floats, out _, out var length);
        var output = new ArrayBufferWriter<byte>(Math.Max(2, vector.Length * MostPerNumber / 2));
        output.Write("["u8);
        for (var at = 0; at < length; at += sizeof(float))
        {
            var number = BinaryPrimitives.ReadSingleLittleEndian(floats.AsSpan(at));
            if (!float.IsFinite(number)) throw NoFloat();
            if (at > 0) output.Write(","u8);
            // The shortest text that reads back as the same float.
            number.TryFormat(output.GetSpan(MostPerNumber), out var written, provider: CultureInfo.InvariantCulture);
            output.Advance(written);
        }
        output.Write("]"u8);
        return output.WrittenMemory;
    }

    private static UpstreamFormatException NoFloat() => new("An embedding has a number that is no finite 32-bit float.");
}
