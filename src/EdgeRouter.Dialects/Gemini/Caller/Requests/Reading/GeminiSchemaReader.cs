using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>
/// Turns a schema as Google has it (a subset of OpenAPI's) into JSON Schema: types in lower case, <c>nullable</c> as a type, numbers that are written as
/// strings as numbers. What is JSON Schema already stays as it is.
/// </summary>
internal readonly struct GeminiSchemaReader
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter json;
    private readonly bool isOutput;

    private GeminiSchemaReader(Utf8JsonWriter json, bool isOutput)
    {
        this.json = json;
        this.isOutput = isOutput;
    }

    /// <summary>The JSON Schema.</summary>
    /// <param name="schema">Google's.</param>
    /// <param name="isOutput">Whether it is that of an answer: Google's models then write declared properties only, which other providers are told.</param>
    public static JsonElement ToJsonSchema(JsonElement schema, bool isOutput)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Options)) new GeminiSchemaReader(writer, isOutput).Write(schema);
        return JsonElement.Parse(output.WrittenSpan);
    }

    private void Write(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            // Also true and false, which are schemas.
            Copy(schema);
            return;
        }
        json.WriteStartObject();
        var isNullable = schema.TryGetProperty("nullable"u8, out var nullable) && nullable.ValueKind == JsonValueKind.True;
        foreach (var member in schema.EnumerateObject()) Write(member, isNullable);
        if (isOutput && schema.TryGetProperty("properties"u8, out _) && !schema.TryGetProperty("additionalProperties"u8, out _)
            && !schema.TryGetProperty("additional_properties"u8, out _))
            json.WriteBoolean("additionalProperties"u8, false);
        json.WriteEndObject();
    }

    private void Write(JsonProperty member, bool isNullable)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "type": WriteType(value, isNullable); break;
            case "nullable" when value.ValueKind is JsonValueKind.True or JsonValueKind.False: break;
            case "format" when value.ValueKind == JsonValueKind.String && value.ValueEquals("enum"): break;
            case "propertyOrdering" or "property_ordering": break; // how Google's models order what they write
            case "enum" when isNullable && value.ValueKind == JsonValueKind.Array: WriteNullableEnum(value); break;
            case "properties" when value.ValueKind == JsonValueKind.Object: WriteMap("properties", value); break;
            case "$defs" or "defs" when value.ValueKind == JsonValueKind.Object: WriteMap("$defs", value); break;
            case "anyOf" or "any_of" when value.ValueKind == JsonValueKind.Array: WriteChoices(value, isNullable); break;
            case "items": WriteSchema("items", value); break;
            case "additionalProperties" or "additional_properties": WriteSchema("additionalProperties", value); break;
            case "minItems" or "min_items": WriteNumber("minItems", value); break;
            case "maxItems" or "max_items": WriteNumber("maxItems", value); break;
            case "minLength" or "min_length": WriteNumber("minLength", value); break;
            case "maxLength" or "max_length": WriteNumber("maxLength", value); break;
            case "minProperties" or "min_properties": WriteNumber("minProperties", value); break;
            case "maxProperties" or "max_properties": WriteNumber("maxProperties", value); break;
            default:
                json.WritePropertyName(member.Name);
                Copy(value);
                break;
        }
    }

    private void WriteType(JsonElement type, bool isNullable)
    {
        if (type.ValueKind != JsonValueKind.String)
        {
            json.WritePropertyName("type"u8);
            Copy(type);
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

    private void WriteSchema(string name, JsonElement schema)
    {
        json.WritePropertyName(name);
        Write(schema);
    }

    private void WriteMap(string name, JsonElement schemas)
    {
        json.WriteStartObject(name);
        foreach (var schema in schemas.EnumerateObject()) WriteSchema(schema.Name, schema.Value);
        json.WriteEndObject();
    }

    private void WriteNullableEnum(JsonElement words)
    {
        json.WriteStartArray("enum"u8);
        foreach (var word in words.EnumerateArray()) Copy(word);
        json.WriteNullValue();
        json.WriteEndArray();
    }

    private void WriteChoices(JsonElement schemas, bool isNullable)
    {
        json.WriteStartArray("anyOf"u8);
        foreach (var schema in schemas.EnumerateArray()) Write(schema);
        if (isNullable)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "null"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteNumber(string name, JsonElement value)
    {
        json.WritePropertyName(name);
        if (value.ValueKind == JsonValueKind.String
            && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            json.WriteNumberValue(number);
        else Copy(value);
    }

    private void Copy(JsonElement value) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
