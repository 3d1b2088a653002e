using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Requests;

/// <summary>Writes the request body for a provider. Not thread-safe.</summary>
/// <param name="request">The request.</param>
/// <param name="target">Where it goes.</param>
/// <param name="dropped">Receives the names of what is not sent.</param>
internal sealed class OpenAIResponsesRequestWriter(ChatRequest request, WireTarget target, ICollection<string> dropped)
{
    private const int HashedUserLength = 32;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the body.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        new OpenAIResponsesInputWriter(json, request, target, dropped).Write();
        if (target.Stream) json.WriteBoolean("stream"u8, true);
        json.WriteBoolean("store"u8, false);
        if (request.MaxOutputTokens is { } most && Takes(RequestParameters.MaxTokens)) json.WriteNumber("max_output_tokens"u8, most);
        if (request.Sampling.Temperature is { } temperature && Takes(RequestParameters.Temperature)) json.WriteNumber("temperature"u8, temperature);
        if (request.Sampling.TopP is { } topP && Takes(RequestParameters.TopP)) json.WriteNumber("top_p"u8, topP);
        WriteInclude(json);
        WriteTools(json);
        WriteText(json);
        new OpenAIResponsesReasoningWriter(json, request, target, dropped).Write();
        if (target.TierFor(request.ServiceTier, dropped) is { } tier && Takes(RequestParameters.ServiceTier)) json.WriteString("service_tier"u8, tier);
        if (request.User is { Length: > 0 } user && Takes(RequestParameters.User)) json.WriteString("user"u8, HashOf(user));
        WriteExtensions(json);
        json.WriteEndObject();
        json.Flush();
        NameUncarried();
    }

    /// <summary>Writes an element byte for byte as it was read.</summary>
    public static void WriteRaw(Utf8JsonWriter json, JsonElement value) =>
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    /// <summary>Providers get a hash of the user's id, never the id.</summary>
    public static string HashOf(string user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)))[..HashedUserLength];

    private bool Takes(RequestParameters parameter)
    {
        if (target.Accepts(parameter)) return true;
        target.Drop(parameter, dropped);
        return false;
    }

    private void WriteInclude(Utf8JsonWriter json)
    {
        // A model that does not reason refuses the question for its reasoning.
        var reasons = target.Accepts(RequestParameters.Reasoning);
        var logprobs = request.Sampling.Logprobs == true && Takes(RequestParameters.Logprobs);
        if (request.Sampling.TopLogprobs is > 0 and var count && Takes(RequestParameters.TopLogprobs)) json.WriteNumber("top_logprobs"u8, count);
        if (!reasons && !logprobs) return;
        json.WriteStartArray("include"u8);
        if (reasons) json.WriteStringValue("reasoning.encrypted_content"u8);
        if (logprobs) json.WriteStringValue("message.output_text.logprobs"u8);
        json.WriteEndArray();
    }

    private void WriteTools(Utf8JsonWriter json)
    {
        if (request.Tools.Count == 0) return;
        if (!Takes(RequestParameters.Tools))
        {
            if (request.ToolChoice is { Mode: ToolChoiceMode.Required or ToolChoiceMode.Function }) target.Drop(RequestParameters.ToolChoice, dropped);
            if (request.ParallelToolCalls == false) target.Drop(RequestParameters.ParallelToolCalls, dropped);
            return;
        }
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools) WriteTool(json, tool);
        json.WriteEndArray();
        if (request.ToolChoice is { } choice && Takes(RequestParameters.ToolChoice)) WriteChoice(json, choice);
        if (request.ParallelToolCalls is { } parallel && Takes(RequestParameters.ParallelToolCalls)) json.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    private static void WriteTool(Utf8JsonWriter json, ToolDefinition tool)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is not null) json.WriteString("description"u8, tool.Description);
        json.WritePropertyName("parameters"u8);
        if (tool.Parameters is { ValueKind: JsonValueKind.Object } schema) WriteRaw(json, schema);
        else json.WriteRawValue("{\"type\":\"object\",\"properties\":{}}"u8, skipInputValidation: true);
        json.WriteBoolean("strict"u8, tool.Strict == true);
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        json.WritePropertyName("tool_choice"u8);
        if (choice.Mode != ToolChoiceMode.Function)
        {
            json.WriteStringValue(choice.Mode switch { ToolChoiceMode.None => "none"u8, ToolChoiceMode.Required => "required"u8, _ => "auto"u8 });
            return;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, choice.FunctionName);
        json.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter json)
    {
        var format = FormatToSend();
        var verbosity = request.Verbosity is { } asked && Takes(RequestParameters.Verbosity) ? asked : null;
        if (format is null && verbosity is null) return;
        json.WriteStartObject("text"u8);
        if (verbosity is not null) json.WriteString("verbosity"u8, verbosity);
        if (format is { Kind: ResponseFormatKind.JsonObject })
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_object"u8);
            json.WriteEndObject();
        }
        else if (format is not null) WriteSchema(json, format);
        json.WriteEndObject();
    }

    private ResponseFormat? FormatToSend()
    {
        if (request.ResponseFormat is not { Kind: not ResponseFormatKind.Text } format) return null;
        if (format.Kind is ResponseFormatKind.JsonObject) return Takes(RequestParameters.ResponseFormat) ? format : null;
        if (format is { Kind: ResponseFormatKind.JsonSchema, Schema: not null }) return Takes(RequestParameters.StructuredOutputs) ? format : null;
        target.Drop(RequestParameters.ResponseFormat, dropped);
        return null;
    }

    private static void WriteSchema(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteString("name"u8, format.Name ?? "answer");
        if (format.Description is not null) json.WriteString("description"u8, format.Description);
        json.WritePropertyName("schema"u8);
        WriteRaw(json, format.Schema!.Value);
        if (format.Strict is { } strict) json.WriteBoolean("strict"u8, strict);
        json.WriteEndObject();
    }

    private void WriteExtensions(Utf8JsonWriter json)
    {
        foreach (var (name, value) in request.Extensions)
        {
            if (name is not ("prompt_cache_key" or "prompt_cache_options") || !target.Accepts(RequestParameterNames.ByName[name]))
            {
                target.Drop(RequestPlace.OfExtension(name), dropped);
                continue;
            }
            json.WritePropertyName(name);
            WriteRaw(json, value);
        }
    }

    /// <summary>Names what the wire has no place for. Values that ask for nothing are no loss and not named.</summary>
    private void NameUncarried()
    {
        var sampling = request.Sampling;
        NameIf(sampling.TopK is > 0, RequestParameters.TopK);
        NameIf(sampling.MinP is > 0, RequestParameters.MinP);
        NameIf(sampling.TopA is > 0, RequestParameters.TopA);
        NameIf(sampling.FrequencyPenalty is not (null or 0), RequestParameters.FrequencyPenalty);
        NameIf(sampling.PresencePenalty is not (null or 0), RequestParameters.PresencePenalty);
        NameIf(sampling.RepetitionPenalty is not (null or 1), RequestParameters.RepetitionPenalty);
        NameIf(sampling.Seed is not null, RequestParameters.Seed);
        NameIf(sampling.Stop is { Count: > 0 }, RequestParameters.Stop);
        NameIf(request.ChoiceCount is > 1, RequestParameters.ChoiceCount);
        NameIf(request.CacheControl is not null || request.Tools.Any(static tool => tool.CacheControl is not null), RequestParameters.CacheControl);
        NameIf(request.Modalities?.Any(modality => modality != "text") is true, RequestParameters.Modalities);

        void NameIf(bool lost, RequestParameters parameter)
        {
            if (lost) target.Drop(parameter, dropped);
        }
    }
}
