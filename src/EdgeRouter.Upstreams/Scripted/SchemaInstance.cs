using System.Text;
using System.Text.Json;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// Makes a small instance of a JSON Schema: required properties only, first enum value, minimal lengths. Knows type, properties, required, items,
/// enum, const, anyOf, oneOf, allOf, local $ref and the bounds of strings, numbers and arrays; not pattern, not, if and dependencies. Schemas are
/// untrusted input: depth, count and lengths are bounded, and what goes beyond becomes null.
/// </summary>
internal sealed class SchemaInstance
{
    private const int MaxDepth = 32;
    private const int DeepEnough = 6; // from here on optional nesting stops, so that recursive schemas end
    private const int MaxNodes = 2000;
    private const int MaxItems = 100;
    private const int MaxAlternatives = 100;
    private const int MaxBytes = 256 * 1024;

    private readonly JsonElement root;
    private readonly Utf8JsonWriter writer;
    private int nodes;

    private SchemaInstance(JsonElement root, Utf8JsonWriter writer)
    {
        this.root = root;
        this.writer = writer;
    }

    /// <summary>The instance as JSON; of no schema, an empty object.</summary>
    public static string Create(JsonElement? schema)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } root) return "{}";
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) new SchemaInstance(root, json).Write(root, 0);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private bool IsFull => nodes > MaxNodes || writer.BytesPending > MaxBytes;

    private void Write(JsonElement schema, int depth)
    {
        nodes++;
        if (IsFull || depth > MaxDepth || schema.ValueKind != JsonValueKind.Object) writer.WriteNullValue();
        else if (schema.TryGetProperty("const", out var only)) only.WriteTo(writer);
        else if (schema.TryGetProperty("enum", out var values) && Length(values) > 0) values[0].WriteTo(writer);
        else if (schema.TryGetProperty("$ref", out var reference)) Write(SchemaReference.Resolve(root, reference), depth + 1);
        else if (Alternative(schema, depth) is { } chosen) Write(chosen, depth + 1);
        else WriteTyped(schema, depth);
    }

    private void WriteTyped(JsonElement schema, int depth)
    {
        switch (SchemaType.Of(schema))
        {
            case "object": WriteObject(schema, depth); break;
            case "array": WriteArray(schema, depth); break;
            case "integer": writer.WriteNumberValue(SchemaScalars.Integer(schema)); break;
            case "number": writer.WriteNumberValue(SchemaScalars.Number(schema)); break;
            case "boolean": writer.WriteBooleanValue(true); break;
            case "null": writer.WriteNullValue(); break;
            default: writer.WriteStringValue(SchemaScalars.Text(schema)); break;
        }
    }

    private void WriteObject(JsonElement schema, int depth)
    {
        var parts = new List<JsonElement>();
        Collect(schema, parts, depth);
        var written = new HashSet<string>(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach (var name in parts.SelectMany(RequiredNames))
        {
            if (IsFull) break;
            if (!written.Add(name)) continue;
            writer.WritePropertyName(name);
            Write(PropertyOf(parts, name), depth + 1);
        }
        writer.WriteEndObject();
    }

    // An object's own members and those of all its allOf parts together.
    private void Collect(JsonElement schema, List<JsonElement> parts, int depth)
    {
        nodes++;
        if (IsFull || depth > MaxDepth || schema.ValueKind != JsonValueKind.Object) return;
        if (schema.TryGetProperty("$ref", out var reference)) Collect(SchemaReference.Resolve(root, reference), parts, depth + 1);
        parts.Add(schema);
        if (!schema.TryGetProperty("allOf", out var all) || Length(all) == 0) return;
        foreach (var part in all.EnumerateArray().Take(MaxAlternatives)) Collect(part, parts, depth + 1);
    }

    private void WriteArray(JsonElement schema, int depth)
    {
        var least = SchemaScalars.Count(schema, "minItems") ?? (depth >= DeepEnough || !schema.TryGetProperty("items", out _) ? 0 : 1);
        var count = Math.Min(least, Math.Min(SchemaScalars.Count(schema, "maxItems") ?? MaxItems, MaxItems));
        writer.WriteStartArray();
        for (var i = 0; i < count && !IsFull; i++) Write(schema.TryGetProperty("items", out var items) ? items : default, depth + 1);
        writer.WriteEndArray();
    }

    private static JsonElement? Alternative(JsonElement schema, int depth)
    {
        // Generators use a single allOf for "this, with a description": it can be any type, not only an object.
        if (schema.TryGetProperty("allOf", out var all) && Length(all) == 1 && !schema.TryGetProperty("properties", out _)) return all[0];
        if (!(schema.TryGetProperty("anyOf", out var any) || schema.TryGetProperty("oneOf", out any)) || Length(any) == 0) return null;
        var wantNull = depth >= DeepEnough;
        foreach (var alternative in any.EnumerateArray().Take(MaxAlternatives))
            if (alternative.ValueKind == JsonValueKind.Object && SchemaType.Of(alternative) == "null" == wantNull) return alternative;
        return any[0];
    }

    private static int Length(JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.GetArrayLength() : 0;

    private static IEnumerable<string> RequiredNames(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) && Length(required) > 0
            ? required.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)
            : [];

    private static JsonElement PropertyOf(List<JsonElement> parts, string name)
    {
        foreach (var part in parts)
            if (part.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
                && properties.TryGetProperty(name, out var property))
                return property;
        return default;
    }
}
