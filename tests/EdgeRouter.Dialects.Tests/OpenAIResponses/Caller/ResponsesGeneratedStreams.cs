using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Tests.Conversation;

namespace EdgeRouter.Dialects.Tests.OpenAIResponses.Caller;

/// <summary>Streams of any parts in any order, cut into any pieces. Calls of tools that follow each other send their arguments by turns.</summary>
internal static class ResponsesGeneratedStreams
{
    private static readonly string[] Words = ["a", "word ", "é漢😀 \"quoted\"\n", "a longer line of text", ""];
    private static readonly FinishReason[] Reasons = [FinishReason.Stop, FinishReason.Length, FinishReason.ToolCalls, FinishReason.ContentFilter];

    public static List<StreamEvent> Next(Random random)
    {
        List<StreamEvent> events = [new ResponseStarted("up-1", "one-v1"), new ChoiceStarted(0)];
        var part = 0;
        for (var i = random.Next(7); i > 0; i--)
        {
            switch (random.Next(7))
            {
                case 0: Text(TextPart.Empty, piece => new TextDelta(0, part, piece)); break;
                case 1: Text(RefusalPart.Empty, piece => new RefusalDelta(0, part, piece)); break;
                case 2: Calls(events, ref part, random); break;
                case 3: events.Add(new PartAdded(0, part++, new ImagePart("data:image/png;base64,AA=="))); break;
                case 4:
                    events.Add(new CitationsAdded(0, part, [new CitationPart("https://x", "X", null, 0, 1), new CitationPart("https://y")]));
                    part += 2;
                    break;
                case 5: Thought(events, ref part, random); break;
                default:
                    events.Add(new PartAdded(0, part++, new ReasoningPart(ReasoningKind.Encrypted) { Data = "d", Format = ReasoningFormats.Anthropic }));
                    break;
            }
        }
        events.Add(new ChoiceFinished(0, Reasons[random.Next(Reasons.Length)], null));
        events.Add(StreamCompleted.Instance);
        return events;

        void Text(ContentPart head, Func<string, PartEvent> delta)
        {
            events.Add(new PartStarted(0, part, head));
            foreach (var piece in PartStreams.Cut(Words[random.Next(Words.Length)], random)) events.Add(delta(piece));
            events.Add(new PartEnded(0, part++));
        }
    }

    private static void Thought(List<StreamEvent> events, ref int part, Random random)
    {
        var kind = random.Next(3);
        var block = kind switch
        {
            0 => new ReasoningPart(ReasoningKind.Text) { Format = ReasoningFormats.Anthropic, Index = part },
            1 => new ReasoningPart(ReasoningKind.Summary) { Format = ReasoningFormats.OpenAIResponses, Id = "rs_" + random.Next(2), Index = part },
            _ => new ReasoningPart(ReasoningKind.Plain),
        };
        events.Add(new PartStarted(0, part, block));
        foreach (var piece in PartStreams.Cut(Words[random.Next(Words.Length)], random))
            events.Add(kind == 2 ? new ReasoningDelta(0, part, piece, null) : new ReasoningDelta(0, part, null, block with { Text = piece }));
        if (kind == 0 && random.Next(2) == 0) events.Add(new ReasoningDelta(0, part, null, block with { Signature = "sig" }));
        events.Add(new PartEnded(0, part++));
    }

    private static void Calls(List<StreamEvent> events, ref int part, Random random)
    {
        var first = part;
        part += random.Next(1, 4);
        var left = new List<(int Part, Queue<string> Pieces)>();
        for (var i = first; i < part; i++)
        {
            var name = random.Next(2) == 0 ? "f" : "g";
            events.Add(new PartStarted(0, i, new ToolCallPart($"call_{i}", name, "")
            {
                // One that is signed comes alone: its signature follows it.
                Signature = first + 1 == part && random.Next(3) == 0 ? "sig" : null,
            }));
            left.Add((i, new Queue<string>(PartStreams.Cut("{\"input\":\"" + random.Next(1000) + "\"}", random))));
        }
        while (left.Count > 0)
        {
            var index = random.Next(left.Count);
            if (left[index].Pieces.TryDequeue(out var piece)) events.Add(new ToolCallDelta(0, left[index].Part, piece));
            else
            {
                events.Add(new PartEnded(0, left[index].Part));
                left.RemoveAt(index);
            }
        }
    }
}
