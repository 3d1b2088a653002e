using System.Text.Json;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>
/// Members without a property, of objects that hold one other object: kept by path, <c>x</c> beside the inner object and <c>video_url.x</c> in it.
/// </summary>
internal static class OpenAIChatRequestExtensions
{
    /// <summary>Writes those of the inner object, which is the value of <paramref name="holder"/>.</summary>
    public static void WriteInner(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> extensions, ObjectMember holder) =>
        Write(json, extensions, holder.Name, inner: true);

    /// <summary>Writes those beside it; all, when <paramref name="holder"/> is null because there is no inner object.</summary>
    public static void WriteOuter(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> extensions, ObjectMember? holder) =>
        Write(json, extensions, holder?.Name, inner: false);

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> extensions, string? holder, bool inner)
    {
        if (extensions.Count == 0) return;
        foreach (var (path, value) in extensions)
        {
            var isInner = holder is not null && path.Length > holder.Length && path[holder.Length] == '.' && path.StartsWith(holder, StringComparison.Ordinal);
            if (isInner != inner) continue;
            json.WritePropertyName(isInner ? path.AsSpan(holder!.Length + 1) : path);
            OpenAIChatRequestWriter.WriteRaw(json, value);
        }
    }
}
