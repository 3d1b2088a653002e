using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Turns the content of one message into blocks, in its order. Blank texts are left out: the API refuses them.</summary>
internal sealed class AnthropicContentParts(AnthropicRequestScope scope, ChatMessage message, int index)
{
    private readonly List<AnthropicBlock> blocks = [];
    private string? namePrefix = message.Role == ChatRole.Tool || string.IsNullOrWhiteSpace(message.Name) ? null : message.Name + ": ";

    /// <summary>The blocks of a message that is no result of a tool.</summary>
    /// <exception cref="RouterException">400: a part cannot be expressed on this wire.</exception>
    public List<AnthropicBlock> ToBlocks()
    {
        for (var i = 0; i < message.Content.Count;)
        {
            if (message.Content[i] is ReasoningPart && message.Role == ChatRole.Assistant) i = AddReasoning(i);
            else Add(message.Content[i], RequestPlace.OfPart(index, i++));
        }
        if (namePrefix is not null) scope.Drop(RequestPlace.OfMessage(RequestPlace.Any, RequestField.Name));
        return blocks;
    }

    /// <summary>The blocks inside a result of a tool.</summary>
    /// <param name="result">The part of the message.</param>
    /// <param name="place">Its place.</param>
    /// <exception cref="RouterException">400: a part cannot be expressed on this wire.</exception>
    public List<AnthropicBlock> ToBlocks(ToolResultPart result, RequestPlace place)
    {
        for (var i = 0; i < result.Content.Count; i++) Add(result.Content[i], place.InResult(i));
        return blocks;
    }

    private int AddReasoning(int start)
    {
        if (AnthropicReasoningBlocks.Restore(message.Content, start, out var end) is { } block) blocks.Add(block);
        return end;
    }

    private void Add(ContentPart part, RequestPlace place)
    {
        switch (part)
        {
            case TextPart text:
                AddText(text.Text, text.CacheControl);
                break;
            case RefusalPart refusal:
                AddText(refusal.Text, null);
                break;
            case ImagePart { IsGenerated: true }:
                // the wire has no place for images of the model's own
                scope.Drop(RequestPlace.OfMessage(RequestPlace.Any, RequestField.GeneratedImages));
                break;
            case ImagePart or FilePart when message.Role is ChatRole.Assistant or ChatRole.System or ChatRole.Developer:
                throw scope.Refuse(place, "expected text: this provider takes images and files only from users and tools");
            case ImagePart image:
                if (image.Detail is not null and not "auto") scope.Drop(RequestPlace.OfAnyPart(RequestField.Detail));
                AddMedia(AnthropicMedia.FromImage(image, scope, place), part);
                break;
            case FilePart file:
                AddMedia(AnthropicMedia.FromFile(file, scope, place), part);
                break;
            case ToolCallPart call when message.Role == ChatRole.Assistant:
                blocks.Add(AnthropicToolCalls.Block(call, scope, place));
                break;
            case CitationPart:
                break; // shown to the caller; a model has no use for them
            case AudioPart:
                throw scope.Refuse(place with { Field = RequestField.Media }, "this provider takes no audio; expected text, an image or a file");
            case VideoPart:
                throw scope.Refuse(place with { Field = RequestField.Media }, "this provider takes no video; expected text, an image or a file");
            default:
                throw scope.Refuse(place with { Field = RequestField.Type }, "expected text, an image or a file: this provider takes no other part");
        }
    }

    private void AddText(string text, CacheControl? marker)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            if (marker is not null) scope.Drop(RequestParameters.CacheControl);
            return;
        }
        blocks.Add(new TextBlock(namePrefix + text) { CacheControl = scope.Marker(marker) });
        namePrefix = null;
    }

    private void AddMedia(MediaBlock block, ContentPart part)
    {
        block.CacheControl = scope.Marker(part.CacheControl);
        blocks.Add(block);
    }
}
