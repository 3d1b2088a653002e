using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using Members = EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.MessagesMembers;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Reading;

/// <summary>
/// Full parse of a Messages request whose shape was checked, without what only Anthropic's API has. What it returns does not depend on the body's memory.
/// Stateless and thread-safe.
/// </summary>
internal static class MessagesReader
{
    /// <summary>Reads a request. Null members are the same as absent ones.</summary>
    /// <param name="scan">The scan of the body.</param>
    /// <param name="origins">Receives, for each message, where it stands in the body.</param>
    public static ChatRequest Read(MessagesScan scan, List<MessageOrigin> origins)
    {
        using var document = JsonDocument.Parse(scan.Body);
        var root = document.RootElement;
        var output = root.Member(Members.OutputConfig.Name);
        var choice = root.Member(Members.ToolChoice.Name);
        var tools = ReadTools(root.Member(Members.Tools.Name));
        return new ChatRequest
        {
            Model = root.Text(Members.Model.Name) ?? "",
            Messages = new MessagesTurnReader(origins).Read(root.Member(Members.System.Name), root.GetProperty(Members.Messages.Name)),
            Stream = scan.Stream,
            MaxOutputTokens = scan.MaxOutputTokens,
            Sampling = new SamplingParameters
            {
                Temperature = root.Member(Members.Temperature.Name)?.GetDouble(),
                TopP = root.Member(Members.TopP.Name)?.GetDouble(),
                TopK = root.Member(Members.TopK.Name)?.GetInt32(),
                Stop = root.Member(Members.StopSequences.Name)?.Strings(),
            },
            Tools = tools,
            ToolChoice = tools.Count == 0 ? null : ReadChoice(choice),
            ParallelToolCalls = tools.Count > 0 && choice?.Member("disable_parallel_tool_use")?.GetBoolean() == true ? false : null,
            ResponseFormat = ReadFormat(output?.Member("format")),
            Reasoning = ReadReasoning(scan, output?.Text("effort")),
            Verbosity = scan.Thinking == MessagesThinking.Adaptive ? null : output?.Text("effort"),
            CacheControl = MessagesBlockReader.ReadMarker(root.Member(Members.CacheControl.Name)),
            ServiceTier = scan.ServiceTier,
            User = scan.User,
        };
    }

    private static ReasoningOptions? ReadReasoning(MessagesScan scan, string? effort) => scan.Thinking switch
    {
        null => null,
        MessagesThinking.Enabled => new ReasoningOptions { MaxTokens = scan.ReasoningTokens, Exclude = scan.ExcludeReasoning ? true : null },
        MessagesThinking.Adaptive => new ReasoningOptions { Enabled = true, Effort = effort, Exclude = scan.ExcludeReasoning ? true : null },
        _ => new ReasoningOptions { Enabled = false },
    };

    private static ResponseFormat? ReadFormat(JsonElement? format) => format is { } given
        ? new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, Name = "answer", Schema = given.GetProperty("schema").Clone(), Strict = true }
        : null;

    private static ToolChoice? ReadChoice(JsonElement? choice) => choice?.Text("type") switch
    {
        null => null,
        "any" => new ToolChoice(ToolChoiceMode.Required),
        "tool" => new ToolChoice(ToolChoiceMode.Function, choice.Value.Text("name")),
        "none" => new ToolChoice(ToolChoiceMode.None),
        _ => new ToolChoice(ToolChoiceMode.Auto),
    };

    private static List<ToolDefinition> ReadTools(JsonElement? tools)
    {
        if (tools is not { } given) return [];
        var definitions = new List<ToolDefinition>(given.GetArrayLength());
        foreach (var tool in given.EnumerateArray())
        {
            // One of Anthropic's own has no place here; a request with it goes only where it can be passed through.
            if (tool.Text("type") is not (null or "custom")) continue;
            definitions.Add(new ToolDefinition
            {
                Name = tool.Text("name")!,
                Description = tool.Text("description"),
                Parameters = tool.GetProperty("input_schema").Clone(),
                Strict = tool.Member("strict")?.GetBoolean(),
                CacheControl = MessagesBlockReader.ReadMarker(tool.Member("cache_control")),
            });
        }
        return definitions;
    }
}
