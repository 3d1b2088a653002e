using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Emulators.Tests.TestSupport;

/// <summary>What every test relies on that waits for a line of an answer or of a program.</summary>
public sealed class LinesTests
{
    [Fact]
    public async Task Text_that_ends_before_the_line_is_an_error_that_says_what_came()
    {
        using var text = new StringReader("HTTP is down\ndata: {}\n");
        var error = await Assert.ThrowsAsync<EndOfStreamException>(() => text.ReadToLineAsync("data: [DONE]").WaitAsync(Eventually.Limit));
        Assert.Equal("The text ended before the line 'data: [DONE]'. Last came:\nHTTP is down\ndata: {}", error.Message);
    }

    [Fact]
    public async Task Line_that_does_not_come_is_an_error_that_says_what_came()
    {
        using var text = new SilentAfter("data: {}");
        var error = await Assert.ThrowsAsync<TimeoutException>(() =>
            text.ReadToLineAsync("data: [DONE]", TimeSpan.FromMilliseconds(100)).WaitAsync(Eventually.Limit));
        Assert.Equal("Waited in vain for the line 'data: [DONE]'. Last came:\ndata: {}", error.Message);
    }

    [Fact]
    public async Task Lines_after_the_one_that_fits_are_still_to_be_read()
    {
        using var text = new StringReader("a\nb\nc\n");
        await text.ReadToLineAsync("b");
        Assert.Equal("c", await text.NextLineAsync());
        Assert.Null(await text.NextLineAsync());
    }

    [Fact]
    public async Task Task_that_does_not_complete_is_named()
    {
        var answer = new TaskCompletionSource();
        var error = await Assert.ThrowsAsync<TimeoutException>(() => answer.Task.InTimeAsync(within: TimeSpan.FromMilliseconds(10)));
        Assert.Equal("Waited in vain for answer.Task.", error.Message);
    }

    /// <summary>Has one line, and then nothing comes and nothing ends, whatever is cancelled: as a pipe whose writer is silent.</summary>
    private sealed class SilentAfter(string line) : TextReader
    {
        private string? next = line;

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref next, null) is { } first) return ValueTask.FromResult<string?>(first);
            return new ValueTask<string?>(new TaskCompletionSource<string?>().Task);
        }
    }
}
