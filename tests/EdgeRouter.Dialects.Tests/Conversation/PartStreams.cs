using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Conversation;

/// <summary>Reads streams to events, holds them against the contract of part events, and joins them.</summary>
internal static class PartStreams
{
    /// <summary>The events of one stream, each data an SSE event without a name.</summary>
    public static List<StreamEvent> Read(IWireStreamReader reader, IEnumerable<string> data)
    {
        var events = new List<StreamEvent>();
        foreach (var one in data) reader.Read(default, Encoding.UTF8.GetBytes(one), events);
        return events;
    }

    /// <summary>The whole answer that the events are.</summary>
    public static ChatResponse Join(IEnumerable<StreamEvent> events)
    {
        var answer = new ResponseAssembler();
        foreach (var streamEvent in events) answer.Add(streamEvent);
        return answer.ToResponse();
    }

    /// <summary>Checks what <see cref="PartEvent"/> promises.</summary>
    public static void CheckContract(IEnumerable<StreamEvent> events)
    {
        var next = new Dictionary<int, int>();
        var open = new Dictionary<(int Choice, int Part), ContentPart>();
        foreach (var streamEvent in events)
        {
            switch (streamEvent)
            {
                case PartStarted started:
                    Take(started, 1);
                    Assert.DoesNotContain(open, other => other.Key.Choice == started.Choice && other.Value is not ToolCallPart);
                    open.Add((started.Choice, started.Part), started.Head);
                    break;
                case PartAdded added:
                    Take(added, 1);
                    Assert.DoesNotContain(open, other => other.Key.Choice == added.Choice && other.Value is not ToolCallPart);
                    break;
                case CitationsAdded added:
                    Take(added, added.Citations.Count);
                    break;
                case PartEnded ended:
                    Assert.True(open.Remove((ended.Choice, ended.Part)));
                    break;
                case TextDelta { Part: TextDelta.NoPart }:
                    break;
                case PartEvent delta:
                    var head = open[(delta.Choice, delta.Part)];
                    Assert.True((delta, head) is (TextDelta, TextPart) or (RefusalDelta, RefusalPart) or (ReasoningDelta, ReasoningPart)
                        or (ToolCallDelta, ToolCallPart));
                    break;
                case ChoiceFinished finished:
                    Assert.DoesNotContain(open, other => other.Key.Choice == finished.Choice);
                    break;
            }
        }

        void Take(PartEvent part, int count)
        {
            Assert.Equal(next.GetValueOrDefault(part.Choice), part.Part);
            next[part.Choice] = part.Part + count;
        }
    }

    /// <summary>The text cut into pieces at random, between characters.</summary>
    public static IEnumerable<string> Cut(string text, Random random)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = random.Next(1, Math.Min(5, text.Length - start) + 1);
            if (char.IsHighSurrogate(text[start + length - 1])) length++;
            yield return text.Substring(start, length);
            start += length;
        }
    }
}
