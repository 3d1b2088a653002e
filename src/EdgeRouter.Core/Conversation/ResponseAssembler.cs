using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>Assembles the events of a stream into the whole answer. Not thread-safe.</summary>
/// <param name="joinExtensions">
/// Joins two values of one extension of a choice: its name, the earlier value, the later one. Null: the later one replaces the earlier.
/// </param>
public sealed class ResponseAssembler(Func<string, JsonElement, JsonElement, JsonElement>? joinExtensions = null)
{
    private readonly SortedList<int, AssembledChoice> choices = [];
    private readonly Dictionary<string, JsonElement> extensions = new(StringComparer.Ordinal);
    private ResponseStarted? head;
    private TokenUsage? usage;
    private UpstreamError? error;

    /// <summary>Whether the provider reported that the answer is complete.</summary>
    public bool Completed { get; private set; }

    /// <summary>Choices so far.</summary>
    public int ChoiceCount => choices.Count;

    /// <summary>Takes the next event.</summary>
    /// <exception cref="ArgumentException">The event is about a part that has not begun.</exception>
    public void Add(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case PartEvent part: Choice(part.Choice).Add(part); break;
            case ChoiceStarted started: Choice(started.Choice); break;
            case ChoiceFinished finished: Choice(finished.Choice).Finish = finished; break;
            case ExtensionDelta { Choice: { } choice } extension: Choice(choice).Add(extension, joinExtensions); break;
            case ExtensionDelta extension: extensions[extension.Name] = extension.Json; break;
            case ResponseStarted started: head = started; break;
            case UsageReported report: usage = report.Usage; break;
            case StreamFailed failed: error = failed.Error; break;
            case StreamCompleted: Completed = true; break;
        }
    }

    /// <summary>The answer so far.</summary>
    public ChatResponse ToResponse()
    {
        var built = new ChatChoice[choices.Count];
        for (var i = 0; i < built.Length; i++) built[i] = choices.GetValueAtIndex(i).ToChoice();
        return new ChatResponse
        {
            UpstreamId = head?.UpstreamId,
            UpstreamModel = head?.UpstreamModel,
            SystemFingerprint = head?.SystemFingerprint,
            ServiceTier = head?.ServiceTier,
            Choices = built,
            Usage = usage,
            Error = error,
            Extensions = extensions,
        };
    }

    private AssembledChoice Choice(int index)
    {
        if (choices.TryGetValue(index, out var known)) return known;
        var added = new AssembledChoice(index);
        choices.Add(index, added);
        return added;
    }
}
