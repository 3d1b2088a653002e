using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Runs raw wire text through the stream reader.</summary>
internal static class AnthropicStreams
{
    public const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[]"""
        + ""","usage":{"input_tokens":9,"output_tokens":1}}}""";

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
        var reader = new AnthropicMessagesWire().CreateStreamReader(Provider);
        var events = new List<StreamEvent>();
        foreach (var (name, data) in wire) reader.Read(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data), events);
        return events;
    }

    /// <summary>What a receiver has put together when the stream has ended.</summary>
    public static ChatMessage Join(IEnumerable<StreamEvent> events)
    {
        var answer = new ResponseAssembler();
        foreach (var streamEvent in events) answer.Add(streamEvent);
        return answer.ToResponse().Choices[0].Message;
    }
}
