using EdgeRouter.Gateway.Attempts;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Attempts;

public sealed class PooledBufferTests
{
    [Fact]
    public void Everything_written_is_there_however_it_was_cut()
    {
        var random = new Random(5);
        using var buffer = new PooledBuffer();
        var expected = new List<byte>();
        for (var i = 0; i < 500; i++)
        {
            var piece = new byte[random.Next(0, 300)];
            random.NextBytes(piece);
            piece.CopyTo(buffer.GetSpan(piece.Length));
            buffer.Advance(piece.Length);
            expected.AddRange(piece);
        }

        Assert.True(buffer.Written.Span.SequenceEqual(expected.ToArray()));
    }

    [Fact]
    public void Advancing_beyond_the_memory_handed_out_is_refused()
    {
        using var buffer = new PooledBuffer();

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1));
    }

    [Fact]
    public void Disposed_buffer_is_empty_and_can_be_disposed_again()
    {
        var buffer = new PooledBuffer();
        buffer.GetSpan(10);
        buffer.Advance(10);

        buffer.Dispose();
        buffer.Dispose();

        Assert.Equal(0, buffer.Length);
    }
}
