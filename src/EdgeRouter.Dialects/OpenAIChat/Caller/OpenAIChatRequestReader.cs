using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using Members = EdgeRouter.Dialects.OpenAIChat.Caller.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>
/// Full parse of a chat request that <see cref="OpenAIChatRequestScanner"/> accepted. What it returns does not depend on the body's memory.
/// Thread-safe.
/// </summary>
internal static class OpenAIChatRequestReader
{
    /// <summary>Reads the request. Null members are the same as absent ones.</summary>
    /// <exception cref="RouterException">400: the reasoning wishes contradict each other.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        return new ChatRequest
        {
            Model = root.Text("model") ?? "",
            Messages = ReadMessages(root),
            Stream = root.Member("stream")?.GetBoolean() ?? false,
            MaxOutputTokens = (root.Member("max_completion_tokens") ?? root.Member("max_tokens"))?.GetInt32(),
            ChoiceCount = root.Member("n")?.GetInt32(),
            Sampling = ReadSampling(root),
            Tools = OpenAIChatRequestToolReader.ReadTools(root.Member("tools")),
            ToolChoice = OpenAIChatRequestToolReader.ReadChoice(root.Member("tool_choice")),
            ParallelToolCalls = root.Member("parallel_tool_calls")?.GetBoolean(),
            ResponseFormat = OpenAIChatRequestToolReader.ReadFormat(root.Member("response_format")),
            Reasoning = OpenAIChatRequestReasoning.Fold(root.Member("reasoning"), root.Text("reasoning_effort"),
                root.Member("include_reasoning")?.GetBoolean()),
            Modalities = root.Member("modalities")?.Strings(),
            CacheControl = OpenAIChatRequestMessageReader.ReadCacheControl(root.Member("cache_control")),
            Verbosity = root.Text("verbosity"),
            ServiceTier = OpenAIChatRequestServiceTier.Fold(root.Text("service_tier"), root.Text("speed")),
            User = root.Text("user"),
            Extensions = ReadExtensions(root),
        };
    }

    private static IReadOnlyList<ChatMessage> ReadMessages(JsonElement root) => root.Member("messages") is { } messages
        ? OpenAIChatRequestMessageReader.Read(messages)
        : [new ChatMessage { Role = ChatRole.User, Content = [new TextPart(root.Text("prompt")!)] }];

    private static SamplingParameters ReadSampling(JsonElement root) => new()
    {
        Temperature = root.Member("temperature")?.GetDouble(),
        TopP = root.Member("top_p")?.GetDouble(),
        TopK = root.Member("top_k")?.GetInt32(),
        MinP = root.Member("min_p")?.GetDouble(),
        TopA = root.Member("top_a")?.GetDouble(),
        FrequencyPenalty = root.Member("frequency_penalty")?.GetDouble(),
        PresencePenalty = root.Member("presence_penalty")?.GetDouble(),
        RepetitionPenalty = root.Member("repetition_penalty")?.GetDouble(),
        Seed = root.Member("seed")?.GetInt64(),
        Stop = ReadStop(root.Member("stop")),
        Logprobs = root.Member("logprobs")?.GetBoolean(),
        TopLogprobs = root.Member("top_logprobs")?.GetInt32(),
    };

    private static IReadOnlyList<string>? ReadStop(JsonElement? stop) => stop switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { } several => several.Strings(),
    };

    private static Dictionary<string, JsonElement> ReadExtensions(JsonElement root)
    {
        var extensions = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            if (!Members.Find(member.Name).IsExtension) continue;
            if (member.Value.ValueKind == JsonValueKind.Null) extensions.Remove(member.Name);
            else extensions[member.Name] = member.Value.Clone();
        }
        return extensions;
    }
}
