using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>One message of the wire: adjacent turns of one speaker.</summary>
internal sealed class AnthropicTurn(bool assistant)
{
    private int toolResults;

    public bool Assistant => assistant;

    public List<AnthropicBlock> Blocks { get; } = [];

    /// <summary>Tool results must stand before all else in a user message.</summary>
    public void AddToolResult(ToolResultBlock result) => Blocks.Insert(toolResults++, result);
}

/// <summary>
/// The canonical turns in the order and grouping that the wire demands (see <see cref="AnthropicMessagesDialect.WriteRequest"/>). Everything about the
/// conversation that cannot be said is found here, before a byte is written.
/// </summary>
internal sealed class AnthropicConversation
{
    private readonly AnthropicRequestScope scope;

    private AnthropicConversation(AnthropicRequestScope scope) => this.scope = scope;

    public List<AnthropicBlock> System { get; } = [];

    public List<AnthropicTurn> Turns { get; } = [];

    /// <summary>Whether the model is to continue a turn of its own.</summary>
    public bool HasPrefill => Turns[^1] is { Assistant: true } last && last.Blocks[^1] is TextBlock;

    /// <summary>
    /// Whether the model is to go on after results of tools that it called, as far as the conversation shows, without thinking: its thoughts were
    /// lost, or another model or mode called them. Of such a turn the API demands that it began with a thought, when a budget of thinking is asked for.
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
            throw new RouterException(RouterError.InvalidField("messages", "expected at least one user, assistant or tool message with content"));
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
                if (message.ToolCallId is not { Length: > 0 } callId)
                    throw new RouterException(RouterError.InvalidField($"messages[{index}].tool_call_id", "expected the id of the call that is answered"));
                TurnOf(assistant: false).AddToolResult(ToolResult(callId, Parts(message, index)));
                break;
            case ChatRole.User:
                AddBlocks(assistant: false, Parts(message, index));
                break;
            case ChatRole.Assistant:
                AddBlocks(assistant: true, AnthropicReasoningBlocks.Restore(message.ReasoningDetails));
                AddBlocks(assistant: true, Parts(message, index));
                AddBlocks(assistant: true, AnthropicToolCalls.Blocks(message, index));
                // generated media of other models: the wire has no place for the model's own
                if (message.Extensions.ContainsKey("images")) scope.Drop("messages.images");
                if (message.Extensions.ContainsKey("audio")) scope.Drop("messages.audio");
                break;
            default:
                throw new RouterException(RouterError.InvalidField($"messages[{index}].role", "expected system, developer, user, assistant or tool"));
        }
    }

    private List<AnthropicBlock> Parts(ChatMessage message, int index) => new AnthropicContentParts(scope, message, index).ToBlocks();

    private void AddBlocks(bool assistant, List<AnthropicBlock> blocks)
    {
        // a turn without content would be refused, so it leaves no trace
        if (blocks.Count > 0) TurnOf(assistant).Blocks.AddRange(blocks);
    }

    private AnthropicTurn TurnOf(bool assistant)
    {
        if (Turns.Count == 0 || Turns[^1].Assistant != assistant) Turns.Add(new AnthropicTurn(assistant));
        return Turns[^1];
    }

    private static ToolResultBlock ToolResult(string callId, List<AnthropicBlock> content)
    {
        // inside a result nothing can be marked for caching, only the result itself
        CacheControl? marker = null;
        foreach (var block in content)
        {
            marker = block.CacheControl ?? marker;
            block.CacheControl = null;
        }
        return new ToolResultBlock(AnthropicToolCalls.WireId(callId), content) { CacheControl = marker };
    }

    private void StripPrefill()
    {
        if (Turns[^1] is { Assistant: true } last && last.Blocks[^1] is TextBlock text) text.Text = text.Text.TrimEnd();
    }
}
