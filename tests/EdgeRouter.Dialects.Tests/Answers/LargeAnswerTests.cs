using System.Buffers;
using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Streaming;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Answers;

/// <summary>Providers decide how many pieces an answer has: memory grows with the answer, not with its square.</summary>
public sealed class LargeAnswerTests
{
    private const int Pieces = 20_000;
    private const long BytesPerPiece = 2_000;
    private static readonly string Piece = new('x', 50);

    public static TheoryData<string, ContentPart> Parts => new()
    {
        { "text", new TextPart(Piece) },
        { "refusal", new RefusalPart(Piece) },
        { "plain reasoning", new ReasoningPart(ReasoningKind.Plain) { Text = Piece } },
        { "reasoning blocks", new ReasoningPart(ReasoningKind.Text) { Text = Piece, Readable = Piece } },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Whole_answer_of_many_parts_is_joined_in_one_pass(string name, ContentPart part)
    {
        var response = new ChatResponse
        {
            Choices = [new ChatChoice { Index = 0, Message = new ChatMessage { Role = ChatRole.Assistant, Content = [.. Enumerable.Repeat(part, Pieces)] } }],
        };
        var output = new ArrayBufferWriter<byte>();
        var start = GC.GetAllocatedBytesForCurrentThread();

        OpenAIChatResponseWriter.Write(response, Samples.Header, UsageReport.Unknown, output);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, Pieces * BytesPerPiece);
        Assert.True(CountOf(output.WrittenSpan, Encoding.UTF8.GetBytes(Piece)) >= Pieces, name);
    }

    [Fact]
    public void Repeated_beginning_is_compared_piece_by_piece()
    {
        var text = string.Concat(Enumerable.Repeat(Piece, Pieces));
        var seam = new TextSeam(text, repeats: true);
        var start = GC.GetAllocatedBytesForCurrentThread();

        var isNew = false;
        for (var i = 0; i < Pieces; i++) isNew |= seam.Take(Piece).Length > 0;

        Assert.False(isNew);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, Pieces);
        Assert.Equal(" more", seam.Take(" more"));
    }

    /// <summary>Searching the calls for each piece would be 10^10 steps.</summary>
    [Fact]
    public void Many_calls_whose_pieces_come_mixed_are_found_by_number()
    {
        const int Calls = 100_000;
        var calls = new SeenToolCalls();
        for (var i = 0; i < Calls; i++) calls.Add(i % 128, i / 128, "clock", "{");
        for (var i = 0; i < Calls; i++) calls.Add(i % 128, i / 128, null, "}");
        Assert.True(calls.AreSound(new RequestFacts()));

        var writer = new OpenAIChatStreamWriter(Samples.Header);
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < Calls; i++) writer.Write(new PartStarted(i % 128, i / 128, new ToolCallPart("c", "clock", "")), output);
        output.Clear();
        for (var i = 0; i < Calls; i++)
        {
            output.Clear();
            writer.Write(new ToolCallDelta(i % 128, i / 128, "{}"), output);
        }
        Assert.Contains($"\"index\":{(Calls - 1) / 128}", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    private static int CountOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> piece)
    {
        var count = 0;
        for (var at = text.IndexOf(piece); at >= 0; at = text.IndexOf(piece))
        {
            count++;
            text = text[(at + piece.Length)..];
        }
        return count;
    }
}
