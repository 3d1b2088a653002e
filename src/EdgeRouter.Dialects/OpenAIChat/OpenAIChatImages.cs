using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat;

/// <summary>Entries of <c>images</c>: the images that the model made, in answers and in the turns that clients return.</summary>
internal static class OpenAIChatImages
{
    /// <summary>
    /// Adds the images of an earlier turn. An image with members other than URL and detail is kept as it came. False: the list is empty. An empty list can
    /// only be kept as it is.
    /// </summary>
    public static bool TryAdd(JsonElement images, List<ContentPart> parts)
    {
        if (images.GetArrayLength() == 0) return false;
        foreach (var image in images.EnumerateArray())
        {
            var inner = image.GetProperty("image_url"u8);
            inner.TryGetProperty("detail"u8, out var given);
            var detail = given.ValueKind == JsonValueKind.String ? given.GetString() : null;
            var isPlain = image.GetPropertyCount() == 2 && image.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
                && type.ValueEquals("image_url"u8) && inner.GetPropertyCount() == (detail is null ? 1 : 2);
            parts.Add(new ImagePart(inner.GetProperty("url"u8).GetString()!, detail) { IsGenerated = true, Json = isPlain ? null : image.Clone() });
        }
        return true;
    }

    /// <summary>Writes one entry.</summary>
    public static void Write(ImagePart image, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"image_url\",\"image_url\":{\"url\":"u8);
        ((JsonText)image.Url).WriteValue(output);
        if (image.Detail is not null)
        {
            output.Write(",\"detail\":"u8);
            ((JsonText)image.Detail).WriteValue(output);
        }
        output.Write("}}"u8);
    }
}
