using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Runs raw wire text through the stream reader.</summary>
internal static class AnthropicStreams
{
    public const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":9,"output_tokens":1}}}""";

    public static Provider Provider => AnthropicRequests.Target().Endpoint.Provider;

    public static string Fixture(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "AnthropicMessages", "Fixtures", name));

    public static IReadOnlyList<StreamEvent> ReadFixture(string name) => ReadAll(Events(Fixture(name)));

    /// <summary>The events of the wire: name and data.</summary>
    public static IEnumerable<(string Name, string Data)> Events(string wire)
    {
        foreach (var block in wire.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            yield return (lines[0]["event: ".Length..], lines[1]["data: ".Length..]);
        }
    }

    /// <summary>Events without an SSE name, as providers that leave it out send them.</summary>
    public static IReadOnlyList<StreamEvent> Read(params string[] data) => ReadAll(data.Select(line => ("", line)));

    public static IReadOnlyList<StreamEvent> ReadAll(IEnumerable<(string Name, string Data)> wire)
    {
        var reader = new AnthropicMessagesDialect().CreateStreamReader(Provider);
        var events = new List<StreamEvent>();
        foreach (var (name, data) in wire) reader.Read(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data), events);
        return events;
    }

    /// <summary>What a receiver has put together when the stream has ended.</summary>
    public static ChatMessage Join(IEnumerable<StreamEvent> events)
    {
        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        var details = new List<ReasoningDetail>();
        var calls = new List<ToolCall>();
        foreach (var streamEvent in events)
        {
            if (streamEvent is TextDelta delta) text.Append(delta.Text);
            if (streamEvent is ReasoningDelta thought)
            {
                reasoning.Append(thought.Text);
                Join(details, thought.Detail!);
            }
            if (streamEvent is ToolCallDelta { Id: not null } first) calls.Add(new ToolCall(first.Id, first.Name!, ""));
            if (streamEvent is ToolCallDelta { Arguments: not null } piece)
                calls[piece.Index] = calls[piece.Index] with { Arguments = calls[piece.Index].Arguments + piece.Arguments };
        }
        return new ChatMessage
        {
            Role = ChatRole.Assistant,
            Content = text.Length == 0 ? [] : [new TextPart(text.ToString())],
            Reasoning = reasoning.Length == 0 ? null : reasoning.ToString(),
            ReasoningDetails = details,
            ToolCalls = calls,
        };
    }

    private static void Join(List<ReasoningDetail> details, ReasoningDetail piece)
    {
        if (details.Count == 0 || details[^1].Index != piece.Index) details.Add(piece);
        else details[^1] = details[^1] with { Text = details[^1].Text + piece.Text, Signature = piece.Signature ?? details[^1].Signature };
    }
}
