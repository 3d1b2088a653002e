using System.Text.Json;

namespace EdgeRouter.Dialects.Json;

/// <summary>Reads JSON whose shape was checked. Null and absent are the same: not given.</summary>
internal static class JsonElements
{
    /// <summary>A member; null: absent or null.</summary>
    public static JsonElement? Member(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A string member.</summary>
    public static string? Text(this JsonElement parent, string name) => parent.Member(name)?.GetString();

    /// <summary>An array of strings.</summary>
    public static IReadOnlyList<string> Strings(this JsonElement array)
    {
        var strings = new List<string>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray()) strings.Add(item.GetString()!);
        return strings;
    }
}
