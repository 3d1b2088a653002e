using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire.Requests;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Embeddings;

/// <summary>Writes a <c>BatchEmbedContentsRequest</c>: a request of its own for each input. The model is in the path and in each of them.</summary>
internal static class GeminiEmbeddingsWriter
{
    /// <summary>Most inputs of one batch at the provider.</summary>
    private const int MostInputs = 100;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="Core.Errors.RouterException">400: an input cannot be expressed on this wire, or there are too many; names the field.</exception>
    public static void Write(EmbeddingInputs asked, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        var (inputs, scope) = (asked.Inputs.Messages, new GeminiRequestScope(asked.Inputs, target, dropped));
        if (inputs.Count > MostInputs)
            throw scope.Refuse(RequestPlace.Messages, string.Create(CultureInfo.InvariantCulture, $"expected at most {MostInputs} inputs for this provider"));
        var taskType = GeminiTaskTypes.Of(asked.InputType);
        scope.DropIf(asked.InputType is not null && taskType is null, RequestPlace.OfExtension("input_type"));
        scope.DropIf(asked.Inputs.User is not null, RequestParameters.User);
        scope.TierFor(asked.Inputs.ServiceTier);
        foreach (var (name, _) in asked.Inputs.Extensions) scope.Drop(RequestPlace.OfExtension(name));
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteStartArray("requests"u8);
        for (var i = 0; i < inputs.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("model"u8, "models/" + target.Model);
            json.WriteStartObject("content"u8);
            WriteParts(json, inputs[i].Content, i, scope);
            json.WriteEndObject();
            if (taskType is not null) json.WriteString("taskType"u8, taskType);
            if (asked.Dimensions is { } dimensions) json.WriteNumber("outputDimensionality"u8, dimensions);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<ContentPart> parts, int input, GeminiRequestScope scope)
    {
        json.WriteStartArray("parts"u8);
        for (var i = 0; i < parts.Count; i++)
        {
            json.WriteStartObject();
            if (parts[i] is TextPart text) json.WriteString("text"u8, text.Text);
            else GeminiMediaWriter.Write(json, parts[i], scope, RequestPlace.OfPart(input, i));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
