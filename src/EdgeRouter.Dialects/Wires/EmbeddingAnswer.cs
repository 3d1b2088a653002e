using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Wires;

/// <summary>A provider's embeddings, one for each input, in the order of the inputs.</summary>
/// <param name="Vectors">The vectors.</param>
public sealed record EmbeddingAnswer(IReadOnlyList<EmbeddingVector> Vectors)
{
    /// <summary>Tokens as reported; null: the provider reported none.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The provider's id of the answer.</summary>
    public string? UpstreamId { get; init; }

    /// <summary>An error in place of the vectors.</summary>
    public UpstreamError? Error { get; init; }
}

/// <summary>A vector in the bytes in which its provider wrote it.</summary>
/// <param name="Bytes">The text of a JSON array of numbers, or base64 of 32-bit floats, the least significant byte first.</param>
/// <param name="IsBase64">Which of the two.</param>
/// <param name="Length">How many numbers it has.</param>
public readonly record struct EmbeddingVector(ReadOnlyMemory<byte> Bytes, bool IsBase64, int Length)
{
    private const int BytesPerNumber = sizeof(float);

    private static readonly SearchValues<byte> Base64Digits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    /// <summary>Reads the value that the reader stands on.</summary>
    /// <exception cref="UpstreamFormatException">It is neither numbers nor base64 of them.</exception>
    internal static EmbeddingVector Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body) => reader.TokenType switch
    {
        JsonTokenType.StartArray => ReadNumbers(ref reader, body),
        JsonTokenType.String => ReadBase64(ref reader, body),
        _ => throw new UpstreamFormatException("An embedding is neither an array of numbers nor base64."),
    };

    private static EmbeddingVector ReadNumbers(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var (start, length) = ((int)reader.TokenStartIndex, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.Number) length++;
        if (reader.TokenType != JsonTokenType.EndArray) throw new UpstreamFormatException("An embedding has something that is no number.");
        return new EmbeddingVector(body[start..(int)reader.BytesConsumed], IsBase64: false, length);
    }

    private static EmbeddingVector ReadBase64(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var text = body.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        if (reader.ValueIsEscaped)
        {
            // Some servers escape every slash.
            var plain = new byte[text.Length];
            text = plain.AsMemory(0, reader.CopyString(plain));
        }
        if (text.Span.ContainsAnyExcept(Base64Digits) || !Base64.IsValid(text.Span, out var bytes) || bytes % BytesPerNumber != 0)
            throw new UpstreamFormatException("An embedding is not base64 of 32-bit floats.");
        return new EmbeddingVector(text, IsBase64: true, bytes / BytesPerNumber);
    }
}
