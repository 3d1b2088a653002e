using System.Text;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.FuzzTests.Inputs;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>Reads server-sent events. However the bytes are split, the events are the same; nothing larger than permitted is read.</summary>
internal sealed class EventReaderPart(string wire) : IFuzzedPart
{
    private const int MaxEventBytes = 4096;

    public string Kind => FuzzCorpus.Streams;

    public string Format => wire;

    public void Check(PartInput input) => Assert.Equal(Read([input.Content]), Read(Bytes.Split(input.Content, input.Split)));

    private static string Read(IEnumerable<byte[]> pieces)
    {
        using var reader = new SseReader(MaxEventBytes);
        var events = new StringBuilder();
        try
        {
            foreach (var piece in pieces)
            {
                reader.Append(piece);
                Take();
            }
            reader.Complete();
            Take();
        }
        catch (UpstreamFormatException)
        {
            events.Append("too large");
        }
        return events.ToString();

        void Take()
        {
            while (reader.TryRead(out var read))
            {
                Assert.InRange(read.Data.Length + read.Name.Length, 0, MaxEventBytes);
                events.Append(Convert.ToHexString(read.Name)).Append(' ').Append(Convert.ToHexString(read.Data.Span)).Append('\n');
            }
        }
    }
}
