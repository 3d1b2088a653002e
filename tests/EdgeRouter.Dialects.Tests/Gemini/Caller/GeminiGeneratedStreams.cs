using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Tests.Conversation;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>Streams of any parts in any order, cut into any pieces, in one or two candidates. Calls in a row send their arguments by turns.</summary>
internal static class GeminiGeneratedStreams
{
    private static readonly string[] Words = ["a", "word ", "é漢😀 \"quoted\"\n", "a longer line of text", ""];
    private static readonly FinishReason[] Reasons = [FinishReason.Stop, FinishReason.Length, FinishReason.ToolCalls, FinishReason.ContentFilter];

    public static List<StreamEvent> Next(Random random)
    {
        List<StreamEvent> events = [new ResponseStarted("up-1", "one-v1")];
        var choices = random.Next(3) == 0 ? 2 : 1;
        for (var choice = 0; choice < choices; choice++) events.Add(new ChoiceStarted(choice));
        for (var choice = 0; choice < choices; choice++)
        {
            var part = 0;
            for (var i = random.Next(7); i > 0; i--) Part(events, choice, ref part, random);
            events.Add(new ChoiceFinished(choice, Reasons[random.Next(Reasons.Length)], null));
        }
        events.Add(StreamCompleted.Instance);
        return events;
    }

    private static void Part(List<StreamEvent> events, int choice, ref int part, Random random)
    {
        var number = part;
        switch (random.Next(7))
        {
            case 0: Text(TextPart.Empty, piece => new TextDelta(choice, number, piece)); break;
            case 1: Text(RefusalPart.Empty, piece => new RefusalDelta(choice, number, piece)); break;
            case 2:
                Calls(events, choice, ref part, random);
                return;
            case 3: events.Add(new PartAdded(choice, part, new ImagePart("data:image/png;base64,AA=="))); break;
            case 4:
                events.Add(new CitationsAdded(choice, part, [new CitationPart("https://x", "X", null, 0, 1), new CitationPart("https://y")]));
                part++;
                break;
            case 5: Thought(events, choice, part, random); break;
            default:
                events.Add(new PartAdded(choice, part, new ReasoningPart(ReasoningKind.Encrypted)
                {
                    Data = "d",
                    Format = random.Next(2) == 0 ? ReasoningFormats.Anthropic : ReasoningFormats.Gemini,
                }));
                break;
        }
        part++;

        void Text(ContentPart head, Func<string, PartEvent> delta)
        {
            events.Add(new PartStarted(choice, number, head));
            foreach (var piece in PartStreams.Cut(Words[random.Next(Words.Length)], random)) events.Add(delta(piece));
            events.Add(new PartEnded(choice, number));
        }
    }

    private static void Thought(List<StreamEvent> events, int choice, int part, Random random)
    {
        var kind = random.Next(3);
        var block = kind switch
        {
            0 => new ReasoningPart(ReasoningKind.Text) { Format = ReasoningFormats.Anthropic, Index = part },
            1 => new ReasoningPart(ReasoningKind.Summary) { Format = ReasoningFormats.OpenAIResponses, Id = "rs_" + random.Next(2), Index = part },
            _ => new ReasoningPart(ReasoningKind.Plain),
        };
        events.Add(new PartStarted(choice, part, block));
        foreach (var piece in PartStreams.Cut(Words[random.Next(Words.Length)], random))
            events.Add(kind == 2 ? new ReasoningDelta(choice, part, piece, null) : new ReasoningDelta(choice, part, null, block with { Text = piece }));
        if (kind == 0 && random.Next(2) == 0) events.Add(new ReasoningDelta(choice, part, null, block with { Signature = "sig" }));
        events.Add(new PartEnded(choice, part));
    }

    private static void Calls(List<StreamEvent> events, int choice, ref int part, Random random)
    {
        var left = new List<(int Part, Queue<string> Pieces)>();
        for (var i = random.Next(1, 4); i > 0; i--, part++)
        {
            var signature = random.Next(3) == 0 ? "sig" : null;
            events.Add(new PartStarted(choice, part, new ToolCallPart($"call_{part}", random.Next(2) == 0 ? "f" : "", "") { Signature = signature }));
            events.Add(new ToolCallDelta(choice, part, null) { Name = "f" });
            left.Add((part, new Queue<string>(PartStreams.Cut("{\"n\":" + random.Next(1000) + "}", random))));
        }
        while (left.Count > 0)
        {
            var index = random.Next(left.Count);
            if (left[index].Pieces.TryDequeue(out var piece)) events.Add(new ToolCallDelta(choice, left[index].Part, piece));
            else
            {
                events.Add(new PartEnded(choice, left[index].Part));
                left.RemoveAt(index);
            }
        }
    }
}
