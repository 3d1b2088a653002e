using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// An answer of the <see cref="ScriptedProvider"/>: a failure, or events that can also be had as a whole. Both forms come from the same script, so
/// they agree.
/// </summary>
public sealed class ScriptedAnswer
{
    private readonly Func<CancellationToken, IAsyncEnumerable<StreamEvent>>? play;

    internal ScriptedAnswer(UpstreamFailure failure) => Failure = failure;

    internal ScriptedAnswer(Func<CancellationToken, IAsyncEnumerable<StreamEvent>> play) => this.play = play;

    /// <summary>Why there is no answer; null: there is one.</summary>
    public UpstreamFailure? Failure { get; }

    /// <summary>The events of a stream, as a dialect's reader would give them.</summary>
    /// <exception cref="UpstreamFormatException">While enumerating: the script is <see cref="ScriptedModels.Malformed"/>.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: the token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">There is a <see cref="Failure"/>.</exception>
    public IAsyncEnumerable<StreamEvent> StreamAsync(CancellationToken cancellationToken) =>
        play?.Invoke(cancellationToken) ?? throw new InvalidOperationException("The answer is a failure.");

    /// <summary>The whole answer. Whatever goes wrong on the way is returned.</summary>
    public async ValueTask<UpstreamResult<ChatResponse>> ReadAsync(CancellationToken cancellationToken)
    {
        if (Failure is not null) return Failure;
        var assembler = new ResponseAssembler();
        try
        {
            await foreach (var streamEvent in StreamAsync(cancellationToken).ConfigureAwait(false))
            {
                if (streamEvent is StreamFailed failed) return FailureClassifier.InAnswer(DialectNames.Scripted, failed.Error);
                assembler.Add(streamEvent);
            }
        }
        catch (UpstreamFormatException exception)
        {
            return UpstreamFailure.Observed(FailureClass.MalformedAnswer, exception.Message);
        }
        catch (OperationCanceledException exception)
        {
            return TransportFailures.Of(exception, timeout: null, cancellationToken);
        }
        if (assembler.Completed) return assembler.ToResponse();
        return UpstreamFailure.Observed(FailureClass.TruncatedAnswer, "the answer ended before its end");
    }
}
