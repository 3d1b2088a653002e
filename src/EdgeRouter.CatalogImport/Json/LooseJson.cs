using System.Text.Json;

namespace EdgeRouter.CatalogImport.Json;

/// <summary>Reads foreign JSON without trusting it: what is missing or of another type is null or empty.</summary>
internal static class LooseJson
{
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    public static bool? Flag(this JsonElement element, string name) =>
        element.Member(name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    public static long? Whole(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) && number >= 0 ? number : null;

    public static long? Positive(this JsonElement element, string name) => element.Whole(name) is > 0 and <= 1_000_000_000 and var number ? number : null;

    public static decimal? Decimal(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static List<string> Texts(this JsonElement element, string name) =>
        [.. element.Items(name).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
}
