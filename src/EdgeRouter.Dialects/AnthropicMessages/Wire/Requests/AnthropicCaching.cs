using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Prompt-caching breakpoints.</summary>
internal static class AnthropicCaching
{
    /// <summary>Most breakpoints of a request; the API refuses more.</summary>
    private const int MaxBreakpoints = 4;

    /// <summary>
    /// Carries the request's automatic marker: a breakpoint on the last block that can have one. When the caller's own breakpoints use up the API's four,
    /// they are kept, and the automatic one is dropped and named.
    /// </summary>
    public static void MarkLastBlock(AnthropicConversation conversation, AnthropicRequestScope scope)
    {
        if (scope.Marker(scope.Request.CacheControl) is not { } marker) return;
        var block = conversation.Turns[^1].Blocks.FindLast(candidate => candidate.Cacheable);
        if (block?.CacheControl is not null) return;
        if (block is null || Count(conversation, scope.Request) >= MaxBreakpoints) scope.Drop(RequestParameters.CacheControl);
        else block.CacheControl = marker;
    }

    public static void Write(Utf8JsonWriter writer, CacheControl? marker)
    {
        if (marker is null) return;
        writer.WriteStartObject("cache_control"u8);
        writer.WriteString("type"u8, "ephemeral"u8);
        if (marker.Ttl is not null) writer.WriteString("ttl"u8, marker.Ttl);
        writer.WriteEndObject();
    }

    private static int Count(AnthropicConversation conversation, ChatRequest request) =>
        request.Tools.Count(tool => tool.CacheControl is not null)
        + conversation.System.Count(block => block.CacheControl is not null)
        + conversation.Turns.Sum(turn => turn.Blocks.Count(block => block.CacheControl is not null));
}
