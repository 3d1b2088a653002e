using System.Text.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>
/// Members without a property, of objects that hold one other object: kept by path, <c>x</c> beside the inner object and <c>video_url.x</c> in it.
/// </summary>
internal static class OpenAIChatRequestExtensions
{
    /// <summary>Writes those of the inner object, whose paths start with <paramref name="prefix"/>.</summary>
    public static void WriteInner(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> extensions, string prefix) =>
        Write(json, extensions, prefix, inner: true);

    /// <summary>Writes those beside it; all, when <paramref name="prefix"/> is null because there is no inner object.</summary>
    public static void WriteOuter(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> extensions, string? prefix) =>
        Write(json, extensions, prefix, inner: false);

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> extensions, string? prefix, bool inner)
    {
        if (extensions.Count == 0) return;
        foreach (var (path, value) in extensions)
        {
            var isInner = prefix is not null && path.StartsWith(prefix, StringComparison.Ordinal);
            if (isInner != inner) continue;
            json.WritePropertyName(isInner ? path.AsSpan(prefix!.Length) : path);
            OpenAIChatRequestWriter.WriteRaw(json, value);
        }
    }
}
