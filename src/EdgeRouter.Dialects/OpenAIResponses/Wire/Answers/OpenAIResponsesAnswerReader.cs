using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;

/// <summary>
/// Reads a whole answer. It has one choice; each text, call and thought is a part, in their order, and the web pages that a text cites follow it. Unknown
/// items are skipped.
/// </summary>
internal sealed class OpenAIResponsesAnswerReader
{
    private readonly List<ContentPart> parts = [];
    private int thoughts;
    private JsonElement? logprobs;

    private OpenAIResponsesAnswerReader()
    {
    }

    /// <summary>Reads a body.</summary>
    /// <exception cref="UpstreamFormatException">It is not a response.</exception>
    public static ChatResponse Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return new OpenAIResponsesAnswerReader().Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("The answer is not valid JSON.", error);
        }
    }

    private ChatResponse Read(JsonElement response)
    {
        var error = OpenAIResponsesReports.ErrorOf(response);
        if (error is null && (response.ValueKind != JsonValueKind.Object || !response.TryGetProperty("output"u8, out var output)
            || output.ValueKind != JsonValueKind.Array))
            throw new UpstreamFormatException("The answer is not a response: it has no output array.");
        foreach (var item in OpenAIResponsesJson.Objects(response, "output")) ReadItem(item);
        var reason = FinishReason.Error;
        string? native = "failed";
        if (error is null) (reason, native) = OpenAIResponsesReports.FinishOf(response, parts.Has<ToolCallPart>());
        return new ChatResponse
        {
            UpstreamId = OpenAIResponsesJson.Text(response, "id"u8),
            UpstreamModel = OpenAIResponsesJson.Text(response, "model"u8),
            ServiceTier = OpenAIResponsesJson.Text(response, "service_tier"u8),
            Usage = OpenAIResponsesReports.UsageOf(response),
            Error = error,
            Choices = error is not null && parts.Count == 0 ? [] :
            [
                new ChatChoice
                {
                    Index = 0,
                    Message = new ChatMessage { Role = ChatRole.Assistant, Content = parts },
                    FinishReason = reason,
                    NativeFinishReason = native,
                    Logprobs = logprobs,
                },
            ],
        };
    }

    private void ReadItem(JsonElement item)
    {
        switch (OpenAIResponsesJson.Text(item, "type"u8))
        {
            case "message":
                foreach (var content in OpenAIResponsesJson.Objects(item, "content")) ReadContent(content);
                break;
            case "reasoning":
                var id = OpenAIResponsesJson.Text(item, "id"u8);
                foreach (var text in OpenAIResponsesJson.Objects(item, "summary")) AddThought(text, isSummary: true, id);
                foreach (var text in OpenAIResponsesJson.Objects(item, "content")) AddThought(text, isSummary: false, id);
                if (OpenAIResponsesParts.Encrypted(item, thoughts) is { } encrypted)
                {
                    parts.Add(encrypted);
                    thoughts++;
                }
                break;
            case "function_call":
                parts.Add(new ToolCallPart(
                    OpenAIResponsesJson.Text(item, "call_id"u8) ?? throw new UpstreamFormatException("A call of the answer has no call_id."),
                    OpenAIResponsesJson.Text(item, "name"u8) ?? throw new UpstreamFormatException("A call of the answer has no name."),
                    OpenAIResponsesJson.Text(item, "arguments"u8) ?? ""));
                break;
            case "image_generation_call" when OpenAIResponsesParts.Image(item) is { } image: parts.Add(image); break;
        }
    }

    private void ReadContent(JsonElement content)
    {
        if (OpenAIResponsesJson.Text(content, "refusal"u8) is { Length: > 0 } refusal)
        {
            parts.Add(new RefusalPart(refusal));
            return;
        }
        var place = parts.Count;
        foreach (var annotation in OpenAIResponsesJson.Objects(content, "annotations"))
            if (OpenAIResponsesParts.Citation(annotation) is { } citation) parts.Add(citation);
        var text = OpenAIResponsesJson.Text(content, "text"u8) ?? "";
        if (text.Length > 0 || parts.Count > place) parts.Insert(place, new TextPart(text));
        logprobs ??= OpenAIResponsesParts.Logprobs(content);
    }

    private void AddThought(JsonElement text, bool isSummary, string? id)
    {
        if (OpenAIResponsesJson.Text(text, "text"u8) is { Length: > 0 } said) parts.Add(OpenAIResponsesParts.Thought(isSummary, id, thoughts++, said));
    }
}
