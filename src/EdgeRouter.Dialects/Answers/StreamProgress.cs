using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Exchanges;

namespace EdgeRouter.Dialects.Answers;

/// <summary>
/// What has been seen of one answer so far; what relaying, metering and failover decide on. Filled by an <see cref="IStreamTranscoder"/>. Not
/// thread-safe.
/// </summary>
public sealed class StreamProgress
{
    /// <summary>A real token was seen: text, reasoning, refusal, tool call, image or audio. Empty deltas and roles do not count.</summary>
    public bool TokenSeen { get; set; }

    /// <summary>The provider said that the stream is complete.</summary>
    public bool Completed { get; set; }

    /// <summary>The provider reported an error in the stream.</summary>
    public UpstreamError? Error { get; set; }

    /// <summary>Tokens as last reported.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>Finish reason of the last choice that ended.</summary>
    public FinishReason? FinishReason { get; set; }

    /// <summary>The provider's own word for the finish reason.</summary>
    public string? NativeFinishReason { get; set; }

    /// <summary>The provider's id of the answer.</summary>
    public string? UpstreamId { get; set; }

    /// <summary>Service tier served.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>UTF-8 bytes of text, reasoning and tool arguments seen: the basis of a count when the provider reports no usage.</summary>
    public long OutputBytes { get; set; }

    /// <summary>
    /// Output seen in the unit of the operation, where usage does not report it: images, seconds, characters or bytes. Not set for operations of tokens.
    /// </summary>
    public double OutputCount { get; set; }

    /// <summary>The text so far; null: it is not kept.</summary>
    public KeptText? Kept { get; set; }

    /// <summary>True when another provider began the answer: it may then have nothing to add.</summary>
    public bool IsContinuation { get; set; }

    /// <summary>Choices that ended.</summary>
    public int FinishedChoices { get; set; }

    /// <summary>Tool calls seen; null: none.</summary>
    public SeenToolCalls? ToolCalls { get; set; }

    /// <summary>Updates the state from a canonical event.</summary>
    public void Observe(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case TextDelta { Text.Length: > 0 } text:
                Token(text.Text);
                Kept?.Append(text.Text);
                break;
            case RefusalDelta { Text.Length: > 0 } refusal:
                Token(refusal.Text);
                Kept?.Spoil();
                break;
            case ReasoningDelta reasoning: Token(reasoning.Text ?? reasoning.Block?.Text ?? ""); break;
            case PartStarted { Head: ToolCallPart call } started: Call(started.Choice, started.Part, call); break;
            case ToolCallDelta call:
                Token(call.Arguments ?? "");
                (ToolCalls ??= new SeenToolCalls()).Add(call.Choice, call.Part, call.Name, call.Arguments);
                break;
            case PartAdded { Content: ReasoningPart }: TokenSeen = true; break;
            case PartAdded or CitationsAdded or ExtensionDelta { Choice: not null }:
                TokenSeen = true;
                Kept?.Spoil();
                break;
            case ChoiceFinished finished:
                FinishedChoices++;
                FinishReason = finished.Reason;
                NativeFinishReason = finished.NativeReason;
                break;
            case UsageReported usage: Usage = usage.Usage; break;
            case StreamFailed failed: Error = failed.Error; break;
            case StreamCompleted: Completed = true; break;
            case ResponseStarted started:
                UpstreamId = started.UpstreamId ?? UpstreamId;
                ServiceTier = started.ServiceTier ?? ServiceTier;
                break;
        }
    }

    /// <summary>Updates the state from a whole answer.</summary>
    public void Observe(ChatResponse response)
    {
        UpstreamId = response.UpstreamId;
        ServiceTier = response.ServiceTier;
        Usage = response.Usage;
        Error = response.Error;
        Completed = response.Error is null;
        foreach (var choice in response.Choices)
        {
            Observe(choice.Message, choice.Index);
            if (choice.FinishReason is null) continue;
            FinishReason = choice.FinishReason;
            NativeFinishReason = choice.NativeFinishReason;
        }
    }

    private void Observe(ChatMessage message, int choice)
    {
        var content = message.Content;
        // Reasoning that comes twice, as readable text and as blocks, is counted once.
        var isReadable = false;
        foreach (var part in content.Of<ReasoningPart>()) isReadable |= part.Kind == ReasoningKind.Plain || part.Readable is not null;
        for (var i = 0; i < content.Count; i++)
        {
            switch (content[i])
            {
                case TextPart text: Text(text.Text); break;
                case RefusalPart refusal: Text(refusal.Text); break;
                case ReasoningPart { Kind: ReasoningKind.Plain } plain: Text(plain.Text); break;
                case ReasoningPart block:
                    TokenSeen = true;
                    Text(isReadable ? block.Readable : block.Text);
                    break;
                case ToolCallPart call: Call(choice, i, call); break;
                default: TokenSeen = true; break;
            }
        }
        if (message.Extensions.Count > 0) TokenSeen = true;
    }

    private void Call(int choice, int part, ToolCallPart call)
    {
        Token(call.Arguments);
        (ToolCalls ??= new SeenToolCalls()).Add(choice, part, call.Name.Length == 0 ? null : call.Name, call.Arguments);
    }

    private void Text(string? text)
    {
        if (!string.IsNullOrEmpty(text)) Token(text);
    }

    private void Token(string text)
    {
        TokenSeen = true;
        OutputBytes += System.Text.Encoding.UTF8.GetByteCount(text);
    }
}
