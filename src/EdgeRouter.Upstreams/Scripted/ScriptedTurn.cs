using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>The scripted provider's answer in one choice. Pure; texts are sent in small pieces, as providers do.</summary>
internal static class ScriptedTurn
{
    private const int JsonPieceLength = 12;
    private const string TinyPng = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    /// <summary>The events of a choice, from its start to its end.</summary>
    public static IEnumerable<StreamEvent> Compose(ScriptedModel model, ChatRequest request, int choice)
    {
        yield return new ChoiceStarted(choice);
        var part = 0;
        if (model.Script == ScriptedModels.Reasoning)
            foreach (var delta in Reason(choice, part++)) yield return delta;

        var calls = ScriptedTools.Choose(request, eager: model.Script == ScriptedModels.Tools);
        if (calls.Count > 0)
        {
            for (var index = 0; index < calls.Count; index++)
                foreach (var delta in Call(request, choice, part++, index, calls[index])) yield return delta;
            yield return new ChoiceFinished(choice, FinishReason.ToolCalls, "tool_calls");
            yield break;
        }

        yield return new PartStarted(choice, part, TextPart.Empty);
        foreach (var piece in Halve(model, Say(model, request))) yield return new TextDelta(choice, part, piece);
        yield return new PartEnded(choice, part++);
        if (model.Script == ScriptedModels.Image && request.Modalities?.Contains("image") == true)
            yield return new PartAdded(choice, part, new ImagePart(TinyPng) { IsGenerated = true });
        yield return model.Script switch
        {
            ScriptedModels.Length => new ChoiceFinished(choice, FinishReason.Length, "length"),
            ScriptedModels.ContentFilter => new ChoiceFinished(choice, FinishReason.ContentFilter, "content_filter"),
            _ => new ChoiceFinished(choice, FinishReason.Stop, "stop"),
        };
    }

    private static IEnumerable<StreamEvent> Reason(int choice, int part)
    {
        var block = new ReasoningPart(ReasoningKind.Text) { Format = ReasoningFormats.Unknown, Index = 0 };
        yield return new PartStarted(choice, part, block);
        foreach (var word in Words("The user said something. I will say it back."))
            yield return new ReasoningDelta(choice, part, null, block with { Text = word });
        yield return new ReasoningDelta(choice, part, null, block with { Signature = "scripted-signature" });
        yield return new PartEnded(choice, part);
    }

    // The id names the turn, so that it is unique in the conversation.
    private static IEnumerable<StreamEvent> Call(ChatRequest request, int choice, int part, int index, ToolDefinition tool)
    {
        yield return new PartStarted(choice, part, new ToolCallPart($"call_{request.Messages.Count}_{choice}_{index}", tool.Name, ""));
        foreach (var piece in Pieces(SchemaInstance.Create(tool.Parameters))) yield return new ToolCallDelta(choice, part, piece);
        yield return new PartEnded(choice, part);
    }

    private static List<string> Say(ScriptedModel model, ChatRequest request)
    {
        var text = model.Script == ScriptedModels.Image ? PartDescription.OfLastUserTurn(request) : Reply(request);
        return request.ResponseFormat switch
        {
            { Kind: ResponseFormatKind.JsonSchema } format => Pieces(SchemaInstance.Create(format.Schema)),
            { Kind: ResponseFormatKind.JsonObject } => Pieces(JsonText(text)),
            _ when model.Script == ScriptedModels.Json => Pieces(JsonText(text)),
            _ => Words(text),
        };
    }

    private static string Reply(ChatRequest request)
    {
        if (request.Messages is [.., { Role: ChatRole.Tool } result]) return "The tool answered: " + TextOf(result);
        var said = request.Messages.LastOrDefault(message => message.Role == ChatRole.User) is { } last ? TextOf(last) : "";
        return said.Length > 0 ? said : "(nothing was said)";
    }

    private static string TextOf(ChatMessage message) =>
        string.Concat(message.Content.Select(part => part is ToolResultPart result ? result.Content.JoinText() : (part as TextPart)?.Text));

    private static string JsonText(string text) => "{\"text\":\"" + JsonEncodedText.Encode(text) + "\"}";

    private static IEnumerable<string> Halve(ScriptedModel model, List<string> pieces) =>
        model.Script is ScriptedModels.Length or ScriptedModels.ContentFilter ? pieces.Take((pieces.Count + 1) / 2) : pieces;

    // Each word keeps the white space after it, so that the pieces join to the text.
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i < text.Length && !(char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i]))) continue;
            words.Add(text[start..i]);
            start = i;
        }
        return words;
    }

    private static List<string> Pieces(string json) => [.. json.Chunk(JsonPieceLength).Select(piece => new string(piece))];
}
