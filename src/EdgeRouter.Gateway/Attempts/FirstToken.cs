using System.Runtime.CompilerServices;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Holds a stream back until it has produced something: up to that point another attempt can take its place without the caller noticing.</summary>
internal static class FirstToken
{
    /// <summary>Reads until the first real token. Null: it arrived, and is in <see cref="StreamAnswer.Held"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<UpstreamFailure?> AwaitAsync(StreamAnswer answer, AttemptInput input, TimeSpan limit, int maxHeldBytes)
    {
        var progress = answer.Progress;
        answer.Clock.Arm(limit, FailureClass.FirstTokenTimeout);
        while (!progress.TokenSeen && !progress.Completed && !answer.Ended && progress.Error is null)
        {
            answer.Broken = await answer.PumpAsync(answer.Held);
            if (answer.Broken is null && answer.Held.Length > maxHeldBytes)
                answer.Broken = UpstreamFailure.Observed(FailureClass.MalformedAnswer, "too much data before the first token of the stream");
            if (answer.Broken is not null) break;
        }
        if (progress.TokenSeen) return null;
        if (answer.Broken is not null) return answer.Broken;
        if (progress.Error is { } error) return answer.Classify(error);
        return Emptiness(progress, input);
    }

    /// <summary>Why an answer without a token is a failure; null: it is a good answer.</summary>
    public static UpstreamFailure? Emptiness(StreamProgress progress, in AttemptInput input)
    {
        var facts = input.Request.Facts;
        var isExplained = progress.IsContinuation || facts.Operation.MayAnswerNothing(facts);
        return facts.Operation.JudgeEmpty(progress.FinishReason, isExplained) switch
        {
            EmptyAnswer.Truncated => UpstreamFailure.Observed(FailureClass.TruncatedAnswer, "the stream ended before its first token"),
            EmptyAnswer.Empty when !input.EmptyAnswers.TryAccept() || progress.FinishReason != FinishReason.Stop =>
                UpstreamFailure.Observed(FailureClass.EmptyAnswer, "the answer is empty"),
            _ => null,
        };
    }
}
