using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>
/// Writes canonical events as chunks. It never ends a choice that the provider did not end. A signature over a tool call becomes an entry of
/// <c>reasoning_details</c> (see <see cref="OpenAIChatReasoningDetails.OfToolCallSignature"/>).
/// </summary>
internal sealed class OpenAIChatStreamWriter(AnswerHeader header) : ICallerStreamWriter
{
    private Dictionary<(int Choice, int Index), string>? callIds;

    /// <summary>What the chunks look like; the fast path writes through it too.</summary>
    public OpenAIChatChunkLayout Layout { get; } = new(header);

    /// <summary>Whether reasoning is kept from the caller.</summary>
    public bool ExcludeReasoning => header.ExcludeReasoning;

    /// <inheritdoc/>
    public void Write(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case TextDelta text: Layout.WriteText(text.Choice, text.Text, text.Logprobs, output); break;
            case ReasoningDelta reasoning: WriteReasoning(reasoning, output); break;
            case ToolCallDelta call: WriteToolCall(call, output); break;
            case RefusalDelta refusal: Layout.WriteRefusal(refusal.Choice, refusal.Text, output); break;
            case ImageDelta image: Layout.WriteImage(image.Choice, image.Image, output); break;
            case ExtensionDelta extension: Layout.WriteExtension(extension.Choice, extension.Name, extension.Json, output); break;
            case ChoiceStarted started: Layout.WriteRole(started.Choice, output); break;
            case ChoiceFinished finished: Layout.WriteFinish(finished.Choice, finished.Reason, finished.NativeReason, output); break;
            case ResponseStarted head: Layout.SetHead(head.SystemFingerprint, head.ServiceTier); break;
            case UsageReported or StreamFailed or StreamCompleted: break; // the caller of Complete and Fail knows them
            default: throw new ArgumentException($"An event of type {streamEvent.GetType().Name} has no place in a chunk.", nameof(streamEvent));
        }
    }

    /// <inheritdoc/>
    public void Complete(UsageReport usage, IBufferWriter<byte> output) => Layout.WriteEnd(usage, output);

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => Layout.WriteFailure(error, usage, output);

    private void WriteReasoning(ReasoningDelta reasoning, IBufferWriter<byte> output)
    {
        if (ExcludeReasoning) return;
        // Callers that know only the plain form get the structured form's text in it.
        Layout.WriteReasoning(reasoning.Choice, reasoning.Text ?? reasoning.Detail?.Text, reasoning.Detail, output);
    }

    private void WriteToolCall(ToolCallDelta call, IBufferWriter<byte> output)
    {
        var key = (call.Choice, call.Index);
        if (call.Id is not null) (callIds ??= [])[key] = call.Id;
        if (call.Id is not null || call.Name is not null || call.Arguments is not null)
            Layout.WriteToolCall(call.Choice, call.Index, call.Id, call.Name, call.Arguments, output);
        if (call.Signature is null || ExcludeReasoning) return;
        var id = callIds?.GetValueOrDefault(key);
        Layout.WriteReasoning(call.Choice, null, OpenAIChatReasoningDetails.OfToolCallSignature(id, call.Signature), output);
    }
}
