using System.Globalization;

namespace EdgeRouter.ClientTests.Providers.Gemini;

/// <summary>
/// Writes a reply as Gemini does: one candidate of parts; on a stream each event is such an answer with the next parts, and the last of them has the
/// finish reason.
/// </summary>
internal sealed class GeminiAnswer(Prompt prompt, Reply reply)
{
    /// <summary>Signs the first call of a turn; that call must come back with it.</summary>
    public const string Signature = "CikBc21hbGxzaWduYXR1cmU=";

    private readonly string id = Guid.NewGuid().ToString("N");

    // Calls end a turn like anything else on this wire.
    private string FinishReason => reply.CutShort ? "MAX_TOKENS" : "STOP";

    private string Usage
    {
        get
        {
            var tokens = reply.Tokens;
            var thoughts = tokens.Reasoning > 0 ? string.Create(CultureInfo.InvariantCulture, $",\"thoughtsTokenCount\":{tokens.Reasoning}") : "";
            return string.Create(CultureInfo.InvariantCulture,
                $$"""{"promptTokenCount":{{tokens.Input}},"candidatesTokenCount":{{tokens.Output}} """
                + $$""","totalTokenCount":{{tokens.Input + tokens.Output + tokens.Reasoning}},"cachedContentTokenCount":{{tokens.CachedInput}}{{thoughts}}}""");
        }
    }

    public string Whole()
    {
        var parts = new List<string>();
        if (reply.Thought is { } thought) parts.Add(Text(thought, thought: true));
        if (reply.Text.Length > 0) parts.Add(Text(reply.Text));
        for (var i = 0; i < reply.Calls.Count; i++) parts.Add(Call(i));
        return Answer(string.Join(',', parts), FinishReason);
    }

    public IEnumerable<string> Events()
    {
        var parts = new List<string>();
        parts.AddRange(Json.Pieces(reply.Thought ?? "").Select(piece => Text(piece, thought: true)));
        parts.AddRange(Json.Pieces(reply.Text).Select(piece => Text(piece)));
        // Calls arrive whole.
        for (var i = 0; i < reply.Calls.Count; i++) parts.Add(Call(i));
        for (var i = 0; i < parts.Count; i++) yield return $"data: {Answer(parts[i], i == parts.Count - 1 ? FinishReason : null)}\r\n\r\n";
    }

    private static string Text(string text, bool thought = false) => $$"""{"text":{{Json.Quote(text)}}{{(thought ? ",\"thought\":true" : "")}}}""";

    private string Call(int index)
    {
        var signature = index == 0 ? $",\"thoughtSignature\":\"{Signature}\"" : "";
        var call = reply.Calls[index];
        return $$$"""{"functionCall":{"id":"{{{CallId(index)}}}","name":{{{Json.Quote(call.Name)}}},"args":{{{call.Arguments}}}}{{{signature}}}}""";
    }

    private string CallId(int index) => string.Create(CultureInfo.InvariantCulture, $"{id[..8]}{index}");

    private string Answer(string parts, string? finishReason)
    {
        var finish = finishReason is null ? "" : $",\"finishReason\":\"{finishReason}\"";
        return $$"""{"candidates":[{"content":{"parts":[{{parts}}],"role":"model"}{{finish}},"index":0}],"usageMetadata":{{Usage}} """
            + $$""","modelVersion":"{{prompt.Model}}","responseId":"{{id}}"}""";
    }
}
