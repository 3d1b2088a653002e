using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Errors;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.Caller.Answers;

/// <summary>Writes errors in Google's envelope, with OpenRouter's members beside them.</summary>
internal static class GeminiErrorWriter
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

    /// <summary>Writes the error object alone, for a body and for the last piece of a broken stream.</summary>
    public static void WriteObject(RouterError error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteNumber("code", error.Status);
        writer.WriteString("message", error.Message);
        writer.WriteString("status", StatusOf(error.Status));
        WriteDetails(error, writer);
        writer.WriteStartObject("metadata");
        writer.WriteString("error_type", error.Type);
        ErrorDetailsJson.WriteMetadata(error.Details, writer);
        if (ErrorDetailsJson.HasAvailability(error.Details))
        {
            writer.WritePropertyName("availability");
            ErrorDetailsJson.WriteAvailability(error, writer);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Google's word for an HTTP status.</summary>
    public static string StatusOf(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        402 => "FAILED_PRECONDITION",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        405 => "UNIMPLEMENTED",
        408 or 504 => "DEADLINE_EXCEEDED",
        429 => "RESOURCE_EXHAUSTED",
        502 or 503 or 529 => "UNAVAILABLE",
        >= 400 and < 500 => "INVALID_ARGUMENT",
        _ => "INTERNAL",
    };

    private static void WriteDetails(RouterError error, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("details");
        if (error.Field is { } field)
        {
            writer.WriteStartObject();
            writer.WriteString("@type", "type.googleapis.com/google.rpc.BadRequest");
            writer.WriteStartArray("fieldViolations");
            writer.WriteStartObject();
            writer.WriteString("field", field);
            writer.WriteString("description", error.Message);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        if (error.RetryAfter is { } wait)
        {
            writer.WriteStartObject();
            writer.WriteString("@type", "type.googleapis.com/google.rpc.RetryInfo");
            writer.WriteString("retryDelay", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture) + "s");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
