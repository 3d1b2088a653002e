using System.Text;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Joins the events of the scripted provider to a whole answer. Not thread-safe.</summary>
internal sealed class ResponseAssembler
{
    private readonly SortedDictionary<int, Choice> choices = [];
    private ResponseStarted? started;
    private TokenUsage? usage;

    public bool Completed { get; private set; }

    public void Add(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted first: started = first; break;
            case ChoiceStarted choice: choices[choice.Choice] = new Choice(); break;
            case TextDelta text: choices[text.Choice].Text.Append(text.Text); break;
            case ReasoningDelta delta: choices[delta.Choice].AddReasoning(delta); break;
            case ToolCallDelta call: choices[call.Choice].AddCall(call); break;
            case ImageDelta image: choices[image.Choice].Images.Add(image.Image); break;
            case ChoiceFinished finished: choices[finished.Choice].Finished = finished; break;
            case UsageReported report: usage = report.Usage; break;
            case StreamCompleted: Completed = true; break;
        }
    }

    public ChatResponse ToResponse() => new()
    {
        UpstreamId = started?.UpstreamId,
        UpstreamModel = started?.UpstreamModel,
        Choices = [.. choices.Select(entry => entry.Value.ToChoice(entry.Key))],
        Usage = usage,
    };

    private sealed class Choice
    {
        private readonly StringBuilder reasoning = new();
        private readonly List<(string Id, string Name, StringBuilder Arguments)> calls = [];
        private string? signature;

        public StringBuilder Text { get; } = new();

        public List<ContentPart> Images { get; } = [];

        public ChoiceFinished? Finished { get; set; }

        public void AddReasoning(ReasoningDelta delta)
        {
            reasoning.Append(delta.Text);
            signature = delta.Detail?.Signature ?? signature;
        }

        public void AddCall(ToolCallDelta delta)
        {
            if (delta.Id is { } id) calls.Add((id, delta.Name!, new StringBuilder()));
            calls[delta.Index].Arguments.Append(delta.Arguments);
        }

        public ChatChoice ToChoice(int index) => new()
        {
            Index = index,
            Message = new ChatMessage
            {
                Role = ChatRole.Assistant,
                Content = Text.Length > 0 ? [new TextPart(Text.ToString()), .. Images] : Images,
                ToolCalls = [.. calls.Select(call => new ToolCall(call.Id, call.Name, call.Arguments.ToString()))],
                Reasoning = reasoning.Length > 0 ? reasoning.ToString() : null,
                ReasoningDetails = reasoning.Length > 0
                    ? [new ReasoningDetail { Kind = ReasoningDetailKind.Text, Text = reasoning.ToString(), Signature = signature,
                        Format = ReasoningFormats.Unknown, Index = 0 }]
                    : [],
            },
            FinishReason = Finished?.Reason,
            NativeFinishReason = Finished?.NativeReason,
        };
    }
}
