using System.Text.Json;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Strings and numbers that a JSON Schema permits. Pure.</summary>
internal static class SchemaScalars
{
    private const int MaxLength = 1000;

    /// <summary>A string of the schema's format and length.</summary>
    public static string Text(JsonElement schema)
    {
        if (schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String && OfFormat(format.GetString()!) is { } formatted)
            return formatted;
        var least = Math.Min(Count(schema, "minLength") ?? 0, MaxLength);
        var most = Count(schema, "maxLength") ?? MaxLength;
        var text = "text".PadRight(least, 'x');
        return text.Length > most ? text[..most] : text;
    }

    /// <summary>A whole number within the schema's bounds, as small as 1 where they permit.</summary>
    public static decimal Integer(JsonElement schema)
    {
        var (low, high) = Bounds(schema, step: 1);
        return ToMultiple(schema, Math.Min(Math.Max(1, Math.Ceiling(low)), Math.Floor(high)));
    }

    /// <summary>A number within the schema's bounds.</summary>
    public static decimal Number(JsonElement schema)
    {
        var (low, high) = Bounds(schema, step: 0);
        if (low < 1 && 1 < high) return ToMultiple(schema, 1);
        // Between the bounds, since either may be exclusive.
        var number = low == decimal.MinValue / 4 ? high - 1 : high == decimal.MaxValue / 4 ? low + 1 : low + (high - low) / 2;
        return ToMultiple(schema, number);
    }

    /// <summary>A count such as <c>minItems</c>; null: not given.</summary>
    public static int? Count(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0 ? count : null;

    private static (decimal Low, decimal High) Bounds(JsonElement schema, decimal step)
    {
        // A quarter of the range leaves room for arithmetic on any bound.
        decimal low = decimal.MinValue / 4, high = decimal.MaxValue / 4;
        if (Value(schema, "minimum") is { } minimum) low = Math.Max(low, minimum);
        if (Value(schema, "exclusiveMinimum") is { } above) low = Math.Max(low, above + step);
        if (Value(schema, "maximum") is { } maximum) high = Math.Min(high, maximum);
        if (Value(schema, "exclusiveMaximum") is { } below) high = Math.Min(high, below - step);
        return (low, high);
    }

    private static decimal ToMultiple(JsonElement schema, decimal number) =>
        Value(schema, "multipleOf") is { } unit and > 0.000001m && Math.Abs(number) < 1e15m && unit < 1e12m ? Math.Ceiling(number / unit) * unit : number;

    private static decimal? Value(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
            && Math.Abs(number) < decimal.MaxValue / 8 ? number : null;

    private static string? OfFormat(string format) => format switch
    {
        "date-time" => "2026-01-01T00:00:00Z",
        "date" => "2026-01-01",
        "time" => "00:00:00Z",
        "duration" => "PT1S",
        "email" => "someone@example.com",
        "hostname" => "example.com",
        "uri" => "https://example.com/",
        "uuid" => "00000000-0000-4000-8000-000000000000",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        _ => null,
    };
}
