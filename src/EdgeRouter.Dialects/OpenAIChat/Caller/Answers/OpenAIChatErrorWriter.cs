using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Errors;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller.Answers;

/// <summary>
/// Writes errors in OpenRouter's envelope. <c>code</c> is always an integer: the official SDK throws on a string.
/// </summary>
internal static class OpenAIChatErrorWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a whole error body.</summary>
    public static void Write(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output)
    {
        output.Write("{\"error\":"u8);
        WriteObject(error, output);
        RouterMetadataJson.WriteMember(routerMetadata, output);
        output.Write("}"u8);
    }

    /// <summary>Writes the error object alone, for a body and for the last chunk of a broken stream.</summary>
    public static void WriteObject(RouterError error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteNumber("code", error.Status);
        writer.WriteString("message", error.Message);
        if (error.Field is not null) writer.WriteString("param", error.Field); // OpenAI's name for it; its clients show it
        writer.WriteStartObject("metadata");
        writer.WriteString("error_type", error.Type);
        ErrorDetailsJson.WriteMetadata(error.Details, writer);
        writer.WriteEndObject();
        if (ErrorDetailsJson.HasAvailability(error.Details))
        {
            writer.WriteString("error_type", error.Type);
            writer.WriteNumber("http_status", error.Status);
            writer.WritePropertyName("availability");
            ErrorDetailsJson.WriteAvailability(error, writer);
        }
        writer.WriteEndObject();
    }
}
