using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>
/// Turns a schema as Google has it (a subset of OpenAPI's) into JSON Schema: types in lower case, <c>nullable</c> as a type, numbers that are written as strings
/// as numbers. What is JSON Schema already stays as it is. Stateless and thread-safe.
/// </summary>
internal static class GeminiSchemaReader
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON Schema.</summary>
    public static JsonElement ToJsonSchema(JsonElement schema)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Options)) Write(schema, json);
        return JsonElement.Parse(output.WrittenSpan);
    }

    private static void Write(JsonElement schema, Utf8JsonWriter json)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            // Also true and false, which are schemas.
            Copy(schema, json);
            return;
        }
        json.WriteStartObject();
        var isNullable = schema.TryGetProperty("nullable"u8, out var nullable) && nullable.ValueKind == JsonValueKind.True;
        foreach (var member in schema.EnumerateObject()) Write(member, isNullable, json);
        json.WriteEndObject();
    }

    private static void Write(JsonProperty member, bool isNullable, Utf8JsonWriter json)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "type": WriteType(value, isNullable, json); break;
            case "nullable" when value.ValueKind is JsonValueKind.True or JsonValueKind.False: break;
            case "format" when value.ValueKind == JsonValueKind.String && value.ValueEquals("enum"): break;
            case "propertyOrdering" or "property_ordering": break; // how Google's models order what they write
            case "enum" when isNullable && value.ValueKind == JsonValueKind.Array: WriteNullableEnum(value, json); break;
            case "properties" when value.ValueKind == JsonValueKind.Object: WriteMap("properties", value, json); break;
            case "$defs" or "defs" when value.ValueKind == JsonValueKind.Object: WriteMap("$defs", value, json); break;
            case "anyOf" or "any_of" when value.ValueKind == JsonValueKind.Array: WriteChoices(value, isNullable, json); break;
            case "items": WriteSchema("items", value, json); break;
            case "additionalProperties" or "additional_properties": WriteSchema("additionalProperties", value, json); break;
            case "minItems" or "min_items": WriteNumber("minItems", value, json); break;
            case "maxItems" or "max_items": WriteNumber("maxItems", value, json); break;
            case "minLength" or "min_length": WriteNumber("minLength", value, json); break;
            case "maxLength" or "max_length": WriteNumber("maxLength", value, json); break;
            case "minProperties" or "min_properties": WriteNumber("minProperties", value, json); break;
            case "maxProperties" or "max_properties": WriteNumber("maxProperties", value, json); break;
            default:
                json.WritePropertyName(member.Name);
                Copy(value, json);
                break;
        }
    }

    private static void WriteType(JsonElement type, bool isNullable, Utf8JsonWriter json)
    {
        if (type.ValueKind != JsonValueKind.String)
        {
            json.WritePropertyName("type"u8);
            Copy(type, json);
            return;
        }
        var name = type.GetString()!.ToLowerInvariant();
        if (name == "type_unspecified") return;
        if (!isNullable)
        {
            json.WriteString("type"u8, name);
            return;
        }
        json.WriteStartArray("type"u8);
        json.WriteStringValue(name);
        json.WriteStringValue("null"u8);
        json.WriteEndArray();
    }

    private static void WriteSchema(string name, JsonElement schema, Utf8JsonWriter json)
    {
        json.WritePropertyName(name);
        Write(schema, json);
    }

    private static void WriteMap(string name, JsonElement schemas, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        foreach (var schema in schemas.EnumerateObject()) WriteSchema(schema.Name, schema.Value, json);
        json.WriteEndObject();
    }

    private static void WriteNullableEnum(JsonElement words, Utf8JsonWriter json)
    {
        json.WriteStartArray("enum"u8);
        foreach (var word in words.EnumerateArray()) Copy(word, json);
        json.WriteNullValue();
        json.WriteEndArray();
    }

    private static void WriteChoices(JsonElement schemas, bool isNullable, Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf"u8);
        foreach (var schema in schemas.EnumerateArray()) Write(schema, json);
        if (isNullable)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "null"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteNumber(string name, JsonElement value, Utf8JsonWriter json)
    {
        json.WritePropertyName(name);
        if (value.ValueKind == JsonValueKind.String
            && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            json.WriteNumberValue(number);
        else Copy(value, json);
    }

    private static void Copy(JsonElement value, Utf8JsonWriter json) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
