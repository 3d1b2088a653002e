using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>Puts the events of one choice together to a whole turn.</summary>
internal sealed class GeminiChoiceBuilder(int index)
{
    private readonly List<ContentPart> content = [];
    private readonly List<ReasoningDetail> details = [];
    private readonly List<ToolCall> calls = [];
    private readonly Dictionary<string, JsonElement> extensions = new(StringComparer.Ordinal);
    private readonly StringBuilder text = new();
    private readonly StringBuilder reasoning = new();
    private ChoiceFinished? finished;
    private JsonElement? logprobs;

    public void Add(TextDelta delta)
    {
        text.Append(delta.Text);
        logprobs ??= delta.Logprobs;
    }

    public void Add(ImageDelta delta)
    {
        EndText();
        content.Add(delta.Image);
    }

    public void Add(ReasoningDelta delta)
    {
        reasoning.Append(delta.Text);
        if (delta.Detail is not { } detail) return;
        if (details is [.., { Kind: ReasoningDetailKind.Text } last] && last.Index == detail.Index)
            details[^1] = last with { Text = last.Text + detail.Text, Signature = detail.Signature ?? last.Signature };
        else
            details.Add(detail);
    }

    public void Add(ToolCallDelta delta) => calls.Add(new ToolCall(delta.Id!, delta.Name!, delta.Arguments!) { Signature = delta.Signature });

    public void Add(ChoiceFinished delta) => finished = delta;

    public void Add(ExtensionDelta delta) =>
        extensions[delta.Name] = extensions.TryGetValue(delta.Name, out var earlier) ? Join(delta.Name, earlier, delta.Json) : delta.Json;

    public ChatChoice Build()
    {
        EndText();
        return new ChatChoice
        {
            Index = index,
            Message = new ChatMessage
            {
                Role = ChatRole.Assistant,
                Content = content,
                ToolCalls = calls,
                Reasoning = reasoning.Length == 0 ? null : reasoning.ToString(),
                ReasoningDetails = details,
                Extensions = extensions,
            },
            FinishReason = finished?.Reason,
            NativeFinishReason = finished?.NativeReason,
            Logprobs = logprobs,
        };
    }

    private void EndText()
    {
        if (text.Length > 0) content.Add(new TextPart(text.ToString()));
        text.Clear();
    }

    private static JsonElement Join(string name, JsonElement one, JsonElement other)
    {
        if (name != "audio") return JsonSerializer.SerializeToElement(one.EnumerateArray().Concat(other.EnumerateArray()));
        // Base64 texts cannot be strung together: the first may end in padding.
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
