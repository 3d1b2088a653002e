using System.Buffers;
using System.Text.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>Anthropic's <c>POST /messages/count_tokens</c>: a request without the members that have no tokens, which it refuses.</summary>
internal static class AnthropicTokenCount
{
    private static readonly string[] Members =
        ["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control", "mcp_servers"];

    /// <summary>Deeper than any body may be.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    /// <summary>Writes the body.</summary>
    public static void Write(ReadOnlyMemory<byte> request, IBufferWriter<byte> output)
    {
        using var json = JsonDocument.Parse(request, Deep);
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = 1024 });
        writer.WriteStartObject();
        foreach (var name in Members)
            if (json.RootElement.TryGetProperty(name, out var value))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        writer.WriteEndObject();
    }
}
