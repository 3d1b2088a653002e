using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>Turns the content of one message into blocks. Blank texts are left out: the API refuses them.</summary>
internal sealed class AnthropicContentParts(AnthropicRequestScope scope, ChatMessage message, int index)
{
    private readonly List<AnthropicBlock> blocks = [];
    private string? namePrefix = message.Role == ChatRole.Tool || string.IsNullOrWhiteSpace(message.Name) ? null : message.Name + ": ";

    public List<AnthropicBlock> ToBlocks()
    {
        for (var i = 0; i < message.Content.Count; i++) Add(message.Content[i], $"messages[{index}].content[{i}]");
        if (message.Refusal is not null) AddText(message.Refusal, null);
        if (namePrefix is not null) scope.Drop("name");
        return blocks;
    }

    private void Add(ContentPart part, string field)
    {
        switch (part)
        {
            case TextPart text:
                AddText(text.Text, text.CacheControl);
                break;
            case ImagePart or FilePart when message.Role is ChatRole.Assistant or ChatRole.System or ChatRole.Developer:
                throw Refuse(field, "expected text: this upstream takes images and files only from users and tools");
            case ImagePart image:
                if (image.Detail is not null and not "auto") scope.Drop("image_url.detail");
                AddMedia(AnthropicMedia.FromImage(image, field + ".image_url.url"), part);
                break;
            case FilePart file:
                AddMedia(AnthropicMedia.FromFile(file, field + ".file"), part);
                break;
            case AudioPart:
                throw Refuse(field + ".input_audio", "this upstream takes no audio; expected text, image_url or file");
            case VideoPart:
                throw Refuse(field + ".video_url", "this upstream takes no video; expected text, image_url or file");
            default:
                throw Refuse(field + ".type", "expected text, image_url or file: this upstream takes no other part");
        }
    }

    private void AddText(string text, CacheControl? marker)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            if (marker is not null) scope.Drop("cache_control");
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

    private static RouterException Refuse(string field, string expected) => new(RouterError.InvalidField(field, expected));
}
