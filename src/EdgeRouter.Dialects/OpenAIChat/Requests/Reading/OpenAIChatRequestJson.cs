using System.Text.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Reading;

/// <summary>Keeps members that the canonical types have no property for.</summary>
internal static class OpenAIChatRequestJson
{
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
