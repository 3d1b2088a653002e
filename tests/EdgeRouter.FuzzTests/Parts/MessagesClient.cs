using System.Text.Json;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>
/// Follows an answer in Anthropic's format as its clients do: the message starts once, blocks are numbered from 0, each begins before its deltas and ends,
/// and all have ended when the message does.
/// </summary>
internal sealed class MessagesClient
{
    private static readonly string[] Carried = ["text", "thinking", "redacted_thinking", "tool_use"];
    private readonly HashSet<int> open = [];
    private int begun;
    private bool hasStarted;

    /// <summary>Whether the answer has what only the pass-through can write: blocks of other kinds, or citations.</summary>
    public bool HasCopies { get; private set; }

    /// <summary>An event of a stream.</summary>
    /// <param name="name">The line with its name.</param>
    /// <param name="data">Its data.</param>
    public void Take(string name, JsonElement data)
    {
        var type = data.GetProperty("type").GetString();
        Assert.Equal("event: " + type, name);
        if (type is "ping" or "error") return;
        Assert.Equal(type != "message_start", hasStarted);
        hasStarted = true;
        switch (type)
        {
            case "message_start":
                TakeWhole(data.GetProperty("message"));
                break;
            case "content_block_start":
                Assert.Equal(begun, IndexOf(data));
                open.Add(begun++);
                TakeBlock(data.GetProperty("content_block"));
                break;
            case "content_block_delta":
                Assert.Contains(IndexOf(data), open);
                HasCopies |= TypeOf(data.GetProperty("delta")) == "citations_delta";
                break;
            case "content_block_stop":
                Assert.True(open.Remove(IndexOf(data)), "a block ends that is not open");
                break;
            default:
                Assert.Contains(type, (string[])["message_delta", "message_stop"]);
                Assert.Empty(open);
                break;
        }
    }

    /// <summary>A whole message.</summary>
    public void TakeWhole(JsonElement message)
    {
        Assert.Equal("message", TypeOf(message));
        foreach (var block in message.GetProperty("content").EnumerateArray()) TakeBlock(block);
    }

    private void TakeBlock(JsonElement block) =>
        HasCopies |= !Carried.Contains(TypeOf(block)) || block.TryGetProperty("citations", out var cited) && cited.ValueKind == JsonValueKind.Array;

    private static int IndexOf(JsonElement data) => data.GetProperty("index").GetInt32();

    /// <summary>As it is spelled: what is copied may have half of a character as an escape, which is no string for .NET.</summary>
    private static string? TypeOf(JsonElement value) =>
        value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetRawText()[1..^1] : null;
}
