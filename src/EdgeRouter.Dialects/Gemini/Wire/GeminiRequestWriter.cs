using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>Writes a <c>GenerateContentRequest</c>. The model and whether to stream stand in the path, not here.</summary>
internal static class GeminiRequestWriter
{
    // Relaxed: the default encoder turns every '+' of base64 data into six bytes, and nothing here is ever put into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        var gate = new GeminiParameterGate(target, dropped);
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        new GeminiContentsWriter(json, target.Model, gate).Write(request.Messages);
        GeminiToolsWriter.Write(json, request, gate);
        new GeminiGenerationConfigWriter(json, target, gate).Write(request);
        WriteServiceTier(json, request.ServiceTier, gate);
        json.WriteEndObject();
        DropTheRest(request, gate);
    }

    private static void WriteServiceTier(Utf8JsonWriter json, string? tier, GeminiParameterGate gate)
    {
        // "auto" asks for what the provider does unasked.
        if (tier is null or "auto" || !gate.Takes(RequestParameters.ServiceTier, "service_tier")) return;
        switch (tier)
        {
            case "default" or "standard": json.WriteString("serviceTier"u8, "standard"u8); break;
            case "flex": json.WriteString("serviceTier"u8, "flex"u8); break;
            case "priority" or "fast": json.WriteString("serviceTier"u8, "priority"u8); break;
            default: gate.Drop("service_tier"); break;
        }
    }

    /// <summary>Names what the wire has no place for at all.</summary>
    private static void DropTheRest(ChatRequest request, GeminiParameterGate gate)
    {
        var sampling = request.Sampling;
        gate.DropIf(sampling.MinP is not null, "min_p");
        gate.DropIf(sampling.TopA is not null, "top_a");
        gate.DropIf(sampling.RepetitionPenalty is not null, "repetition_penalty");
        gate.DropIf(request.ParallelToolCalls is not null, "parallel_tool_calls");
        gate.DropIf(request.Verbosity is not null, "verbosity");
        gate.DropIf(request.User is not null, "user");
        // Gemini caches long prompts unasked; its explicit cache is a resource of its own, not a mark in the request.
        gate.DropIf(HasCacheMark(request), "cache_control");
        foreach (var (name, _) in request.Extensions)
            gate.DropIf(name is not ("audio" or "image_config"), name);
    }

    private static bool HasCacheMark(ChatRequest request)
    {
        if (request.CacheControl is not null) return true;
        foreach (var tool in request.Tools)
            if (tool.CacheControl is not null) return true;
        foreach (var message in request.Messages)
            foreach (var part in message.Content)
                if (part.CacheControl is not null) return true;
        return false;
    }
}
