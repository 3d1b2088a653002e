using System.Text.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>Reading of JSON whose shape was checked. Null and absent are the same here: the caller did not say.</summary>
internal static class OpenAIChatRequestJson
{
    /// <summary>A member; null: absent or null. Of duplicates, the last.</summary>
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

    /// <summary>
    /// Adds the members of <paramref name="parent"/> that are neither null nor among <paramref name="known"/>, under <paramref name="prefix"/> and
    /// their name, as copies that do not depend on the body's memory.
    /// </summary>
    /// <returns><paramref name="extensions"/>, or a new dictionary when that was null and there is something to add.</returns>
    public static Dictionary<string, JsonElement>? AddUnknown(
        this JsonElement parent, Dictionary<string, JsonElement>? extensions, ReadOnlySpan<string> known, string prefix = "")
    {
        foreach (var member in parent.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || known.Contains(member.Name)) continue;
            extensions ??= new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            extensions[prefix + member.Name] = member.Value.Clone();
        }
        return extensions;
    }
}
