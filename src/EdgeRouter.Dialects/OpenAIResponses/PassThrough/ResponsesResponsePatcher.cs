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
    private ResponsesOutput? items;
    private ResponsesStatus status;
    private string? serviceTier;

    /// <inheritdoc/>
    /// <remarks>It walks everything that is written, so that a malformed answer fails here, where another endpoint can still answer.</remarks>
    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        var response = OpenAIResponsesAnswerReader.Read(body);
        progress.Observe(response);
        var built = new ResponsesOutput(header, asked, ResponsesEvents.Untold);
        try
        {
            using var document = JsonDocument.Parse(body);
            progress.TokenSeen |= AddItems(document.RootElement, built);
        }
        catch (InvalidOperationException error)
        {
            throw new UpstreamFormatException("A name in the answer is not valid Unicode.", error);
        }
        var choice = response.Choices.Count > 0 ? response.Choices[0] : null;
        status = ResponsesStatus.Of(choice?.FinishReason, built.Refuses);
        built.Complete(status);
        serviceTier = response.ServiceTier;
        items = built;
    }

    /// <inheritdoc/>
    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        if (items is null) throw new InvalidOperationException("Nothing was read.");
        var error = status == ResponsesStatus.Failed ? ResponsesStatus.BrokenOff : null;
        new ResponsesObject(header, asked).Write(status, items.Items, error, usage, serviceTier, output);
    }

    /// <summary>Takes the items of a response.</summary>
    /// <returns>Whether any is copied.</returns>
    private static bool AddItems(JsonElement response, ResponsesOutput items)
    {
        var open = new OpenAIResponsesOpenItems();
        var events = new List<StreamEvent>();
        var index = 0;
        var hasCopied = false;
        foreach (var item in OpenAIResponsesJson.Objects(response, "output"))
        {
            if (!ResponsesCopiedItems.IsCarried(item))
            {
                hasCopied = true;
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
        return hasCopied;
    }
}
