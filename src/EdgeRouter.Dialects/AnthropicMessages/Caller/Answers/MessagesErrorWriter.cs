using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;
using EdgeRouter.Dialects.Errors;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;

/// <summary>Writes errors in Anthropic's envelope, with OpenRouter's members beside them.</summary>
internal static class MessagesErrorWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a whole error body.</summary>
    public static void Write(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"error\",\"error\":"u8);
        WriteObject(error, output);
        output.Write(",\"request_id\":null,\"metadata\":"u8);
        WriteMetadata(error, output);
        RouterMetadataJson.WriteMember(routerMetadata, output);
        output.Write("}"u8);
    }

    /// <summary>Writes the error object alone, for a body and for the last event of a broken stream.</summary>
    public static void WriteObject(RouterError error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("type", TypeOf(error.Status));
        writer.WriteString("message", error.Message);
        writer.WriteString("error_type", error.Type);
        if (error.Field == MessagesMembers.Thread.Name) WriteThreadRefusal(writer);
        writer.WriteEndObject();
    }

    /// <summary>Anthropic's client then sends the whole conversation instead.</summary>
    private static void WriteThreadRefusal(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("details");
        writer.WriteString("error_code", "thread_unsupported_request");
        writer.WriteStartArray("unsupported");
        writer.WriteStringValue(MessagesMembers.Thread.Name);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Anthropic's type of a status.</summary>
    public static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 or 529 => "overloaded_error",
        >= 400 and < 500 => "invalid_request_error",
        _ => "api_error",
    };

    private static void WriteMetadata(RouterError error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        if (error.Field is not null) writer.WriteString("param", error.Field);
        ErrorDetailsJson.WriteMetadata(error.Details, writer);
        if (ErrorDetailsJson.HasAvailability(error.Details))
        {
            writer.WritePropertyName("availability");
            ErrorDetailsJson.WriteAvailability(error, writer);
        }
        writer.WriteEndObject();
    }
}
