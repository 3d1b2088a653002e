using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Checks the tool calls of an answer, for the health of its endpoint. Arguments are not checked against their schema. Stateless.</summary>
internal static class ToolCallCheck
{
    public static ToolCallQuality Of(RequestFacts request, StreamProgress progress)
    {
        if (progress.FinishReason != FinishReason.ToolCalls) return ToolCallQuality.None;
        return progress.ToolCalls?.AreSound(request) == false ? ToolCallQuality.Bad : ToolCallQuality.Good;
    }
}
