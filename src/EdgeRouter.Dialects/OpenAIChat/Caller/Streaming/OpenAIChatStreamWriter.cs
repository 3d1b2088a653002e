using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;

namespace EdgeRouter.Dialects.OpenAIChat.Caller.Streaming;

/// <summary>
/// Writes canonical events as chunks. A choice ends only if the provider ended it. A signature over a tool call becomes an entry of
/// <c>reasoning_details</c> (see <see cref="OpenAIChatReasoningDetails.OfToolCallSignature"/>).
/// </summary>
internal sealed class OpenAIChatStreamWriter(AnswerHeader header) : ICallerStreamWriter
{
    private Dictionary<(int Choice, int Part), Call>? calls;
    private Dictionary<int, int>? callCounts;

    /// <summary>What the chunks look like; the fast path writes through it too.</summary>
    public OpenAIChatChunkLayout Layout { get; } = new(header);

    /// <summary>Whether reasoning is left out of the answer.</summary>
    public bool ExcludeReasoning => header.ExcludeReasoning;

    /// <inheritdoc/>
    public void Write(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case TextDelta text: Layout.WriteText(text.Choice, text.Text, text.Logprobs, output); break;
            case ReasoningDelta reasoning: WriteReasoning(reasoning.Choice, reasoning.Text, reasoning.Block, output); break;
            case ToolCallDelta call: WriteToolCall(call, output); break;
            case RefusalDelta refusal: Layout.WriteRefusal(refusal.Choice, refusal.Text, output); break;
            case PartStarted { Head: ToolCallPart call } started: WriteToolCall(started, call, output); break;
            case PartAdded { Content: ImagePart image } added: Layout.WriteImage(added.Choice, image, output); break;
            case PartAdded { Content: ReasoningPart block } added: WriteReasoning(added.Choice, null, block, output); break;
            case CitationsAdded added: Layout.WriteCitations(added.Choice, added.Citations, output); break;
            case ExtensionDelta extension: Layout.WriteExtension(extension.Choice, extension.Name, extension.Json, output); break;
            case ChoiceStarted started: Layout.WriteRole(started.Choice, output); break;
            case ChoiceFinished finished: Layout.WriteFinish(finished.Choice, finished.Reason, finished.NativeReason, output); break;
            case ResponseStarted head: Layout.SetHead(head.SystemFingerprint, head.ServiceTier); break;
            case PartStarted or PartEnded: break; // chunks do not say where a part begins and ends
            case UsageReported or StreamFailed or StreamCompleted: break; // the caller of Complete and Fail knows them
            default: throw new ArgumentException($"An event of type {streamEvent.GetType().Name} has no place in a chunk.", nameof(streamEvent));
        }
    }

    /// <inheritdoc/>
    public void Complete(UsageReport usage, IBufferWriter<byte> output) => Layout.WriteEnd(usage, output);

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => Layout.WriteFailure(error, usage, output);

    private void WriteReasoning(int choice, string? text, ReasoningPart? block, IBufferWriter<byte> output)
    {
        if (ExcludeReasoning) return;
        // Callers that read only the plain form get the structured form's text in it.
        Layout.WriteReasoning(choice, text ?? block?.Text, block, output);
    }

    private void WriteToolCall(PartStarted started, ToolCallPart call, IBufferWriter<byte> output)
    {
        calls ??= [];
        callCounts ??= [];
        var number = callCounts.GetValueOrDefault(started.Choice);
        callCounts[started.Choice] = number + 1;
        calls[(started.Choice, started.Part)] = new Call(number, call.Id);
        Layout.WriteToolCall(started.Choice, number, call.Id, call.Name.Length == 0 ? null : call.Name, call.Arguments, output);
        WriteSignature(started.Choice, call.Id, call.Signature, output);
    }

    private void WriteToolCall(ToolCallDelta delta, IBufferWriter<byte> output)
    {
        if (calls is null || !calls.TryGetValue((delta.Choice, delta.Part), out var call))
            throw new ArgumentException("A piece of a tool call came before the call's beginning.", nameof(delta));
        if (delta.Name is not null || delta.Arguments is not null)
            Layout.WriteToolCall(delta.Choice, call.Number, null, delta.Name, delta.Arguments, output);
        WriteSignature(delta.Choice, call.Id, delta.Signature, output);
    }

    private void WriteSignature(int choice, string callId, string? signature, IBufferWriter<byte> output)
    {
        if (signature is not null) WriteReasoning(choice, null, OpenAIChatReasoningDetails.OfToolCallSignature(callId, signature), output);
    }

    /// <summary>A call that has begun: callers count calls, not parts.</summary>
    private readonly record struct Call(int Number, string Id);
}
