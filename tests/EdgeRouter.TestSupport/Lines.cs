namespace EdgeRouter.TestSupport;

/// <summary>Reads text line by line as it comes. Each wait has a limit, and an error says what came instead.</summary>
public static class Lines
{
    private const int MostTold = 20;

    /// <summary>The next line; null: the text has ended.</summary>
    /// <exception cref="TimeoutException">Neither comes within <see cref="Eventually.Limit"/>.</exception>
    public static Task<string?> NextLineAsync(this TextReader reader) => reader.ReadLineAsync().InTimeAsync("the next line");

    /// <summary>Reads to the first line that is this one.</summary>
    /// <exception cref="EndOfStreamException">The text ended before.</exception>
    /// <exception cref="TimeoutException">The line does not come in time.</exception>
    public static Task ReadToLineAsync(this TextReader reader, string line, TimeSpan? within = null) =>
        reader.ReadToLineAsync(next => next == line, $"the line '{line}'", within);

    /// <summary>Reads to the first line that fits, and returns it.</summary>
    /// <exception cref="EndOfStreamException">The text ended before.</exception>
    /// <exception cref="TimeoutException">The line does not come in time.</exception>
    public static async Task<string> ReadToLineAsync(this TextReader reader, Func<string, bool> fits, string what, TimeSpan? within = null)
    {
        var came = new Queue<string>();
        using var limit = new CancellationTokenSource(within ?? Eventually.Limit);
        try
        {
            // Not the reader's own cancellation: a pipe's read does not see it.
            while (await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(limit.Token) is { } line)
            {
                if (fits(line)) return line;
                if (came.Count == MostTold) came.Dequeue();
                came.Enqueue(line);
            }
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited in vain for {what}. {Tell(came)}", late);
        }
        throw new EndOfStreamException($"The text ended before {what}. {Tell(came)}");
    }

    private static string Tell(Queue<string> came) => came.Count == 0 ? "Nothing came." : $"Last came:\n{string.Join('\n', came)}";
}
