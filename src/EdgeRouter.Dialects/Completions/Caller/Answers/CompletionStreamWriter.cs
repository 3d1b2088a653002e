using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Completions.Caller.Answers;

/// <summary>
/// Writes canonical events as chunks of a completion. Text and refusals become text; reasoning has no place in this API. Not thread-safe.
/// </summary>
/// <param name="header">The head of every chunk.</param>
/// <param name="echo">The prompt that each choice begins with; null: none.</param>
internal sealed class CompletionStreamWriter(AnswerHeader header, string? echo) : ICallerStreamWriter
{
    private readonly CompletionChunkLayout layout = new(header);

    public void Write(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ResponseStarted head: layout.SetFingerprint(head.SystemFingerprint); break;
            case ChoiceStarted started when echo is not null: WriteText(started.Choice, echo, output); break;
            case TextDelta { Text.Length: > 0 } text: WriteText(text.Choice, text.Text, output); break;
            case RefusalDelta { Text.Length: > 0 } refusal: WriteText(refusal.Choice, refusal.Text, output); break;
            case ChoiceFinished finished:
                layout.WriteChoice(finished.Choice, "", default, finished.Reason, finished.NativeReason, output);
                break;
        }
    }

    public void Complete(UsageReport usage, IBufferWriter<byte> output) => layout.WriteEnd(usage, output);

    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => layout.WriteFailure(error, usage, output);

    private void WriteText(int choice, string text, IBufferWriter<byte> output) => layout.WriteChoice(choice, text, default, null, JsonText.Null, output);
}
