using System.Runtime.CompilerServices;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>Holds a stream back until it has shown that it produces something: up to that point another attempt can take its place unseen.</summary>
internal static class FirstToken
{
    /// <summary>Reads until the first real token. Null: it is there, in <see cref="StreamAnswer.Held"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<UpstreamFailure?> AwaitAsync(StreamAnswer answer, TimeSpan limit)
    {
        var progress = answer.Progress;
        answer.Clock.Arm(limit, FailureClass.FirstTokenTimeout);
        while (!progress.TokenSeen && !progress.Completed && !answer.Ended && progress.Error is null)
        {
            answer.Broken = await answer.PumpAsync(answer.Held);
            if (answer.Broken is not null) break;
        }
        if (progress.TokenSeen) return null;
        if (answer.Broken is not null) return answer.Broken;
        if (progress.Error is { } error) return answer.Classify(error);
        return Emptiness(progress);
    }

    /// <summary>An answer without a token is a failure, unless the provider gave a reason for having nothing to say.</summary>
    public static UpstreamFailure? Emptiness(Dialects.StreamProgress progress) => progress.FinishReason switch
    {
        FinishReason.ContentFilter or FinishReason.Length => null,
        FinishReason.Stop when progress.IsContinuation => null,
        null => UpstreamFailure.Observed(FailureClass.TruncatedAnswer, "The stream ended before its first token."),
        _ => UpstreamFailure.Observed(FailureClass.EmptyAnswer, "The answer is empty."),
    };
}
