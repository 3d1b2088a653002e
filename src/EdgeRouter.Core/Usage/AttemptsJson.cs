using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// The attempts of a record as a JSON array, as in the record's row and in its JSON. Written without the serializer, which allocates more than it
/// writes.
/// </summary>
internal static class AttemptsJson
{
    /// <summary>No browser reads it, so only what JSON itself requires is escaped.</summary>
    public static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Reading = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? scratch;

    public static byte[] Encode(IReadOnlyList<AttemptRecord> attempts)
    {
        var (buffer, writer) = scratch ??= Create();
        buffer.ResetWrittenCount();
        writer.Reset();
        Write(attempts, writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static AttemptRecord[] Decode(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<AttemptRecord[]>(json, Reading) ?? [];

    public static void Write(IReadOnlyList<AttemptRecord> attempts, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        for (var i = 0; i < attempts.Count; i++) Write(attempts[i], writer);
        writer.WriteEndArray();
    }

    /// <summary>A number; those that JSON does not have are written by name.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumber(name, value);
        else writer.WriteString(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public static void WriteMoney(Utf8JsonWriter writer, string name, NanoDollars amount)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber(nameof(amount.Value), amount.Value);
        writer.WriteEndObject();
    }

    private static void Write(AttemptRecord attempt, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString(nameof(attempt.EndpointId), attempt.EndpointId);
        writer.WriteString(nameof(attempt.ProviderName), attempt.ProviderName);
        writer.WriteString(nameof(attempt.Model), attempt.Model);
        if (attempt.Status is { } status) writer.WriteNumber(nameof(attempt.Status), status);
        writer.WriteString(nameof(attempt.Outcome), attempt.Outcome);
        WriteNumber(writer, nameof(attempt.LatencyMs), attempt.LatencyMs);
        WriteMoney(writer, nameof(attempt.Cost), attempt.Cost);
        if (attempt.PromptTokens is { } prompt) writer.WriteNumber(nameof(attempt.PromptTokens), prompt);
        if (attempt.CompletionTokens is { } completion) writer.WriteNumber(nameof(attempt.CompletionTokens), completion);
        if (attempt.UsageSource is { } source) writer.WriteNumber(nameof(attempt.UsageSource), (int)source);
        writer.WriteEndObject();
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) Create()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        return (buffer, new Utf8JsonWriter(buffer, Relaxed));
    }
}
