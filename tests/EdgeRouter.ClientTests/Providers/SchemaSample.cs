using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRouter.ClientTests.Providers;

/// <summary>
/// Fills a JSON Schema (or Gemini's dialect of it, with its types in capitals) with the simplest values: every property, one element of every array.
/// </summary>
internal static class SchemaSample
{
    public static string Of(JsonElement schema) => (Fill(schema, schema)?.ToJsonString()) ?? "null";

    private static JsonNode? Fill(JsonElement schema, JsonElement root)
    {
        if (schema.TryGetProperty("$ref", out var reference)) return Fill(Follow(reference.GetString()!, root), root);
        if (schema.TryGetProperty("const", out var only)) return JsonNode.Parse(only.GetRawText());
        if (schema.TryGetProperty("enum", out var values)) return JsonNode.Parse(values[0].GetRawText());
        if (schema.TryGetProperty("anyOf", out var alternatives)) return Fill(alternatives[0], root);
        return TypeOf(schema) switch
        {
            "object" => FillObject(schema, root),
            "array" => new JsonArray(schema.TryGetProperty("items", out var items) ? Fill(items, root) : null),
            "string" => "sample",
            "integer" => 7,
            "number" => 1.5,
            "boolean" => true,
            _ => null,
        };
    }

    private static JsonObject FillObject(JsonElement schema, JsonElement root)
    {
        var filled = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties))
            foreach (var property in properties.EnumerateObject()) filled[property.Name] = Fill(property.Value, root);
        return filled;
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type)) return null;
        return (type.ValueKind == JsonValueKind.Array ? type[0] : type).GetString()!.ToLowerInvariant();
    }

    // "#/$defs/name"
    private static JsonElement Follow(string pointer, JsonElement root) =>
        pointer.Split('/').Skip(1).Aggregate(root, (element, name) => element.GetProperty(name));
}
