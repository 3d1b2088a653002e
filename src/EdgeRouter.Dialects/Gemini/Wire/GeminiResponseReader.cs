using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>Reads a whole answer. It is the same object as an event of a stream, so it is read as a stream of one event and put together.</summary>
internal static class GeminiResponseReader
{
    /// <exception cref="UpstreamFormatException">It is not an answer, or holds neither a candidate nor a reason for having none.</exception>
    public static ChatResponse Read(ReadOnlyMemory<byte> body)
    {
        var events = new List<StreamEvent>();
        new GeminiStreamReader().Read(default, body, events);

        var choices = new SortedDictionary<int, GeminiChoiceBuilder>();
        var started = new ResponseStarted(null, null);
        TokenUsage? usage = null;
        foreach (var streamEvent in events)
        {
            switch (streamEvent)
            {
                case StreamFailed failed: throw new UpstreamFormatException($"The answer is an error of type {failed.Error.Type ?? "unknown"}.");
                case ResponseStarted first: started = first; break;
                case ChoiceStarted choice: choices.Add(choice.Choice, new GeminiChoiceBuilder(choice.Choice)); break;
                case TextDelta text: choices[text.Choice].Add(text); break;
                case ReasoningDelta reasoning: choices[reasoning.Choice].Add(reasoning); break;
                case ToolCallDelta call: choices[call.Choice].Add(call); break;
                case ImageDelta image: choices[image.Choice].Add(image); break;
                case ExtensionDelta { Choice: { } choice } extension: choices[choice].Add(extension); break;
                case ChoiceFinished finished: choices[finished.Choice].Add(finished); break;
                case UsageReported reported: usage = reported.Usage; break;
            }
        }
        if (choices.Count == 0) throw new UpstreamFormatException("The answer has no candidates.");
        return new ChatResponse
        {
            UpstreamId = started.UpstreamId,
            UpstreamModel = started.UpstreamModel,
            ServiceTier = started.ServiceTier,
            Choices = [.. choices.Values.Select(choice => choice.Build())],
            Usage = usage,
        };
    }
}
