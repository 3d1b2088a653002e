using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Exports;

/// <summary>A row of a table as a line of JSON, with the type of each value, so that it comes back as it was. Immutable.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Row">Its row key.</param>
/// <param name="Properties">Its values.</param>
internal sealed record ExportedRow(string Table, string Partition, string Row, IReadOnlyDictionary<string, object> Properties)
{
    /// <summary>Writes <c>{"table":..,"partition":..,"row":..,"values":{"Cost":{"long":5},..}}</c>, without the end of the line.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("table", Table);
        writer.WriteString("partition", Partition);
        writer.WriteString("row", Row);
        writer.WriteStartObject("values");
        foreach (var (name, value) in Properties)
        {
            writer.WriteStartObject(name);
            WriteValue(writer, value);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Reads a line.</summary>
    /// <exception cref="InvalidDataException">It is none that <see cref="Write"/> wrote.</exception>
    public static ExportedRow Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var properties = new Dictionary<string, object>(StringComparer.Ordinal);
            foreach (var property in root.GetProperty("values").EnumerateObject())
                properties.Add(property.Name, ReadValue(property.Value.EnumerateObject().Single()));
            return new ExportedRow(root.GetProperty("table").GetString()!, root.GetProperty("partition").GetString()!, root.GetProperty("row").GetString()!,
                properties);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("A line is not an exported row.", fault);
        }
    }

    /// <summary>Whether a stored row has the same values. It may have more: of a record, only the money is exported.</summary>
    public bool IsIn(TableRow row) =>
        Properties.All(property => row.Properties.TryGetValue(property.Key, out var stored) && AreEqual(property.Value, stored));

    private static bool AreEqual(object left, object right) => left is byte[] bytes ? right is byte[] others && bytes.AsSpan().SequenceEqual(others)
        : left.Equals(right);

    private static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text: writer.WriteString("string", text); break;
            case int number: writer.WriteNumber("int", number); break;
            case long number: writer.WriteNumber("long", number); break;
            // Not a number has no JSON of its own.
            case double number: writer.WriteString("double", number.ToString("R", CultureInfo.InvariantCulture)); break;
            case bool flag: writer.WriteBoolean("bool", flag); break;
            case DateTimeOffset time: writer.WriteString("time", time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)); break;
            case Guid id: writer.WriteString("guid", id); break;
            case byte[] bytes: writer.WriteBase64String("bytes", bytes); break;
            default: throw new InvalidOperationException($"A row has a value of type {value.GetType().Name}, which tables do not have.");
        }
    }

    private static object ReadValue(JsonProperty value) => value.Name switch
    {
        "string" => value.Value.GetString()!,
        "int" => value.Value.GetInt32(),
        "long" => value.Value.GetInt64(),
        "double" => double.Parse(value.Value.GetString()!, CultureInfo.InvariantCulture),
        "bool" => value.Value.GetBoolean(),
        "time" => DateTimeOffset.Parse(value.Value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        "guid" => value.Value.GetGuid(),
        "bytes" => value.Value.GetBytesFromBase64(),
        _ => throw new FormatException($"'{value.Name}' is not a type of value."),
    };
}
