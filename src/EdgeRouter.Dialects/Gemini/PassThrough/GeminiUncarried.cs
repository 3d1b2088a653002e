using System.Text.Json;
using EdgeRouter.Dialects.Gemini.Wire.Answers;

namespace EdgeRouter.Dialects.Gemini.PassThrough;

/// <summary>What of an answer the content model has no place for. Stateless and thread-safe.</summary>
internal static class GeminiUncarried
{
    /// <summary>Whether a member of a candidate passes as it is.</summary>
    public static bool IsMember(string name) => name is not ("content" or "finishReason" or "index" or "logprobsResult" or "avgLogprobs" or "tokenCount");

    /// <summary>Whether there is a part that passes as it is.</summary>
    public static bool HasPart(JsonElement candidate)
    {
        if (!candidate.TryGetObject("content"u8, out var content) || !content.TryGetArray("parts"u8, out var parts)) return false;
        foreach (var part in parts.EnumerateArray())
            if (IsPart(part)) return true;
        return false;
    }

    /// <summary>Whether a part passes as it is: it holds something, and nothing that is read.</summary>
    public static bool IsPart(JsonElement part)
    {
        var holdsSomething = false;
        foreach (var member in part.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || member.Name is "thought" or "thoughtSignature") continue;
            if (member.Name is "text" or "functionCall" or "inlineData" or "executableCode" or "codeExecutionResult") return false;
            holdsSomething = true;
        }
        return holdsSomething;
    }
}
