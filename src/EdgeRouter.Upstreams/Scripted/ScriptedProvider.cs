using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// A provider that lives in the process and needs no key: tests, demonstrations and first steps talk to it. What it does is chosen by the endpoint's
/// upstream model (<see cref="ScriptedModels"/>) and the request alone, so the same request always gets the same answer. Whatever the script,
/// <c>tool_choice</c>, <c>response_format</c>,
/// <c>n</c> and <c>max_tokens</c> are honoured. Thread-safe.
/// </summary>
/// <param name="timeProvider">Clock of the pauses.</param>
public sealed class ScriptedProvider(TimeProvider timeProvider)
{
    private const int MaxChoices = 128;
    private const int EventsBeforeFault = 4; // the starts of the turn and of its part, and two tokens

    /// <summary>The answer to a request. Nothing happens before it is read.</summary>
    public ScriptedAnswer Answer(ChatRequest request, Endpoint endpoint)
    {
        var name = endpoint.UpstreamModel;
        if (ScriptedModel.Parse(name) is not { } model) return new ScriptedAnswer(ScriptedErrors.ModelNotFound(name));
        if (model.Script == ScriptedModels.Error) return new ScriptedAnswer(ScriptedErrors.Of(model.Status));
        if (model.Script == ScriptedModels.ContextLengthError) return new ScriptedAnswer(ScriptedErrors.ContextLength());
        if (request.ToolChoice is { Mode: ToolChoiceMode.Function, FunctionName: { } tool } && !request.Tools.Any(definition => definition.Name == tool))
            return new ScriptedAnswer(ScriptedErrors.UnknownTool(tool));
        return new ScriptedAnswer(cancellationToken => PlayAsync(model, name, request, cancellationToken));
    }

    private async IAsyncEnumerable<StreamEvent> PlayAsync(ScriptedModel model, string name, ChatRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (model.Script == ScriptedModels.Silent) await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken).ConfigureAwait(false);
        yield return new ResponseStarted("scripted-" + name, name);
        if (model.Delay > TimeSpan.Zero) await Task.Delay(model.Delay, timeProvider, cancellationToken).ConfigureAwait(false);

        var usage = new ScriptedUsage(request);
        var faulty = model.Script is ScriptedModels.Truncated or ScriptedModels.Malformed or ScriptedModels.MidstreamError;
        for (var choice = 0; choice < Math.Clamp(request.ChoiceCount ?? 1, 1, MaxChoices); choice++)
        {
            var turn = OutputLimit.Apply(ScriptedTurn.Compose(model, request, choice), choice, request.MaxOutputTokens);
            if (faulty) turn = turn.Take(EventsBeforeFault).Where(streamEvent => streamEvent is not ChoiceFinished);
            foreach (var streamEvent in turn)
            {
                cancellationToken.ThrowIfCancellationRequested();
                usage.Observe(streamEvent);
                yield return streamEvent;
            }
            if (faulty) break;
        }
        switch (model.Script)
        {
            case ScriptedModels.Truncated:
                yield break;
            case ScriptedModels.Malformed:
                throw new UpstreamFormatException("The scripted provider sent something that is not an event, as its model name says.");
            case ScriptedModels.MidstreamError:
                yield return new StreamFailed(ScriptedErrors.Midstream);
                yield break;
        }
        if (model.Script != ScriptedModels.UsageMissing) yield return new UsageReported(usage.ToUsage());
        yield return StreamCompleted.Instance;
    }
}
