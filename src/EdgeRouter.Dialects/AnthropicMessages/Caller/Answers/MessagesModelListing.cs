using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Callers;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;

/// <summary>
/// Anthropic's <c>GET /v1/models</c> and <c>/v1/models/{id}</c>, for clients that send its version header. Pages are cut by the id of the model before
/// or after them.
/// </summary>
internal sealed class MessagesModelListing : IModelListing
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 1000;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public bool IsAsked(IRequestHead head) => head.Header("anthropic-version") is not null;

    /// <inheritdoc/>
    public void WriteModel(Model model, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        Write(model, json);
    }

    /// <inheritdoc/>
    public void WriteList(IReadOnlyList<Model> models, IRequestHead head, IBufferWriter<byte> output)
    {
        var limit = Limit(head);
        var (from, end) = (0, models.Count);
        if (IndexOf("after_id", models, head) is { } after) from = after + 1;
        if (IndexOf("before_id", models, head) is { } before) end = before;
        var backwards = head.Query("before_id") is { Length: > 0 };
        var hasMore = end - from > limit;
        if (hasMore && backwards) from = end - limit;
        else if (hasMore) end = from + limit;
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteStartArray("data");
        for (var i = from; i < end; i++) Write(models[i], json);
        json.WriteEndArray();
        json.WriteBoolean("has_more", hasMore);
        WriteId("first_id", from < end ? models[from] : null, json);
        WriteId("last_id", from < end ? models[end - 1] : null, json);
        json.WriteEndObject();
    }

    private static int Limit(IRequestHead head)
    {
        if (head.Query("limit") is not { Length: > 0 } text) return DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit
            ? limit : throw new RouterException(RouterError.InvalidField("limit", $"expected an integer from 1 to {MaxLimit}"));
    }

    private static int? IndexOf(string parameter, IReadOnlyList<Model> models, IRequestHead head)
    {
        if (head.Query(parameter) is not { Length: > 0 } id) return null;
        for (var i = 0; i < models.Count; i++)
            if (string.Equals(models[i].Id, id, StringComparison.OrdinalIgnoreCase)) return i;
        throw new RouterException(RouterError.InvalidField(parameter, "expected the id of a model of this list"));
    }

    private static void WriteId(string name, Model? model, Utf8JsonWriter json)
    {
        if (model is null) json.WriteNull(name);
        else json.WriteString(name, model.Id);
    }

    private static void Write(Model model, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "model");
        json.WriteString("id", model.Id);
        json.WriteString("display_name", model.Name);
        json.WriteString("created_at", DateTimeOffset.FromUnixTimeSeconds(model.Created).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        WriteNumber("max_input_tokens", model.ContextLength, json);
        WriteNumber("max_tokens", model.Endpoints.Max(endpoint => endpoint.MaxCompletionTokens), json);
        json.WriteString("lifecycle", "active");
        foreach (var unknown in (ReadOnlySpan<string>)["capabilities", "line", "deprecated_at", "retires_at"]) json.WriteNull(unknown);
        json.WriteEndObject();
    }

    private static void WriteNumber(string name, int? value, Utf8JsonWriter json)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
