using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Requests;

/// <summary>
/// Writes the request body. The wire arranges a conversation as the Messages API does (system apart, turns of one role joined, results of tools first, no
/// blank texts, at most four cache points), so that arrangement is used, and its blocks are written in this wire's words.
/// </summary>
internal static class ConverseRequestWriter
{
    /// <exception cref="RouterException">400: something cannot be expressed on this wire; the error names the field.</exception>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        var scope = new AnthropicRequestScope(request, target, dropped);
        var conversation = AnthropicConversation.Arrange(scope);
        var options = ConverseModelOptions.Plan(scope, conversation);
        AnthropicToolWriter.Check(scope);

        using var writer = new Utf8JsonWriter(output, AnthropicRequestJson.WriterOptions);
        writer.WriteStartObject();
        ConverseMessageWriter.Write(writer, conversation, scope);
        ConverseInferenceWriter.Write(writer, scope, options);
        ConverseToolsWriter.Write(writer, conversation, scope, options.Thinks);
        options.Write(writer);
        WriteOutput(writer, scope, options.Effort);
        WriteServiceTier(writer, scope);
        writer.WriteEndObject();
        writer.Flush();
        AnthropicUncarried.Name(scope);
        if (request.User is { Length: > 0 }) scope.Drop(RequestParameters.User);
        if (request.Verbosity is not null) scope.Drop(RequestParameters.Verbosity);
    }

    /// <summary>The effort, and the schema of the answer, which is sent as a text.</summary>
    private static void WriteOutput(Utf8JsonWriter writer, AnthropicRequestScope scope, string? effort)
    {
        var format = FormatOf(scope);
        if (effort is null && format is null) return;
        writer.WriteStartObject("outputConfig"u8);
        if (effort is not null) writer.WriteString("effort"u8, effort);
        if (format is { Schema: { } schema })
        {
            writer.WriteStartObject("textFormat"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteStartObject("structure"u8);
            writer.WriteStartObject("jsonSchema"u8);
            writer.WriteString("schema"u8, schema.GetRawText());
            if (format.Name is { Length: > 0 }) writer.WriteString("name"u8, format.Name);
            if (format.Description is not null) writer.WriteString("description"u8, format.Description);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static ResponseFormat? FormatOf(AnthropicRequestScope scope)
    {
        if (scope.Request.ResponseFormat is not { Kind: not ResponseFormatKind.Text } format) return null;
        if (format is { Kind: ResponseFormatKind.JsonSchema, Schema.ValueKind: JsonValueKind.Object })
            return scope.Takes(RequestParameters.StructuredOutputs, RequestParameters.ResponseFormat) ? format : null;
        scope.Drop(RequestParameters.ResponseFormat);
        return null;
    }

    private static void WriteServiceTier(Utf8JsonWriter writer, AnthropicRequestScope scope)
    {
        if (scope.TierToSend() is not { } tier) return;
        if (tier is not ("default" or "flex" or "priority") || !scope.Target.Accepts(RequestParameters.ServiceTier))
        {
            scope.Drop(RequestParameters.ServiceTier);
            return;
        }
        writer.WriteStartObject("serviceTier"u8);
        writer.WriteString("type"u8, tier);
        writer.WriteEndObject();
    }
}
