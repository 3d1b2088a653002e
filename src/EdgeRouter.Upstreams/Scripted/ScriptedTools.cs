using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Which tools the scripted provider calls. Pure.</summary>
internal static class ScriptedTools
{
    /// <summary>The tools to call now; none after a tool result, so that conversations end.</summary>
    /// <param name="request">The request; a named function is among its tools.</param>
    /// <param name="eager">Whether to call tools by itself, and two at once when permitted.</param>
    public static IReadOnlyList<ToolDefinition> Choose(ChatRequest request, bool eager)
    {
        if (request.Tools.Count == 0 || request.Messages is [.., { Role: ChatRole.Tool }]) return [];
        switch (request.ToolChoice?.Mode ?? ToolChoiceMode.Auto)
        {
            case ToolChoiceMode.Function:
                return [request.Tools.First(tool => tool.Name == request.ToolChoice!.FunctionName)];
            case ToolChoiceMode.Required:
            case ToolChoiceMode.Auto when eager:
                return eager && request.ParallelToolCalls != false ? [.. request.Tools.Take(2)] : [request.Tools[0]];
            default:
                return [];
        }
    }
}
