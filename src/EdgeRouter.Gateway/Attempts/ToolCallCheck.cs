using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Judges how an endpoint called tools, for its health. Whether arguments fit their schema is not checked. Stateless.</summary>
internal static class ToolCallCheck
{
    public static ToolCallQuality Of(RequestFacts request, StreamProgress progress)
    {
        if (progress.FinishReason != FinishReason.ToolCalls) return ToolCallQuality.None;
        return progress.ToolCalls?.AreSound(request) == false ? ToolCallQuality.Bad : ToolCallQuality.Good;
    }
}
