using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Streaming;

/// <summary>
/// Writes canonical events as the events of one message. Blocks begin with their first content, so that empty ones are left out. A text stays open
/// until another block begins, because its citations may come late. Calls of tools may be open together, each under its own index.
/// </summary>
internal sealed class MessagesStreamWriter(AnswerHeader header) : ICallerStreamWriter
{
    private const int None = -1;

    private readonly Dictionary<int, MessagesOpenBlock> open = [];
    private TokenUsage usage;
    private string? serviceTier;
    private ChoiceFinished? finish;
    private int? choice;
    private int blocks;
    private int text = None;
    private bool hasStarted;
    private bool callsTools;
    private bool refuses;

    /// <inheritdoc/>
    public void Write(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case PartEvent part when IsShown(part.Choice): Write(part, output); break;
            case ChoiceFinished finished when IsShown(finished.Choice): finish ??= finished; break;
            case ResponseStarted head: serviceTier = head.ServiceTier; break;
            case UsageReported report: usage = report.Usage; break;
            case PartEvent or ChoiceFinished or ChoiceStarted or ExtensionDelta: break; // one choice, without members of other APIs
            case StreamFailed or StreamCompleted: break; // the caller of Complete and Fail knows them
            default: throw new ArgumentException($"An event of type {streamEvent.GetType().Name} has no place in a message.", nameof(streamEvent));
        }
    }

    /// <inheritdoc/>
    public void Complete(UsageReport report, IBufferWriter<byte> output)
    {
        Start(output);
        foreach (var block in open.Values) End(block, output);
        open.Clear();
        EndText(output);
        var reason = MessagesStopReasons.Of(finish?.Reason, finish?.NativeReason, callsTools, refuses);
        MessagesEventLayout.WriteEnd(reason, finish?.StopSequence, report, serviceTier, output);
    }

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport report, IBufferWriter<byte> output) => MessagesEventLayout.WriteError(error, report, output);

    /// <summary>The number of the block that a delta of a part continues; null: it begins one, or is not shown.</summary>
    public int? IndexOf(int part, bool isText)
    {
        if (isText) return text == None ? null : text;
        return open.TryGetValue(part, out var block) && block.HasBegun && !(block.IsThought && header.ExcludeReasoning) ? block.Index : null;
    }

    /// <summary>The number of a block that is copied, which begins now.</summary>
    public int BeginCopied(IBufferWriter<byte> output)
    {
        EndText(output);
        return Next(output);
    }

    /// <summary>The number of the text that a citation is about, which begins if there is none.</summary>
    public int BeginCited(IBufferWriter<byte> output)
    {
        BeginText(output);
        return text;
    }

    /// <summary>The number of the text that is open for its citations; null: none is.</summary>
    public int? OpenText => text == None ? null : text;

    /// <summary>Ends the text that is open for its citations, if one is.</summary>
    public void EndText(IBufferWriter<byte> output)
    {
        if (text == None) return;
        MessagesEventLayout.Stop(text, output);
        text = None;
    }

    /// <summary>The first choice is the message.</summary>
    private bool IsShown(int other) => (choice ??= other) == other;

    private void Write(PartEvent part, IBufferWriter<byte> output)
    {
        switch (part)
        {
            case PartStarted started: Begin(started, output); break;
            case PartEnded ended: End(ended, output); break;
            case PartAdded added: Add(added.Content, output); break;
            case CitationsAdded added: AddCitations(added.Citations, output); break;
            case TextDelta { Part: TextDelta.NoPart }: break; // log probabilities alone
            case TextDelta delta: AddText(delta.Text, output); break;
            case RefusalDelta delta: AddText(delta.Text, output); break;
            case ReasoningDelta delta: AddThought(OpenBlockOf(delta), delta, output); break;
            case ToolCallDelta delta: AddCall(OpenBlockOf(delta), delta, output); break;
        }
    }

    private void Begin(PartStarted started, IBufferWriter<byte> output)
    {
        EndText(output);
        refuses |= started.Head is RefusalPart;
        if (started.Head is TextPart or RefusalPart) return;
        var block = new MessagesOpenBlock(started.Head);
        open.Add(started.Part, block);
        if (started.Head is ReasoningPart { Text.Length: > 0 } thought) AddThought(block, thought.Text, output);
        if (started.Head is not ToolCallPart call) return;
        if (call.Name.Length > 0) BeginCall(block, call.Name, output);
        if (call.Arguments.Length > 0) AddInput(block, call.Arguments, output);
    }

    private void End(PartEnded ended, IBufferWriter<byte> output)
    {
        // A text stays open for its citations.
        if (open.Remove(ended.Part, out var block)) End(block, output);
    }

    /// <summary>
    /// Some providers continue a call behind the finish reason, which has ended it: nothing can be added to a block that its caller has whole.
    /// </summary>
    private MessagesOpenBlock OpenBlockOf(PartEvent delta) =>
        open.GetValueOrDefault(delta.Part) ?? throw new UpstreamFormatException("The stream continues a part that has ended.");

    private void Add(ContentPart part, IBufferWriter<byte> output)
    {
        EndText(output);
        switch (part)
        {
            case ImagePart image:
                AddText(MessagesResponseWriter.TextOf(image), output);
                break;
            case ReasoningPart reasoning:
                var thought = MessagesThought.Of(reasoning, header.ExcludeReasoning);
                if (thought.Text is { } said)
                {
                    MessagesEventLayout.StartThinking(Next(output), output);
                    if (said.Length > 0) MessagesEventLayout.WriteThinking(blocks - 1, said, output);
                    if (thought.Signature.Length > 0) MessagesEventLayout.WriteSignature(blocks - 1, thought.Signature, output);
                    MessagesEventLayout.Stop(blocks - 1, output);
                }
                if (thought.Data is { } data) MessagesEventLayout.WriteRedacted(Next(output), data, output);
                break;
        }
    }

    private void AddCitations(IReadOnlyList<CitationPart> citations, IBufferWriter<byte> output)
    {
        BeginText(output);
        foreach (var citation in citations) MessagesEventLayout.WriteCitation(text, citation, output);
    }

    private void AddText(string piece, IBufferWriter<byte> output)
    {
        if (piece.Length == 0) return;
        BeginText(output);
        MessagesEventLayout.WriteText(text, piece, output);
    }

    private void AddThought(MessagesOpenBlock block, ReasoningDelta delta, IBufferWriter<byte> output)
    {
        AddThought(block, delta.Block?.Text ?? delta.Text, output);
        if (delta.Block is not { } piece) return;
        block.Note(piece);
        if (block.IsOpaque || piece.Signature is not { Length: > 0 } signature) return;
        BeginThought(block, output);
        MessagesEventLayout.WriteSignature(block.Index, MessagesThought.Sign(block.Reasoning, signature), output);
    }

    private void AddThought(MessagesOpenBlock block, string? piece, IBufferWriter<byte> output)
    {
        if (header.ExcludeReasoning || piece is not { Length: > 0 }) return;
        BeginThought(block, output);
        MessagesEventLayout.WriteThinking(block.Index, piece, output);
    }

    private void AddCall(MessagesOpenBlock block, ToolCallDelta delta, IBufferWriter<byte> output)
    {
        if (delta.Name is { Length: > 0 } name) BeginCall(block, name, output);
        if (delta.Signature is { Length: > 0 } signature) block.Signature = signature;
        if (delta.Arguments is { Length: > 0 } arguments) AddInput(block, arguments, output);
    }

    private void AddInput(MessagesOpenBlock block, string arguments, IBufferWriter<byte> output)
    {
        BeginCall(block, "", output);
        MessagesEventLayout.WriteInput(block.Index, arguments, output);
    }

    private void BeginText(IBufferWriter<byte> output)
    {
        if (text != None) return;
        text = Next(output);
        MessagesEventLayout.StartText(text, output);
    }

    private void BeginThought(MessagesOpenBlock block, IBufferWriter<byte> output)
    {
        if (block.HasBegun) return;
        block.Index = Next(output);
        MessagesEventLayout.StartThinking(block.Index, output);
    }

    private void BeginCall(MessagesOpenBlock block, string name, IBufferWriter<byte> output)
    {
        if (block.HasBegun) return;
        callsTools = true;
        block.Index = Next(output);
        MessagesEventLayout.StartToolUse(block.Index, block.CallId, name, output);
    }

    private void End(MessagesOpenBlock block, IBufferWriter<byte> output)
    {
        if (block.IsCall) BeginCall(block, "", output);
        if (block.HasBegun) MessagesEventLayout.Stop(block.Index, output);
        if (block.OpaqueData() is { } data) MessagesEventLayout.WriteRedacted(Next(output), data, output);
    }

    private int Next(IBufferWriter<byte> output)
    {
        Start(output);
        return blocks++;
    }

    // Some providers report the input after their first event, but the start event must state it.
    private void Start(IBufferWriter<byte> output)
    {
        if (hasStarted) return;
        hasStarted = true;
        MessagesEventLayout.WriteStart(header, usage, serviceTier, output);
    }
}
