using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>What a text cites.</summary>
/// <param name="Citation">A web page; null: something that the content model has no place for.</param>
/// <param name="Json">That, as the provider wrote it.</param>
internal readonly record struct ResponsesAnnotation(CitationPart? Citation, JsonElement Json)
{
    /// <summary>Writes it. Clients need the positions: 0 where the provider told none.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        if (Citation is not { } citation)
        {
            JsonBytes.Write(Json, output);
            return;
        }
        output.Write("{\"type\":\"url_citation\",\"url\":"u8);
        ((JsonText)citation.Url).WriteValue(output);
        output.Write(",\"title\":"u8);
        ((JsonText)(citation.Title ?? "")).WriteValue(output);
        output.Write(",\"start_index\":"u8);
        JsonBytes.Write(citation.Start ?? 0, output);
        output.Write(",\"end_index\":"u8);
        JsonBytes.Write(citation.End ?? 0, output);
        if (citation.Content is not null)
        {
            output.Write(",\"content\":"u8);
            ((JsonText)citation.Content).WriteValue(output);
        }
        output.Write("}"u8);
    }
}
