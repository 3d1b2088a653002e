using System.Text.Json;

namespace EdgeRouter.ClientTests.Providers.Gemini;

/// <summary>The contents of a request, checked: parts by role, signatures, and as many function responses as there were calls, right after them.</summary>
internal sealed record GeminiConversation(string UserText, IReadOnlyList<Picture> Pictures, IReadOnlyList<string> ToolResults)
{
    // What Google documents for calls of other models' making, which have no signature.
    private const string NoSignature = "skip_thought_signature_validator";

    public static GeminiConversation Read(IReadOnlyList<StrictObject> contents)
    {
        var (text, pictures, results) = ("", new List<Picture>(), new List<string>());
        var open = new List<(string? Id, string Name)>();
        foreach (var content in contents)
        {
            content.Allow("role", "parts");
            var parts = content.RequiredObjects("parts");
            if (content.OneOf("role", "user", "model") == "model")
            {
                // Google's own client returns each piece of a stream as a content: those in a row are one turn.
                ReadModel(parts, open);
                continue;
            }
            results.Clear();
            var (said, seen) = ReadUser(parts, open, results);
            if (open.Count > 0) throw Unanswered(content, open);
            // Results alone are not a turn of the user.
            if (said.Length > 0 || seen.Count > 0) (text, pictures) = (said, seen);
        }
        if (contents[0].OptionalText("role") == "model") throw RejectedRequest.Invalid("contents[0].role", "user");
        return open.Count == 0 ? new GeminiConversation(text, pictures, results) : throw Unanswered(contents[^1], open);
    }

    private static (string Text, List<Picture> Pictures) ReadUser(IReadOnlyList<StrictObject> parts, List<(string? Id, string Name)> open, List<string> results)
    {
        var (text, pictures) = ("", new List<Picture>());
        foreach (var part in parts)
        {
            part.Allow("text", "inlineData", "functionResponse", "mediaResolution");
            if (part.Object("functionResponse") is { } response)
            {
                response.Allow("id", "name", "response");
                if (!open.Remove((response.OptionalText("id"), response.Text("name"))))
                    throw RejectedRequest.Invalid(response.PathOf("name"), "the id and the name of a function call of the previous turn");
                results.Add(TextOf(response.RequiredObject("response").Element));
            }
            else if (part.Object("inlineData") is { } data)
            {
                data.Allow("mimeType", "data");
                pictures.Add(Picture.FromBase64(data.Text("mimeType"), data.Text("data"), data.PathOf("data")));
            }
            else
            {
                text += part.Text("text");
            }
        }
        return (text, pictures);
    }

    private static void ReadModel(IReadOnlyList<StrictObject> parts, List<(string? Id, string Name)> open)
    {
        foreach (var part in parts)
        {
            part.Allow("text", "thought", "thoughtSignature", "functionCall");
            if (part.Object("functionCall") is not { } call)
            {
                part.Text("text");
                continue;
            }
            call.Allow("id", "name", "args");
            if (call.Has("args")) call.RequiredObject("args");
            if (open.Count == 0 && part.OptionalText("thoughtSignature") is not (GeminiAnswer.Signature or NoSignature))
                throw RejectedRequest.Invalid(part.PathOf("thoughtSignature"), "the thought signature that came with the function call");
            open.Add((call.OptionalText("id"), call.Text("name")));
        }
    }

    // A result that is no object stands in a member of some name.
    private static string TextOf(JsonElement response)
    {
        var members = response.EnumerateObject().ToArray();
        return members is [{ Value.ValueKind: JsonValueKind.String }] ? members[0].Value.GetString()! : response.GetRawText();
    }

    private static RejectedRequest Unanswered(StrictObject content, List<(string? Id, string Name)> open) =>
        RejectedRequest.Invalid(content.PathOf("parts"), $"as many function response parts as function call parts; missing: {string.Join(", ", open)}");
}
