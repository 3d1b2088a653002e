using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// The scripted provider's answer to a request: it depends only on the model's name (<see cref="ScriptedModels"/>) and the request, so that the same
/// request always gets the same answer. Whatever the script, <c>tool_choice</c>, <c>response_format</c>, <c>n</c> and <c>max_tokens</c> are honoured.
/// Pure.
/// </summary>
internal static class ScriptedProvider
{
    /// <summary>Largest number of choices of an answer.</summary>
    public const int MaxChoices = 128;

    /// <summary>Largest size of the text of an answer in bytes, over all choices. A longer one ends with reason length.</summary>
    public const int MaxOutputBytes = 16 * 1024 * 1024;

    private const int EventsBeforeFault = 4; // the starts of the turn and of its part, and two tokens

    /// <summary>Why a script gives no answer to any request; null: it gives one.</summary>
    public static ScriptedError? FindError(ScriptedModel model) => model.Script switch
    {
        ScriptedModels.Error => ScriptedErrors.Of(model.Status),
        ScriptedModels.ContextLengthError => ScriptedErrors.ContextLength,
        _ => null,
    };

    /// <summary>Why there is no answer to a request; null: there is one.</summary>
    public static ScriptedError? FindError(ChatRequest request) =>
        request.ToolChoice is { Mode: ToolChoiceMode.Function, FunctionName: { } tool } && !request.Tools.Any(definition => definition.Name == tool)
            ? ScriptedErrors.UnknownTool(tool) : null;

    /// <summary>The answer, from its start to its end, made as it is read.</summary>
    public static IEnumerable<ScriptedStep> Play(ScriptedModel model, ChatRequest request)
    {
        yield return new ScriptedStep(new ResponseStarted(null, null));
        if (model.Delay > TimeSpan.Zero) yield return new ScriptedStep(null, model.Delay);

        var usage = new ScriptedUsage(request);
        var fault = FaultOf(model);
        for (var choice = 0; choice < Math.Clamp(request.ChoiceCount ?? 1, 1, MaxChoices); choice++)
        {
            var turn = OutputLimit.Apply(ScriptedTurn.Compose(model, request, choice), choice, MaxTokens(request, usage));
            if (fault != ScriptedFault.None) turn = turn.Take(EventsBeforeFault).Where(streamEvent => streamEvent is not ChoiceFinished);
            foreach (var streamEvent in turn)
            {
                usage.Observe(streamEvent);
                yield return new ScriptedStep(streamEvent);
            }
            if (fault == ScriptedFault.None) continue;
            yield return new ScriptedStep(null, Fault: fault);
            yield break;
        }
        if (model.Script != ScriptedModels.UsageMissing) yield return new ScriptedStep(new UsageReported(usage.ToUsage()));
        yield return new ScriptedStep(StreamCompleted.Instance);
    }

    private static int MaxTokens(ChatRequest request, ScriptedUsage usage)
    {
        var left = (int)((MaxOutputBytes - Math.Min(usage.OutputBytes, MaxOutputBytes)) / ScriptedUsage.BytesPerToken);
        return Math.Min(request.MaxOutputTokens ?? int.MaxValue, left);
    }

    private static ScriptedFault FaultOf(ScriptedModel model) => model.Script switch
    {
        ScriptedModels.Truncated => ScriptedFault.Truncated,
        ScriptedModels.Malformed => ScriptedFault.Malformed,
        ScriptedModels.MidstreamError => ScriptedFault.Error,
        ScriptedModels.Reset => ScriptedFault.Reset,
        _ => ScriptedFault.None,
    };
}
