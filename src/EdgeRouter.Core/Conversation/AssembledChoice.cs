using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>The parts of one choice of a stream as they come in.</summary>
internal sealed class AssembledChoice(int index)
{
    private readonly List<AssembledPart> parts = [];
    private Dictionary<string, JsonElement>? extensions;
    private JsonElement? logprobs;

    public ChoiceFinished? Finish { get; set; }

    public void Add(PartEvent streamEvent)
    {
        switch (streamEvent)
        {
            case PartStarted started: parts.Add(new AssembledPart(started.Head)); break;
            case PartAdded added: parts.Add(new AssembledPart(added.Content)); break;
            case CitationsAdded added:
                foreach (var citation in added.Citations) parts.Add(new AssembledPart(citation));
                break;
            case TextDelta text:
                logprobs ??= text.Logprobs;
                if (text.Part != TextDelta.NoPart) PartOf(text).Add(text.Text);
                break;
            case RefusalDelta refusal: PartOf(refusal).Add(refusal.Text); break;
            case ReasoningDelta reasoning: PartOf(reasoning).Add(reasoning); break;
            case ToolCallDelta call: PartOf(call).Add(call); break;
        }
    }

    public void Add(ExtensionDelta extension, Func<string, JsonElement, JsonElement, JsonElement>? join)
    {
        extensions ??= new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        extensions[extension.Name] = join is not null && extensions.TryGetValue(extension.Name, out var earlier)
            ? join(extension.Name, earlier, extension.Json)
            : extension.Json;
    }

    public ChatChoice ToChoice()
    {
        var content = new ContentPart[parts.Count];
        for (var i = 0; i < content.Length; i++) content[i] = parts[i].ToPart();
        var message = new ChatMessage { Role = ChatRole.Assistant, Content = content };
        return new ChatChoice
        {
            Index = index,
            Message = extensions is null ? message : message with { Extensions = extensions },
            FinishReason = Finish?.Reason,
            NativeFinishReason = Finish?.NativeReason,
            StopSequence = Finish?.StopSequence,
            Logprobs = logprobs,
        };
    }

    private AssembledPart PartOf(PartEvent delta) =>
        (uint)delta.Part < (uint)parts.Count ? parts[delta.Part] : throw new ArgumentException($"Part {delta.Part} has not begun.", nameof(delta));
}
