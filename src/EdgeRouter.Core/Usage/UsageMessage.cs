using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Generation records in one message of a queue: <c>{"v":2,"records":[...]}</c>, each as <see cref="GenerationRecordJson"/> has it, so that a newer
/// writer can add members without a new version. Texts are cut as the table cuts them (<see cref="GenerationRecordTable.MaxText"/>), so that any
/// record fits <see cref="MaxRecordBytes"/>. Stateless.
/// </summary>
public static class UsageMessage
{
    /// <summary>Version that is written; no other is read.</summary>
    public const int Version = 2;

    /// <summary>Largest number of records in one message.</summary>
    public const int MaxRecords = 200;

    /// <summary>Largest size in bytes of a message with more than one record.</summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>No record is longer than this, whatever its texts: 19 texts and 8 attempts in which every character must be escaped.</summary>
    public const int MaxRecordBytes = 176 * 1024;

    /// <summary>Bytes of a message without its records and the commas between them.</summary>
    public static readonly int EnvelopeBytes = Head.Length + Tail.Length;

    private static ReadOnlySpan<byte> Head => "{\"v\":2,\"records\":["u8;

    private static ReadOnlySpan<byte> Tail => "]}"u8;

    /// <summary>One record, to be given to <see cref="Pack"/>.</summary>
    public static byte[] EncodeRecord(GenerationRecord record) => GenerationRecordJson.Encode(GenerationRecordBounds.Apply(record));

    /// <summary>A message of records that <see cref="EncodeRecord"/> made. The caller observes <see cref="MaxRecords"/> and <see cref="MaxBytes"/>.</summary>
    public static byte[] Pack(IReadOnlyList<byte[]> records)
    {
        var length = EnvelopeBytes + Math.Max(0, records.Count - 1);
        foreach (var record in records) length += record.Length;
        var message = new byte[length];
        Head.CopyTo(message);
        var position = Head.Length;
        for (var i = 0; i < records.Count; i++)
        {
            if (i > 0) message[position++] = (byte)',';
            records[i].CopyTo(message, position);
            position += records[i].Length;
        }
        Tail.CopyTo(message.AsSpan(position));
        return message;
    }

    /// <summary>
    /// An id that depends on nothing but the content: the same message sent again has the same one, so that the queue can detect it. 64 hexadecimal
    /// digits.
    /// </summary>
    public static string IdOf(ReadOnlySpan<byte> message) => Convert.ToHexStringLower(SHA256.HashData(message));

    /// <summary>Reads a message. False: it cannot be read, and <paramref name="reason"/> says why without quoting it.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, [NotNullWhen(true)] out IReadOnlyList<GenerationRecord>? records,
        [NotNullWhen(false)] out string? reason)
    {
        records = null;
        reason = null;
        try
        {
            var envelope = JsonSerializer.Deserialize(message, GenerationRecordJsonContext.Default.UsageEnvelope);
            if (envelope is null) reason = "The message is null.";
            else if (envelope.Version != Version) reason = IsOfVersion(envelope.Version);
            else if (Array.Exists(envelope.Records, static record => record is null)) reason = "A record is null.";
            else records = envelope.Records!;
        }
        catch (JsonException error)
        {
            // The records of another version may have another form: then the version is the reason.
            reason = TryReadVersion(message, out var version) && version != Version
                ? IsOfVersion(version)
                : GenerationRecordTable.Bounded(
                    $"The message is not of the expected form at {error.Path}, line {error.LineNumber}, byte {error.BytePositionInLine}.");
        }
        return records is not null;
    }

    private static string IsOfVersion(int version) => string.Create(CultureInfo.InvariantCulture, $"The message has version {version}; expected {Version}.");

    /// <summary>Every version begins with its number.</summary>
    private static bool TryReadVersion(ReadOnlySpan<byte> message, out int version)
    {
        version = 0;
        var reader = new Utf8JsonReader(message);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueSpan.SequenceEqual("v"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out version);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>A usage message as it is read. Its members' names are those of the wire.</summary>
internal sealed record UsageEnvelope
{
    [JsonPropertyName("v")]
    public required int Version { get; init; }

    [JsonPropertyName("records")]
    public required GenerationRecord?[] Records { get; init; }
}
