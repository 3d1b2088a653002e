using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Streaming;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.PassThrough;

/// <summary>
/// A stream between a provider and a caller that both speak Responses. It writes what <see cref="CanonicalStreamTranscoder"/> writes, and copies what the
/// content model has no place for at its place: items of hosted and custom tools, with their events, and citations of files. Not thread-safe.
/// </summary>
/// <param name="writer">Writes the caller's events.</param>
internal sealed class ResponsesStreamPatcher(ResponsesStreamWriter writer) : IStreamTranscoder
{
    private readonly OpenAIResponsesStreamReader reader = new();
    private readonly List<StreamEvent> events = [];
    private readonly Dictionary<int, int> copied = [];
    private readonly HashSet<int> hidden = [];

    /// <summary>Events that were copied.</summary>
    public long CopiedEvents { get; private set; }

    /// <inheritdoc/>
    public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
    {
        if (reader.IsOver || OpenAIResponsesStreamReader.IsMark(data.Span)) return;
        var read = OpenAIResponsesStreamEvent.Parse(data.Span);
        events.Clear();
        reader.Read(read, data, events);
        var isCopied = read.Item.ValueKind == JsonValueKind.Object && !ResponsesCopiedItems.IsCarried(read.Item);
        foreach (var streamEvent in events)
        {
            progress.Observe(streamEvent);
            // The same item is not told twice.
            if (isCopied && streamEvent is PartStarted started) hidden.Add(started.Part);
            if (streamEvent is not PartEvent part || !hidden.Contains(part.Part)) writer.Write(streamEvent, output);
        }
        if (!TryCopy(read, data, output)) return;
        CopiedEvents++;
        progress.TokenSeen = true;
        progress.Kept?.Spoil();
    }

    /// <inheritdoc/>
    public void Complete(UsageReport usage, IBufferWriter<byte> output) => writer.Complete(usage, output);

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => writer.Fail(error, usage, output);

    private bool TryCopy(in OpenAIResponsesStreamEvent read, ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        try
        {
            return Copy(read, data, output);
        }
        catch (InvalidOperationException error)
        {
            throw new UpstreamFormatException("A name in the stream is not valid Unicode.", error);
        }
    }

    private bool Copy(in OpenAIResponsesStreamEvent read, ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        if (read.OutputIndex is not { } index) return false;
        if (read.Item.ValueKind == JsonValueKind.Object && !ResponsesCopiedItems.IsCarried(read.Item))
        {
            if (!copied.ContainsKey(index)) copied.Add(index, writer.BeginCopied(read.Item, output));
            if (read.Type == "response.output_item.done") writer.EndCopied(copied[index], read.Item, output);
            return true;
        }
        if (copied.TryGetValue(index, out var own))
        {
            writer.WriteCopied(JsonElement.Parse(data.Span), own, output);
            return true;
        }
        if (read.Annotation.ValueKind != JsonValueKind.Object || ResponsesCopiedItems.IsCarriedCitation(read.Annotation)) return false;
        writer.WriteCitation(read.Annotation, output);
        return true;
    }
}
