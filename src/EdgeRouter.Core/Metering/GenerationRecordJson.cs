using System.Text.Json.Serialization;

namespace EdgeRouter.Core.Metering;

/// <summary>
/// A <see cref="GenerationRecord"/> as compact JSON, for journals and messages: the form in which a record travels until it is written to its table. Members with their default value
/// are left out, unknown members are skipped, so that versions can be mixed.
/// </summary>
public static class GenerationRecordJson
{
    /// <summary>The record as UTF-8 JSON.</summary>
    public static byte[] Encode(GenerationRecord record) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(record, GenerationRecordJsonContext.Default.GenerationRecord);

    /// <summary>Writes the record.</summary>
    public static void Write(GenerationRecord record, System.Text.Json.Utf8JsonWriter writer) => System.Text.Json.JsonSerializer.Serialize(writer, record, GenerationRecordJsonContext.Default.GenerationRecord);

    /// <summary>The record in <paramref name="json"/>.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not a record.</exception>
    public static GenerationRecord Decode(ReadOnlySpan<byte> json) =>
        System.Text.Json.JsonSerializer.Deserialize(json, GenerationRecordJsonContext.Default.GenerationRecord) ?? throw new System.Text.Json.JsonException("Expected a record, found null.");
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, IgnoreReadOnlyProperties = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(GenerationRecord))]
internal sealed partial class GenerationRecordJsonContext : JsonSerializerContext;
