using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>The rules of <c>response_format</c>. Text is the default; a schema is not just a format, since an endpoint may support JSON mode only.</summary>
internal static class OpenAIChatRequestFormat
{
    /// <summary>The parameter that a format uses at an endpoint.</summary>
    public static RequestParameters ParameterOf(bool isSchema) => isSchema ? RequestParameters.StructuredOutputs : RequestParameters.ResponseFormat;

    /// <summary>Notes whether it holds a schema.</summary>
    public static void Note(ScannedRequest found, ReadOnlySpan<byte> value)
    {
        var scan = (OpenAIChatScan)found;
        scan.HasSchema = IsOfType(value, "json_schema"u8);
        if (scan.HasSchema) scan.Parameters |= RequestParameters.StructuredOutputs;
    }

    /// <summary>Whether it asks for more than text.</summary>
    public static bool HasEffect(ScannedRequest found, ReadOnlySpan<byte> value) => !IsOfType(value, "text"u8);

    /// <summary>Writes it for a provider.</summary>
    public static void Write(OpenAIChatMember member, ChatRequest request, OpenAIChatProviderBody body)
    {
        if (request.ResponseFormat is not { } format || format.Kind == ResponseFormatKind.Text) return;
        if (!body.Begin(member, ParameterOf(format.Kind == ResponseFormatKind.JsonSchema))) return;
        new OpenAIChatRequestToolWriter(body.Json, body.Target, body.Dropped).WriteFormat(format);
    }

    private static bool IsOfType(ReadOnlySpan<byte> value, ReadOnlySpan<byte> type)
    {
        var reader = new Utf8JsonReader(value);
        reader.Read();
        while (reader.Read())
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType) break;
            reader.Skip();
        }
        return reader.ValueTextEquals(type);
    }
}
