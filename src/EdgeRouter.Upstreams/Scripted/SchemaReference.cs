using System.Globalization;
using System.Text.Json;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Local references of a JSON Schema.</summary>
internal static class SchemaReference
{
    /// <summary>The schema that a reference such as <c>#/$defs/Address</c> means; an undefined element when there is none.</summary>
    public static JsonElement Resolve(JsonElement root, JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var pointer]) return default;
        var current = root;
        foreach (var step in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (current.ValueKind == JsonValueKind.Object && current.TryGetProperty(name, out var member)) current = member;
            else if (current.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < current.GetArrayLength())
                current = current[index];
            else return default;
        }
        return current;
    }
}

/// <summary>The type that an instance of a JSON Schema is given.</summary>
internal static class SchemaType
{
    /// <summary>The schema's type, of several the first that is not null; without one, what its other members suggest.</summary>
    public static string Of(JsonElement schema)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            if (type.ValueKind == JsonValueKind.String) return type.GetString()!;
            if (type.ValueKind == JsonValueKind.Array)
            {
                foreach (var one in type.EnumerateArray())
                    if (one.ValueKind == JsonValueKind.String && !one.ValueEquals("null"u8)) return one.GetString()!;
                return "null";
            }
        }
        if (schema.TryGetProperty("properties", out _) || schema.TryGetProperty("required", out _) || schema.TryGetProperty("allOf", out _)) return "object";
        return schema.TryGetProperty("items", out _) ? "array" : "string";
    }
}
