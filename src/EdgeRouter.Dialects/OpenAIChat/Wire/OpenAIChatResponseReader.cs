using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.OpenAIChat.Wire;

/// <summary>Reads a whole answer. Its members are those of a chunk, so <see cref="OpenAIChatEventParser"/> reads it and this class joins the pieces.</summary>
internal static class OpenAIChatResponseReader
{
    /// <summary>Reads the body.</summary>
    /// <exception cref="UpstreamFormatException">It is not JSON, or holds neither choices nor an error.</exception>
    public static ChatResponse Read(ReadOnlySpan<byte> body, Provider provider)
    {
        var parser = new OpenAIChatEventParser(provider.CachedTokens);
        parser.ParseWhole(body);
        return Join(parser, body);
    }

    /// <summary>Makes the answer of the pieces of a parsed body.</summary>
    /// <exception cref="UpstreamFormatException">There are neither choices nor an error.</exception>
    public static ChatResponse Join(OpenAIChatEventParser parser, ReadOnlySpan<byte> body)
    {
        var choices = new SortedDictionary<int, ChoiceBuilder>();
        var extensions = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        ResponseStarted? head = null;
        foreach (ref readonly var piece in parser.Pieces)
        {
            if (piece.Kind == OpenAIChatPieceKind.None) continue;
            var streamEvent = piece.ToEvent(body, parser);
            if (streamEvent is ResponseStarted started) head = started;
            else if (streamEvent is ExtensionDelta { Choice: null } extension) extensions[extension.Name] = extension.Json;
            else if (streamEvent is ChoiceStarted choice) choices[choice.Choice] = new ChoiceBuilder(choice.Choice);
            else if (piece.Kind is not (OpenAIChatPieceKind.Usage or OpenAIChatPieceKind.Failed))
                choices[piece.Choice].Add(streamEvent, hasText: piece.Text.IsPresent);
        }
        RequireAnswer(parser, choices.Count);
        return new ChatResponse
        {
            UpstreamId = head?.UpstreamId,
            UpstreamModel = head?.UpstreamModel,
            SystemFingerprint = head?.SystemFingerprint,
            ServiceTier = head?.ServiceTier,
            Choices = [.. choices.Values.Select(choice => choice.Build())],
            Usage = parser.Usage,
            Error = parser.Error,
            Extensions = extensions,
        };
    }

    /// <summary>Refuses a body that is no answer.</summary>
    /// <exception cref="UpstreamFormatException">There are neither choices nor an error.</exception>
    public static void RequireAnswer(OpenAIChatEventParser parser, int choices)
    {
        if (choices == 0 && parser.Error is null) throw new UpstreamFormatException("choices: expected at least one.");
    }

    private sealed class ChoiceBuilder(int index)
    {
        private readonly List<ContentPart> content = [];
        private readonly List<ReasoningDetail> details = [];
        private readonly List<ToolCall> calls = [];
        private readonly Dictionary<string, JsonElement> extensions = new(StringComparer.Ordinal);
        private string? refusal;
        private string? reasoning;
        private JsonElement? logprobs;
        private ChoiceFinished? finish;

        public void Add(StreamEvent streamEvent, bool hasText)
        {
            switch (streamEvent)
            {
                case TextDelta text:
                    logprobs ??= text.Logprobs;
                    if (hasText) content.Add(new TextPart(text.Text));
                    break;
                case ReasoningDelta delta:
                    if (delta.Text is not null) reasoning += delta.Text;
                    if (delta.Detail is not null) details.Add(delta.Detail);
                    break;
                case RefusalDelta delta: refusal += delta.Text; break;
                case ToolCallDelta call: calls.Add(new ToolCall(call.Id ?? "", call.Name ?? "", call.Arguments ?? "")); break;
                case ImageDelta image: content.Add(image.Image); break;
                case ExtensionDelta extension: extensions[extension.Name] = extension.Json; break;
                case ChoiceFinished finished: finish = finished; break;
            }
        }

        public ChatChoice Build() => new()
        {
            Index = index,
            Message = new ChatMessage
            {
                Role = ChatRole.Assistant,
                Content = content,
                ToolCalls = calls,
                Refusal = refusal,
                Reasoning = reasoning,
                ReasoningDetails = details,
                Extensions = extensions,
            },
            FinishReason = finish?.Reason,
            NativeFinishReason = finish?.NativeReason,
            Logprobs = logprobs,
        };
    }
}
