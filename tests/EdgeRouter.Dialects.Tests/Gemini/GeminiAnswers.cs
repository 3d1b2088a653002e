using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire;

namespace EdgeRouter.Dialects.Tests.Gemini;

/// <summary>Raw wire text, read with the dialect under test.</summary>
internal static class GeminiAnswers
{
    public static string Fixture(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Gemini", "Fixtures", name));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static ChatResponse Respond(string body) => new GeminiWire().ReadResponse(Bytes(body), GeminiTarget.GoogleAiStudio);

    /// <summary>The events of each chunk.</summary>
    public static List<List<StreamEvent>> Chunks(params string[] chunks)
    {
        var reader = new GeminiWire().CreateStreamReader(GeminiTarget.GoogleAiStudio);
        var all = new List<List<StreamEvent>>();
        foreach (var chunk in chunks)
        {
            var events = new List<StreamEvent>();
            reader.Read(default, Bytes(chunk), events);
            all.Add(events);
        }
        return all;
    }

    public static List<StreamEvent> Stream(params string[] chunks) => [.. Chunks(chunks).SelectMany(events => events)];

    /// <summary>The events of a fixture. Fixtures of streams hold one line a chunk, as the provider sends them.</summary>
    public static List<StreamEvent> StreamFixture(string name) =>
        Stream([.. Fixture(name).Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..])]);
}
