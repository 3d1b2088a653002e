using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>A stream of a provider over HTTP: bytes to events, events to the caller's bytes. Holds no buffer while it waits.</summary>
internal sealed class HttpStreamAnswer(UpstreamAnswer upstream, IStreamTranscoder transcoder, Provider provider, AttemptClock clock, int maxEventBytes)
    : StreamAnswer(clock)
{
    private const int ReadSize = 16 * 1024;
    private readonly SseReader events = new(maxEventBytes);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<UpstreamFailure?> PumpAsync(IBufferWriter<byte> output)
    {
        byte[]? buffer = null;
        try
        {
            // A read of zero bytes waits until there is data, so that thousands of silent streams hold no buffers.
            Observer?.Begin();
            try
            {
                _ = await upstream.Body.ReadAsync(Memory<byte>.Empty, Clock.Token);
            }
            finally
            {
                if (Observer is not null) await Observer.EndAsync();
            }
            buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
            var read = await upstream.Body.ReadAsync(buffer, Clock.Token);
            if (read == 0)
            {
                Ended = true;
                events.Complete();
            }
            else
            {
                events.Append(buffer.AsMemory(0, read));
            }
            while (events.TryRead(out var sseEvent)) transcoder.Transcode(sseEvent.Name, sseEvent.Data, output, Progress);
            return null;
        }
        catch (UpstreamFormatException exception)
        {
            return UpstreamFailure.Observed(FailureClass.MalformedAnswer, exception.Message);
        }
        catch (OperationCanceledException) when (Clock.Token.IsCancellationRequested)
        {
            return Clock.ToFailure();
        }
        catch (Exception exception) when (TransportFailures.IsTransport(exception))
        {
            return TransportFailures.Of(exception, null, CancellationToken.None);
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override string Provider => provider.Name;

    public override UpstreamFailure Classify(UpstreamError error) => FailureClassifier.InAnswer(provider.Wire, error);

    public override void Complete(UsageReport usage, IBufferWriter<byte> output) => transcoder.Complete(usage, output);

    public override void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => transcoder.Fail(error, usage, output);

    protected override ValueTask CloseAsync()
    {
        events.Dispose();
        return upstream.DisposeAsync();
    }
}
