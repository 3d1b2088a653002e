using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller.Answers;

/// <summary>
/// Writes errors in OpenRouter's envelope. <c>code</c> is always an integer: the official SDK throws on a string.
/// </summary>
internal static class OpenAIChatErrorWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a whole error body.</summary>
    public static void Write(RouterError error, IBufferWriter<byte> output)
    {
        output.Write("{\"error\":"u8);
        WriteObject(error, output);
        RouterMetadataJson.WriteMember(error.RouterMetadata, output);
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
        foreach (var (name, value) in error.Metadata ?? [])
        {
            if (string.Equals(name, "error_type", StringComparison.Ordinal)) continue;
            writer.WritePropertyName(name);
            if (value is null) writer.WriteNullValue();
            else value.WriteTo(writer);
        }
        writer.WriteEndObject();
        if (error.Availability is not null)
        {
            writer.WriteString("error_type", error.Type);
            writer.WriteNumber("http_status", error.Status);
            writer.WritePropertyName("availability");
            error.Availability.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}
