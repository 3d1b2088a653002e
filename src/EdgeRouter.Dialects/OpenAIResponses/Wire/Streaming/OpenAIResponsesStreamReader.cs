using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Streaming;

/// <summary>
/// Reads one stream. Events and items that it does not know are skipped. What an item says at its end and was not streamed is taken from there, since some
/// servers stream less than OpenAI. Nothing is read after the end.
/// </summary>
internal sealed class OpenAIResponsesStreamReader : IWireStreamReader
{
    private readonly OpenAIResponsesOpenItems items = new();
    private bool hasStarted;
    private bool hasEnded;

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events)
    {
        if (hasEnded || IsMark(data.Span)) return;
        Read(OpenAIResponsesStreamEvent.Parse(data.Span), data, events);
    }

    /// <summary>Whether the stream is over: nothing more is read.</summary>
    public bool IsOver => hasEnded;

    /// <summary>Whether it is the mark that ends a stream of the chat API, with which some servers end these too.</summary>
    public static bool IsMark(ReadOnlySpan<byte> data) => data.SequenceEqual("[DONE]"u8);

    /// <summary>Turns an event that was parsed into canonical events. Only while the stream is not over.</summary>
    /// <exception cref="UpstreamFormatException">The event is malformed.</exception>
    public void Read(in OpenAIResponsesStreamEvent read, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events)
    {
        try
        {
            Apply(read, data, events);
        }
        catch (InvalidOperationException error)
        {
            throw new UpstreamFormatException("A name in the stream is not valid Unicode.", error);
        }
    }

    private void Apply(in OpenAIResponsesStreamEvent read, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events)
    {
        switch (read.Type)
        {
            case "response.created" or "response.in_progress" or "response.queued": Start(read, events); break;
            case "response.output_item.added": items.Begin(IndexOf(read), read.Item, events); break;
            case "response.output_item.done": items.End(IndexOf(read), read.Item, events); break;
            case "response.output_text.delta":
                items.AddText(IndexOf(read), read.TextIndex ?? 0, TextOf(read), OpenAIResponsesParts.Logprobs((JsonElement?)read.Logprobs), events);
                break;
            case "response.refusal.delta": items.AddRefusal(IndexOf(read), read.TextIndex ?? 0, TextOf(read), events); break;
            case "response.reasoning_summary_text.delta": items.AddThought(IndexOf(read), read.TextIndex ?? 0, isSummary: true, TextOf(read), events); break;
            case "response.reasoning_text.delta": items.AddThought(IndexOf(read), read.TextIndex ?? 0, isSummary: false, TextOf(read), events); break;
            case "response.output_text.annotation.added": items.AddCitation(read.Annotation, events); break;
            case "response.function_call_arguments.delta": items.AddArguments(IndexOf(read), TextOf(read), events); break;
            case "response.completed": Complete(read, "completed", events); break;
            case "response.incomplete": Complete(read, "incomplete", events); break;
            case "response.failed" or "response.cancelled": Fail(read, events); break;
            case "error":
                hasEnded = true;
                events.Add(new StreamFailed(OpenAIChatErrorReader.ReadEvent(data.Span)));
                break;
        }
    }

    private void Start(in OpenAIResponsesStreamEvent read, ICollection<StreamEvent> events)
    {
        if (hasStarted) return;
        hasStarted = true;
        events.Add(new ResponseStarted(OpenAIResponsesJson.Text(read.Response, "id"u8), OpenAIResponsesJson.Text(read.Response, "model"u8), null,
            OpenAIResponsesJson.Text(read.Response, "service_tier"u8)));
        events.Add(new ChoiceStarted(0));
    }

    private void Complete(in OpenAIResponsesStreamEvent read, string status, ICollection<StreamEvent> events)
    {
        var (reason, native) = OpenAIResponsesReports.FinishOf(read.Response, items.HasCalls, status);
        Start(read, events);
        hasEnded = true;
        items.EndAll(events);
        events.Add(new ChoiceFinished(0, reason, native));
        if (OpenAIResponsesReports.UsageOf(read.Response) is { } usage) events.Add(new UsageReported(usage));
        events.Add(StreamCompleted.Instance);
    }

    private void Fail(in OpenAIResponsesStreamEvent read, ICollection<StreamEvent> events)
    {
        hasEnded = true;
        if (OpenAIResponsesReports.UsageOf(read.Response) is { } usage) events.Add(new UsageReported(usage));
        events.Add(new StreamFailed(OpenAIResponsesReports.FailureOf(read.Response)));
    }

    private static int IndexOf(in OpenAIResponsesStreamEvent read) =>
        read.OutputIndex ?? throw new UpstreamFormatException("An event about an item has no index.");

    private static string TextOf(in OpenAIResponsesStreamEvent read) => read.Delta ?? throw new UpstreamFormatException("A delta of the stream has no text.");
}
