using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Rest;

/// <summary>Entities as JSON with type annotations (<c>"Count@odata.type":"Edm.Int64"</c>).</summary>
internal static class EntityJson
{
    private const string TypeSuffix = "@odata.type";

    public static void Write(Utf8JsonWriter json, TableEntity entity)
    {
        json.WriteStartObject();
        foreach (var (name, value) in entity)
        {
            // The service sets the timestamp, and the ETag travels in a header.
            if (name is nameof(TableEntity.Timestamp) || name.StartsWith("odata.", StringComparison.Ordinal)) continue;
            switch (value)
            {
                case string text: json.WriteString(name, text); break;
                case int number: json.WriteNumber(name, number); break;
                case bool flag: json.WriteBoolean(name, flag); break;
                case long number: WriteTyped(json, name, "Edm.Int64", number.ToString(CultureInfo.InvariantCulture)); break;
                case Guid guid: WriteTyped(json, name, "Edm.Guid", guid.ToString()); break;
                case byte[] binary: WriteTyped(json, name, "Edm.Binary", Convert.ToBase64String(binary)); break;
                case DateTimeOffset time:
                    WriteTyped(json, name, "Edm.DateTime",
                    time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)); break;
                case double number when double.IsFinite(number):
                    json.WriteString(name + TypeSuffix, "Edm.Double");
                    json.WriteNumber(name, number);
                    break;
                case double number: WriteTyped(json, name, "Edm.Double", number.ToString(CultureInfo.InvariantCulture)); break;
                default: throw new NotSupportedException($"The property '{name}' has the type {value?.GetType().Name ?? "null"}.");
            }
        }
        json.WriteEndObject();
    }

    public static T Read<T>(JsonElement json)
        where T : class, ITableEntity
    {
        var entity = new TableEntity();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal)) continue;
            var type = json.TryGetProperty(property.Name + TypeSuffix, out var annotation) ? annotation.GetString() : null;
            if (property.Name == nameof(TableEntity.Timestamp)) type = "Edm.DateTime";
            if (Value(property.Value, type) is { } value) entity[property.Name] = value;
        }
        return entity as T ?? throw new NotSupportedException($"The stand-in reads {nameof(TableEntity)} only, not {typeof(T).Name}.");
    }

    private static void WriteTyped(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteString(name + TypeSuffix, type);
        json.WriteString(name, value);
    }

    private static object? Value(JsonElement value, string? type) => type switch
    {
        "Edm.Int64" => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        "Edm.Guid" => value.GetGuid(),
        "Edm.Binary" => value.GetBytesFromBase64(),
        "Edm.DateTime" => DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        "Edm.Double" => value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble(),
        _ => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => value.TryGetInt32(out var number) ? (object)number : value.GetDouble(),
            JsonValueKind.Null => null,
            _ => throw new JsonException($"A property cannot be {value.ValueKind}."),
        },
    };
}
