using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Requests;

/// <summary>Writes the turns of a conversation as the items of <c>input</c>, in their order.</summary>
internal readonly struct OpenAIResponsesInputWriter(Utf8JsonWriter json, ChatRequest request, WireTarget target, ICollection<string> dropped)
{
    /// <summary>Writes the member.</summary>
    public void Write()
    {
        json.WriteStartArray("input"u8);
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (message.Name is not null) target.Drop(RequestPlace.OfMessage(i, RequestField.Name), dropped);
            if (message.Extensions.ContainsKey("audio")) target.Drop(RequestPlace.OfMessage(i, RequestField.GeneratedAudio), dropped);
            switch (message.Role)
            {
                case ChatRole.Assistant: WriteTurn(message.Content, i); break;
                case ChatRole.Tool: WriteResults(message.Content, i); break;
                default: WriteMessage(message, i); break;
            }
        }
        json.WriteEndArray();
    }

    private void WriteMessage(ChatMessage message, int index)
    {
        Open("message"u8);
        json.WriteString("role"u8, message.Role switch { ChatRole.System => "system"u8, ChatRole.Developer => "developer"u8, _ => "user"u8 });
        json.WritePropertyName("content"u8);
        WriteContent(message.Content, RequestPlace.OfMessage(index), index, null);
        json.WriteEndObject();
    }

    private void WriteResults(IReadOnlyList<ContentPart> content, int index)
    {
        for (var i = 0; i < content.Count; i++)
        {
            if (content[i] is not ToolResultPart result) throw target.Refuse(request, RequestPlace.OfPart(index, i), "expected the result of a tool");
            NameMarker(result);
            if (result.IsError) target.Drop(RequestPlace.OfAnyPart(RequestField.IsError), dropped);
            Open("function_call_output"u8);
            json.WriteString("call_id"u8, result.CallId);
            json.WritePropertyName("output"u8);
            WriteContent(result.Content, RequestPlace.OfPart(index, i), index, i);
            json.WriteEndObject();
        }
    }

    /// <summary>Writes parts as a text, where they are one, or as a list.</summary>
    private void WriteContent(IReadOnlyList<ContentPart> content, RequestPlace holder, int message, int? result)
    {
        if (content is [TextPart only])
        {
            NameMarker(only);
            json.WriteStringValue(only.Text);
            return;
        }
        if (content.Count == 0)
        {
            json.WriteStringValue(""u8);
            return;
        }
        json.WriteStartArray();
        for (var i = 0; i < content.Count; i++)
            WritePart(content[i], result is null ? RequestPlace.OfPart(message, i) : holder.InResult(i));
        json.WriteEndArray();
    }

    private void WritePart(ContentPart part, RequestPlace place)
    {
        NameMarker(part);
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type"u8, "input_text"u8);
                json.WriteString("text"u8, text.Text);
                break;
            case ImagePart image:
                json.WriteString("type"u8, "input_image"u8);
                json.WriteString("image_url"u8, image.Url);
                json.WriteString("detail"u8, image.Detail ?? "auto");
                break;
            case FilePart file:
                json.WriteString("type"u8, "input_file"u8);
                if (file.FileName is not null) json.WriteString("filename"u8, file.FileName);
                if (file.Data is { } data) json.WriteString(data.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? "file_data"u8 : "file_url"u8, data);
                else if (file.FileId is { } id) json.WriteString("file_id"u8, id);
                break;
            case AudioPart audio:
                json.WriteString("type"u8, "input_audio"u8);
                json.WriteStartObject("input_audio"u8);
                json.WriteString("data"u8, audio.Data);
                json.WriteString("format"u8, audio.Format);
                json.WriteEndObject();
                break;
            default:
                throw target.Refuse(request, place with { Field = RequestField.Type },
                    "expected a text, an image, a file or audio: the provider takes nothing else");
        }
        json.WriteEndObject();
    }

    /// <summary>What the model did: texts in a row are a message; every other part is an item.</summary>
    private void WriteTurn(IReadOnlyList<ContentPart> content, int index)
    {
        var isOpen = false;
        for (var i = 0; i < content.Count; i++)
        {
            NameMarker(content[i]);
            if (content[i] is TextPart or RefusalPart)
            {
                if (!isOpen) OpenAnswer();
                isOpen = true;
                WriteSaid(content[i]);
                continue;
            }
            if (content[i] is CitationPart) continue; // of what was said; the text is enough
            if (isOpen) CloseAnswer();
            isOpen = false;
            switch (content[i])
            {
                case ToolCallPart call:
                    Open("function_call"u8);
                    json.WriteString("call_id"u8, call.Id);
                    json.WriteString("name"u8, call.Name);
                    json.WriteString("arguments"u8, call.Arguments);
                    json.WriteEndObject();
                    break;
                case ReasoningPart: i = WriteReasoning(content, i); break;
                case ImagePart: target.Drop(RequestPlace.OfMessage(index, RequestField.GeneratedImages), dropped); break;
                default: throw target.Refuse(request, RequestPlace.OfPart(index, i, RequestField.Type), "expected what a model says");
            }
        }
        if (isOpen) CloseAnswer();
    }

    private void OpenAnswer()
    {
        Open("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
    }

    private void CloseAnswer()
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteSaid(ContentPart part)
    {
        json.WriteStartObject();
        if (part is RefusalPart refusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteString("refusal"u8, refusal.Text);
        }
        else
        {
            json.WriteString("type"u8, "output_text"u8);
            json.WriteString("text"u8, ((TextPart)part).Text);
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>Writes the parts of one reasoning item again, if they are of this wire and encrypted: nothing else of it is known to the provider.</summary>
    /// <returns>Index of the last part of the item.</returns>
    private int WriteReasoning(IReadOnlyList<ContentPart> content, int start)
    {
        var first = (ReasoningPart)content[start];
        var (end, encrypted) = (start, default(string));
        for (; end < content.Count && content[end] is ReasoningPart part && part.Format == first.Format && part.Id == first.Id; end++)
        {
            if (part.Kind != ReasoningKind.Encrypted) continue;
            encrypted = part.Data;
            end++;
            break;
        }
        if (first.Format != ReasoningFormats.OpenAIResponses || string.IsNullOrEmpty(encrypted)) return end - 1;
        Open("reasoning"u8);
        if (first.Id is not null) json.WriteString("id"u8, first.Id);
        WriteTexts("summary"u8, "summary_text"u8, ReasoningKind.Summary, content, start, end);
        if (Has(ReasoningKind.Text, content, start, end)) WriteTexts("content"u8, "reasoning_text"u8, ReasoningKind.Text, content, start, end);
        json.WriteString("encrypted_content"u8, encrypted);
        json.WriteEndObject();
        return end - 1;
    }

    private void WriteTexts(ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, ReasoningKind kind, IReadOnlyList<ContentPart> content, int start, int end)
    {
        json.WriteStartArray(name);
        for (var i = start; i < end; i++)
        {
            if (content[i] is not ReasoningPart part || part.Kind != kind) continue;
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteString("text"u8, part.Text ?? "");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static bool Has(ReasoningKind kind, IReadOnlyList<ContentPart> content, int start, int end)
    {
        for (var i = start; i < end; i++)
            if (content[i] is ReasoningPart part && part.Kind == kind) return true;
        return false;
    }

    private void Open(ReadOnlySpan<byte> type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
    }

    private void NameMarker(ContentPart part)
    {
        if (part.CacheControl is not null) target.Drop(RequestParameters.CacheControl, dropped);
    }
}
