using EdgeRouter.Core.Routing.Affinity;

namespace EdgeRouter.Dialects.Validation;

/// <summary>Whose turn a message is.</summary>
internal enum ConversationTurn : byte
{
    /// <summary>Instructions of the system or the developer.</summary>
    Instructions,

    /// <summary>The user's.</summary>
    User,

    /// <summary>The model's.</summary>
    Assistant,

    /// <summary>A tool's result.</summary>
    Tool,
}

/// <summary>What a walk over the messages finds out about the conversation as a whole.</summary>
internal struct ConversationFacts
{
    private ulong hash;
    private bool hasInstructions;
    private bool hasOther;
    private bool calledTools;
    private bool calledToolsBefore;
    private bool answersTools;

    /// <summary>Whether the current text belongs to the messages that identify the conversation.</summary>
    public bool NamesConversation { get; private set; }

    /// <summary>Whether there was a reasoning block that its provider signed or encrypted.</summary>
    public bool HasSignedReasoning { get; set; }

    /// <summary>Whether the model called tools in any turn.</summary>
    public bool HasToolCalls { get; private set; }

    /// <summary>The range of the text, if the content part checked last was plain text only; else empty.</summary>
    public (int Start, int End) PlainText { get; set; }

    /// <summary>Whether the last messages are results of tools that the model called.</summary>
    public readonly bool IsInToolLoop => answersTools;

    /// <summary>Whether the last message is the model's.</summary>
    public bool EndsWithAssistant { get; private set; }

    /// <summary>Hash of the texts and media of the first instructions and of the first other message; null: there is no message.</summary>
    public readonly ulong? Hash => hasInstructions || hasOther ? StableHash.Mix(hash) : null;

    /// <summary>A message begins.</summary>
    public void BeginTurn(ConversationTurn turn)
    {
        EndsWithAssistant = turn == ConversationTurn.Assistant;
        var isInstructions = turn == ConversationTurn.Instructions;
        NamesConversation = isInstructions ? !hasInstructions : !hasOther;
        // The mark makes one long message differ from the same text in two.
        if (NamesConversation) hash = StableHash.Add(hash, isInstructions ? "instructions"u8 : "other"u8);
        hasInstructions |= isInstructions;
        hasOther |= !isInstructions;
        answersTools = turn switch
        {
            ConversationTurn.Tool => calledTools,
            ConversationTurn.Instructions => answersTools,
            _ => false,
        };
        calledToolsBefore = calledTools;
        if (turn is ConversationTurn.User or ConversationTurn.Assistant) calledTools = false;
    }

    /// <summary>The model called a tool in the current turn.</summary>
    public void AddToolCall() => HasToolCalls = calledTools = true;

    /// <summary>The current turn, the user's, holds the result of a tool: some APIs have no turn of its own for it.</summary>
    public void AddToolResult() => answersTools = calledTools = calledToolsBefore;

    /// <summary>Text or media of the current turn, where <see cref="NamesConversation"/>.</summary>
    public void Add(ReadOnlySpan<byte> content) => hash = StableHash.Add(hash, content);

    /// <summary>The message has ended.</summary>
    public void EndTurn() => NamesConversation = false;
}
