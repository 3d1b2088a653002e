using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>Reads a whole answer. It is the same object as an event of a stream, so it is read as a stream of one event and assembled.</summary>
internal static class GeminiResponseReader
{
    /// <exception cref="UpstreamFormatException">It is not an answer, or holds neither a candidate nor a reason for having none.</exception>
    public static ChatResponse Read(ReadOnlyMemory<byte> body)
    {
        var events = new List<StreamEvent>();
        new GeminiStreamReader().Read(default, body, events);

        var answer = new ResponseAssembler(Join);
        foreach (var streamEvent in events)
        {
            if (streamEvent is StreamFailed failed) throw new UpstreamFormatException($"The answer is an error of type {failed.Error.Type ?? "unknown"}.");
            answer.Add(streamEvent);
        }
        if (answer.ChoiceCount == 0) throw new UpstreamFormatException("The answer has no candidates.");
        return answer.ToResponse();
    }

    private static JsonElement Join(string name, JsonElement one, JsonElement other)
    {
        if (name != "audio") return JsonSerializer.SerializeToElement(one.EnumerateArray().Concat(other.EnumerateArray()));
        // Base64 texts cannot be joined: the first may end in padding.
        try
        {
            byte[] data = [.. one.GetProperty("data"u8).GetBytesFromBase64(), .. other.GetProperty("data"u8).GetBytesFromBase64()];
            return JsonSerializer.SerializeToElement(new Dictionary<string, string>(StringComparer.Ordinal) { ["data"] = Convert.ToBase64String(data) });
        }
        catch (FormatException e)
        {
            throw new UpstreamFormatException("'inlineData' is not base64.", e);
        }
    }
}
