using System.Buffers;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>A whole answer of a provider, already read; in its own bytes until it is written for the caller.</summary>
internal sealed class WholeAnswer(UpstreamBody body, IResponseTranscoder transcoder) : Answer
{
    /// <summary>Reads it; returns why it is no answer, or null.</summary>
    public UpstreamFailure? Read(string wire, in AttemptInput input)
    {
        try
        {
            transcoder.Read(body.Memory, Progress);
        }
        catch (UpstreamMismatchException exception)
        {
            return UpstreamFailure.Observed(FailureClass.MismatchedAnswer, exception.Message);
        }
        catch (UpstreamFormatException exception)
        {
            return UpstreamFailure.Observed(FailureClass.MalformedAnswer, exception.Message);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json has no other exception for a text that is not Unicode.
            return UpstreamFailure.Observed(FailureClass.MalformedAnswer, "the answer has text that is not Unicode");
        }
        if (Progress.Error is { } error) return FailureClassifier.InAnswer(wire, error);
        return Progress.TokenSeen ? null : FirstToken.Emptiness(Progress, input);
    }

    /// <summary>Media type of the caller's bytes; null: that of the caller API's answers.</summary>
    public string? MediaType => transcoder.MediaType;

    /// <summary>Writes it in the caller's format.</summary>
    public void Write(UsageReport usage, IBufferWriter<byte> output) => transcoder.Write(usage, output);

    public override ValueTask DisposeAsync()
    {
        body.Dispose();
        return ValueTask.CompletedTask;
    }
}
