using System.Text;
using System.Text.Json;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>A stream as a caller got it, of whichever API: whole events, each with one line of JSON or of its API's terminator.</summary>
internal static class EventsCheck
{
    /// <summary>What ends a good stream, in the caller APIs that there are: the data of its last event, or the name of it.</summary>
    private static readonly string[] Terminators = ["data: [DONE]", "event: message_stop"];

    /// <summary>Reads a stream, behind whose terminator or error nothing may follow. A named event is one of Anthropic's, whose order is checked too.</summary>
    /// <param name="stream">The text of the stream.</param>
    /// <param name="messages">The client of a stream of named events, which may be asked more afterwards.</param>
    public static StreamEnd AssertEvents(string stream, MessagesClient? messages = null)
    {
        messages ??= new MessagesClient();
        var end = StreamEnd.None;
        if (stream.Length == 0) return end;
        Assert.EndsWith("\n\n", stream, StringComparison.Ordinal);
        foreach (var frame in stream[..^2].Split("\n\n"))
        {
            if (frame.StartsWith(':')) continue;
            Assert.Equal(StreamEnd.None, end);
            var lines = frame.Split('\n');
            Assert.InRange(lines.Length, 1, 2);
            Assert.StartsWith("data: ", lines[^1], StringComparison.Ordinal);
            if (Terminators.Contains(lines[0])) end = StreamEnd.Terminator;
            if (lines[^1] == "data: [DONE]") continue;
            var json = JsonCheck.AssertJson(Encoding.UTF8.GetBytes(lines[^1]["data: ".Length..]));
            if (lines.Length == 2) messages.Take(lines[0], json);
            if (json.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null) end = StreamEnd.Error;
        }
        return end;
    }
}

/// <summary>How a stream ended.</summary>
internal enum StreamEnd
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>Well.</summary>
    Terminator,

    /// <summary>With an error.</summary>
    Error,
}
