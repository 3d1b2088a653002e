using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Writes a <c>GenerateContentRequest</c>. The model and whether to stream are in the path.</summary>
internal static class GeminiRequestWriter
{
    // Relaxed: the default encoder turns every '+' of base64 data into six bytes, and nothing here is ever put into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        var scope = new GeminiRequestScope(request, target, dropped);
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        new GeminiContentsWriter(json, target.Model, scope).Write(request.Messages);
        GeminiToolsWriter.Write(json, request, scope);
        new GeminiGenerationConfigWriter(json, target, scope).Write(request);
        if (TierOf(scope.TierFor(request.ServiceTier), target, dropped) is { } tier) json.WriteString("serviceTier"u8, tier);
        json.WriteEndObject();
        DropTheRest(request, scope);
    }

    /// <summary>Google's word for a service tier; null: none is sent. One that has no word is noted as dropped.</summary>
    public static string? TierOf(string? tier, WireTarget target, ICollection<string> dropped)
    {
        // "auto" is what the provider does by default.
        if (tier is null or "auto") return null;
        var word = tier switch
        {
            "default" or "standard" => "standard",
            "flex" => "flex",
            "priority" or "fast" => "priority",
            _ => null,
        };
        if (word is not null && target.Accepts(RequestParameters.ServiceTier)) return word;
        target.Drop(RequestParameters.ServiceTier, dropped);
        return null;
    }

    /// <summary>Names what the wire has no place for at all.</summary>
    private static void DropTheRest(ChatRequest request, GeminiRequestScope scope)
    {
        var sampling = request.Sampling;
        scope.DropIf(sampling.MinP is not null, RequestParameters.MinP);
        scope.DropIf(sampling.TopA is not null, RequestParameters.TopA);
        scope.DropIf(sampling.RepetitionPenalty is not null, RequestParameters.RepetitionPenalty);
        scope.DropIf(request.ParallelToolCalls is not null, RequestParameters.ParallelToolCalls);
        scope.DropIf(request.Verbosity is not null, RequestParameters.Verbosity);
        scope.DropIf(request.User is not null, RequestParameters.User);
        // Gemini caches long prompts by itself; its explicit cache is a resource of its own, not a mark in the request.
        scope.DropIf(HasCacheMark(request), RequestParameters.CacheControl);
        foreach (var (name, _) in request.Extensions)
            scope.DropIf(name is not ("audio" or "image_config"), RequestPlace.OfExtension(name));
    }

    private static bool HasCacheMark(ChatRequest request)
    {
        if (request.CacheControl is not null) return true;
        foreach (var tool in request.Tools)
            if (tool.CacheControl is not null) return true;
        foreach (var message in request.Messages)
            if (HasCacheMark(message.Content)) return true;
        return false;
    }

    private static bool HasCacheMark(IReadOnlyList<ContentPart> content)
    {
        for (var i = 0; i < content.Count; i++)
            if (content[i].CacheControl is not null || (content[i] is ToolResultPart result && HasCacheMark(result.Content))) return true;
        return false;
    }
}
