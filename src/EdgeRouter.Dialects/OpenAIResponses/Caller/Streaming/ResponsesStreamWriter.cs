using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;

/// <summary>
/// Writes canonical events as the events of one response. The last one repeats the whole response, which is kept for it. A broken stream ends with an
/// error and the failed response, so that clients of either kind see it.
/// </summary>
/// <param name="header">The head of the answer.</param>
/// <param name="asked">What it tells of the request.</param>
internal sealed class ResponsesStreamWriter(AnswerHeader header, ResponsesAsked asked) : ICallerStreamWriter
{
    private readonly ResponsesEvents events = new();
    private readonly ResponsesObject response = new(header, asked);
    private ResponsesOutput? items;
    private string? serviceTier;
    private ChoiceFinished? finish;
    private int? choice;

    /// <inheritdoc/>
    public void Write(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case PartEvent part when IsShown(part.Choice):
                Started(output).Add(part);
                break;
            case ChoiceFinished finished when IsShown(finished.Choice): finish ??= finished; break;
            case ResponseStarted head: serviceTier = head.ServiceTier; break;
            case PartEvent or ChoiceFinished or ChoiceStarted or ExtensionDelta: break; // one choice, without members of other APIs
            case UsageReported or StreamFailed or StreamCompleted: break; // the caller of Complete and Fail knows them
            default: throw new ArgumentException($"An event of type {streamEvent.GetType().Name} has no place in a response.", nameof(streamEvent));
        }
    }

    /// <inheritdoc/>
    public void Complete(UsageReport report, IBufferWriter<byte> output)
    {
        var done = Started(output);
        var status = ResponsesStatus.Of(finish?.Reason, done.Refuses);
        if (status == ResponsesStatus.Failed)
        {
            Fail(ResponsesStatus.BrokenOff, report, output);
            return;
        }
        done.Complete(status);
        events.OpenResponse(status.IsIncomplete ? "response.incomplete"u8 : "response.completed"u8, output);
        response.Write(status, done.Items, null, report, serviceTier, output);
        ResponsesEvents.Close(output);
        output.Write(SseWriter.Done);
    }

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport report, IBufferWriter<byte> output)
    {
        items?.Break();
        events.WriteError(error, output);
        events.OpenResponse("response.failed"u8, output);
        response.Write(ResponsesStatus.Failed, items?.Items ?? [], error, report, serviceTier, output);
        ResponsesEvents.Close(output);
    }

    /// <summary>An item that is copied begins.</summary>
    /// <returns>Its index.</returns>
    public int BeginCopied(JsonElement item, IBufferWriter<byte> output) => Started(output).BeginCopied(item);

    /// <summary>An item that is copied is whole.</summary>
    public void EndCopied(int index, JsonElement item, IBufferWriter<byte> output) => Started(output).EndCopied(index, item);

    /// <summary>An event of an item that is copied.</summary>
    public void WriteCopied(JsonElement copied, int index, IBufferWriter<byte> output)
    {
        Started(output);
        events.Copy(copied, index);
    }

    /// <summary>A citation that is copied.</summary>
    public void WriteCitation(JsonElement annotation, IBufferWriter<byte> output) => Started(output).AddCitation(annotation);

    /// <summary>The first choice is the response.</summary>
    private bool IsShown(int other) => (choice ??= other) == other;

    private ResponsesOutput Started(IBufferWriter<byte> output)
    {
        events.Output = output;
        if (items is not null) return items;
        WriteHead("response.created"u8, output);
        WriteHead("response.in_progress"u8, output);
        return items = new ResponsesOutput(header, asked, events);
    }

    private void WriteHead(ReadOnlySpan<byte> type, IBufferWriter<byte> output)
    {
        events.OpenResponse(type, output);
        response.Write(ResponsesStatus.InProgress, [], null, null, serviceTier, output);
        ResponsesEvents.Close(output);
    }
}
