using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>One message of the wire: adjacent turns of one role.</summary>
internal sealed class AnthropicTurn(bool assistant)
{
    private int toolResults;

    public bool Assistant => assistant;

    public List<AnthropicBlock> Blocks { get; } = [];

    /// <summary>Tool results must come first in a user message.</summary>
    public void AddToolResult(ToolResultBlock result) => Blocks.Insert(toolResults++, result);
}

/// <summary>
/// The canonical turns in the order and grouping that the wire requires (see <see cref="AnthropicMessagesWire.WriteRequest"/>). Everything in the
/// conversation that cannot be expressed is found here, before a byte is written.
/// </summary>
internal sealed class AnthropicConversation
{
    private readonly AnthropicRequestScope scope;

    private AnthropicConversation(AnthropicRequestScope scope) => this.scope = scope;

    public List<AnthropicBlock> System { get; } = [];

    public List<AnthropicTurn> Turns { get; } = [];

    /// <summary>Whether the model continues its own turn.</summary>
    public bool HasPrefill => Turns[^1] is { Assistant: true } last && last.Blocks[^1] is TextBlock;

    /// <summary>
    /// Whether the model continues after results of its tool calls in a turn without thinking blocks: they were lost, or another model made the calls.
    /// The API requires such a turn to begin with a thinking block when a thinking budget is set.
    /// </summary>
    public bool ContinuesWithoutThought
    {
        get
        {
            var calls = false;
            for (var i = Turns.Count - 1; i >= 0; i--)
            {
                var blocks = Turns[i].Blocks;
                if (Turns[i].Assistant) calls = true;
                else if (blocks[0] is not ToolResultBlock) break;
                if (blocks.Exists(block => block is ThinkingBlock or RedactedThinkingBlock)) return false;
            }
            return calls && !Turns[^1].Assistant && Turns[^1].Blocks[0] is ToolResultBlock;
        }
    }

    public static AnthropicConversation Arrange(AnthropicRequestScope scope)
    {
        var conversation = new AnthropicConversation(scope);
        var messages = scope.Request.Messages;
        for (var i = 0; i < messages.Count; i++) conversation.Add(messages[i], i);
        if (conversation.Turns.Count == 0)
            throw scope.Refuse(RequestPlace.Messages, "expected at least one user, assistant or tool message with content");
        conversation.StripPrefill();
        AnthropicCaching.MarkLastBlock(conversation, scope);
        return conversation;
    }

    private void Add(ChatMessage message, int index)
    {
        switch (message.Role)
        {
            case ChatRole.System or ChatRole.Developer:
                System.AddRange(Parts(message, index));
                break;
            case ChatRole.Tool:
                AddResults(message, index);
                break;
            case ChatRole.User:
                AddBlocks(assistant: false, Parts(message, index));
                break;
            case ChatRole.Assistant:
                AddBlocks(assistant: true, Parts(message, index));
                // the wire has no place for speech of the model's own
                if (message.Extensions.ContainsKey("audio")) scope.Drop(RequestPlace.OfMessage(RequestPlace.Any, RequestField.GeneratedAudio));
                break;
            default:
                throw scope.Refuse(RequestPlace.OfMessage(index, RequestField.Role), "expected system, developer, user, assistant or tool");
        }
    }

    private void AddResults(ChatMessage message, int index)
    {
        for (var i = 0; i < message.Content.Count; i++)
        {
            var place = RequestPlace.OfPart(index, i);
            if (message.Content[i] is not ToolResultPart result) throw scope.Refuse(place, "expected the result of a tool");
            if (result.CallId.Length == 0) throw scope.Refuse(place with { Field = RequestField.CallId }, "expected the id of the call that is answered");
            TurnOf(assistant: false).AddToolResult(ToolResult(result, new AnthropicContentParts(scope, message, index).ToBlocks(result, place)));
        }
    }

    private List<AnthropicBlock> Parts(ChatMessage message, int index) => new AnthropicContentParts(scope, message, index).ToBlocks();

    private void AddBlocks(bool assistant, List<AnthropicBlock> blocks)
    {
        // a turn without content would be refused, so it is left out
        if (blocks.Count > 0) TurnOf(assistant).Blocks.AddRange(blocks);
    }

    private AnthropicTurn TurnOf(bool assistant)
    {
        if (Turns.Count == 0 || Turns[^1].Assistant != assistant) Turns.Add(new AnthropicTurn(assistant));
        return Turns[^1];
    }

    private ToolResultBlock ToolResult(ToolResultPart result, List<AnthropicBlock> content)
    {
        // inside a result nothing can be marked for caching, only the result itself
        var marker = scope.Marker(result.CacheControl);
        foreach (var block in content)
        {
            marker = block.CacheControl ?? marker;
            block.CacheControl = null;
        }
        return new ToolResultBlock(AnthropicToolCalls.WireId(result.CallId), content) { CacheControl = marker, IsError = result.IsError };
    }

    private void StripPrefill()
    {
        if (Turns[^1] is { Assistant: true } last && last.Blocks[^1] is TextBlock text) text.Text = text.Text.TrimEnd();
    }
}
