using System.Runtime.CompilerServices;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// Sends an attempt to its endpoint and waits until the first real token of a stream, or the whole body, is there. The exchange writes the request
/// and reads the answer. Thread-safe.
/// </summary>
internal sealed class AttemptSender(ProviderWires wires, UpstreamClient client, RouterSettings settings, TimeProvider time)
{
    /// <summary>Runs the attempt. Failures are set on it; only faults of the router itself are thrown. Takes ownership of <paramref name="clock"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(Attempt attempt, AttemptInput input, AttemptClock clock)
    {
        try
        {
            await AskAsync(attempt, input, clock);
        }
        catch (RouterException refusal)
        {
            attempt.Refused(refusal.Error);
        }
        catch (OperationCanceledException) when (clock.Token.IsCancellationRequested)
        {
            attempt.Failed(clock.ToFailure());
        }
        finally
        {
            // A stream that won keeps its clock; everything else is over.
            if (!attempt.HasAnswer || attempt.Answer is not StreamAnswer) clock.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AskAsync(Attempt attempt, AttemptInput input, AttemptClock clock)
    {
        var endpoint = attempt.Endpoint;
        var facts = input.Request.Facts;
        var wire = wires.Get(endpoint.Provider.Wire);
        var exchange = input.ResumeFrom is { } point
            ? input.Request.CreateContinuation(point, wire, endpoint) : input.Request.CreateExchange(wire, endpoint);
        var dropped = new List<string>();
        UpstreamResult<UpstreamAnswer> sent;
        // The body's memory is not needed while the provider works.
        using (var body = new PooledBuffer())
        {
            await exchange.WriteRequestAsync(body, dropped, input.Media, clock.Token);
            if (facts.EchoesUpstreamBody) attempt.SentBody = body.Written.ToArray();
            // Nothing is sent for a caller who left, or a race that was lost, while it was written: so nothing is charged.
            clock.Token.ThrowIfCancellationRequested();
            attempt.Sent = time.GetTimestamp();
            var call = new UpstreamCall(exchange.Path, exchange.Transport, body.Written, facts.Stream) { Headers = exchange.Headers, Observer = attempt };
            sent = await client.SendAsync(endpoint, call, clock.Token);
        }
        if (!sent.TryGet(out var upstream, out var failure))
        {
            attempt.Failed(Explain(failure, clock));
            return;
        }
        // A provider inside this process may answer without the body.
        attempt.Sending();
        attempt.Status = upstream.Status;
        if (facts.Stream) await AwaitStreamAsync(attempt, input, clock, exchange, upstream, dropped);
        else await AwaitWholeAsync(attempt, input, clock, exchange, upstream, dropped);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitStreamAsync(Attempt attempt, AttemptInput input, AttemptClock clock, IExchange exchange, UpstreamAnswer upstream,
        List<string> dropped)
    {
        StreamAnswer? stream = null;
        try
        {
            var (contentType, framing) = (upstream.ContentType, exchange.Transport.Framing);
            stream = new StreamAnswer(upstream, exchange.CreateStreamTranscoder(input.Header, contentType),
                framing.CreateReader(settings.Limits.MaxEventBytes), attempt.Endpoint.Provider, clock, time);
            input.Prepare(stream.Progress);
            attempt.Seen = stream.Progress;
            var failure = framing.Matches(contentType)
                ? await FirstToken.AwaitAsync(stream, input, FirstTokenLeft(attempt), settings.Limits.MaxEventBytes)
                : UpstreamFailure.Observed(FailureClass.MalformedAnswer, $"the answer to a stream request is not {framing.MediaType}");
            if (failure is null) attempt.Answered(stream, dropped);
            else attempt.Failed(stream.Broken = failure);
        }
        finally
        {
            // The connection is closed: the rest of a failed answer is not needed.
            if (stream is null) await upstream.DisposeAsync();
            else if (!attempt.HasAnswer) await stream.DisposeAsync();
        }
    }

    /// <summary>The time to the first token that the wait for the headers has left.</summary>
    private TimeSpan FirstTokenLeft(Attempt attempt)
    {
        var left = settings.Limits.FirstToken - time.GetElapsedTime(attempt.Sent!.Value);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AwaitWholeAsync(Attempt attempt, AttemptInput input, AttemptClock clock, IExchange exchange, UpstreamAnswer upstream,
        List<string> dropped)
    {
        await using var connection = upstream;
        var read = await upstream.ReadBodyAsync(clock.Token);
        if (!read.TryGet(out var body, out var failure))
        {
            attempt.Failed(Explain(failure, clock));
            return;
        }
        try
        {
            var answer = new WholeAnswer(body, exchange.CreateResponseTranscoder(input.Header, upstream.ContentType));
            attempt.Seen = answer.Progress;
            if (answer.Read(attempt.Endpoint.Provider.Wire, input) is { } problem) attempt.Failed(problem);
            else attempt.Answered(answer, dropped);
        }
        finally
        {
            if (!attempt.HasAnswer) body.Dispose();
        }
    }

    /// <summary>The client only sees that it was cancelled; the clock knows by what.</summary>
    private static UpstreamFailure Explain(UpstreamFailure failure, AttemptClock clock) => failure.Class == FailureClass.Cancelled
        ? clock.ToFailure() : failure;
}
