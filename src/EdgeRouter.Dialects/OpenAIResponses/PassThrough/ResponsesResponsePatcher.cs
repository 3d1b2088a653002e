using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Streaming;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.PassThrough;

/// <summary>
/// A whole answer between a provider and a caller that both speak Responses. It writes what <see cref="CanonicalResponseTranscoder"/> writes, and copies what
/// the content model has no place for. Not thread-safe.
/// </summary>
/// <param name="header">The head of the answer.</param>
/// <param name="asked">What it tells of the request.</param>
internal sealed class ResponsesResponsePatcher(AnswerHeader header, ResponsesAsked asked) : IResponseTranscoder
{
    private ReadOnlyMemory<byte> body;
    private ChatResponse? response;

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        this.body = body;
        response = OpenAIResponsesAnswerReader.Read(body);
        progress.Observe(response);
        progress.TokenSeen |= HasCopied();
    }

    /// <inheritdoc/>
    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        if (response is null) throw new InvalidOperationException("Nothing was read.");
        using var document = JsonDocument.Parse(body);
        var items = new ResponsesOutput(header, asked, ResponsesEvents.Untold);
        var open = new OpenAIResponsesOpenItems();
        var events = new List<StreamEvent>();
        var index = 0;
        foreach (var item in OpenAIResponsesJson.Objects(document.RootElement, "output"))
        {
            if (!ResponsesCopiedItems.IsCarried(item))
            {
                items.EndCopied(items.BeginCopied(item), item);
                continue;
            }
            events.Clear();
            open.End(index++, item, events);
            foreach (var streamEvent in events)
                if (streamEvent is PartEvent part) items.Add(part);
            foreach (var content in OpenAIResponsesJson.Objects(item, "content"))
                foreach (var annotation in OpenAIResponsesJson.Objects(content, "annotations"))
                    if (!ResponsesCopiedItems.IsCarriedCitation(annotation)) items.AddCitation(annotation);
        }
        var choice = response.Choices.Count > 0 ? response.Choices[0] : null;
        var status = ResponsesStatus.Of(choice?.FinishReason, items.Refuses);
        items.Complete(status);
        var error = status == ResponsesStatus.Failed ? ResponsesStatus.BrokenOff : null;
        new ResponsesObject(header, asked).Write(status, items.Items, error, usage, response.ServiceTier, output);
    }

    private bool HasCopied()
    {
        using var document = JsonDocument.Parse(body);
        var hasCopied = false;
        try
        {
            foreach (var item in OpenAIResponsesJson.Objects(document.RootElement, "output")) hasCopied |= !ResponsesCopiedItems.IsCarried(item);
        }
        catch (InvalidOperationException error)
        {
            throw new UpstreamFormatException("A name in the answer is not valid Unicode.", error);
        }
        return hasCopied;
    }
}
