using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRouter.Dialects.Json;

/// <summary>
/// Writes <c>openrouter_metadata</c>, which every caller API carries in the same form: in whole answers, at the end of streams, and beside
/// errors.
/// </summary>
internal static class RouterMetadataJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the member with a comma before it; nothing when there is none.</summary>
    public static void WriteMember(JsonObject? metadata, IBufferWriter<byte> output)
    {
        if (metadata is null) return;
        output.Write(",\"openrouter_metadata\":"u8);
        using var writer = new Utf8JsonWriter(output, Options);
        metadata.WriteTo(writer);
    }
}
