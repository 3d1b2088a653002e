using System.Runtime.CompilerServices;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Media;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>
/// Attempts at providers over HTTP. When the caller's dialect is the provider's, the body is spliced and the answer patched; otherwise both go
/// through the canonical form.
/// </summary>
internal sealed class HttpAttemptRunner(ProviderWires dialects, UpstreamClient client, MediaInliner media, RouterSettings settings, TimeProvider time)
    : IAttemptRunner
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptOutcome> RunAsync(GatewayRequest request, AttemptEntry entry, AttemptClock clock)
    {
        AttemptOutcome? outcome = null;
        try
        {
            return outcome = await AskAsync(request, entry, clock);
        }
        catch (RouterException refusal)
        {
            return AttemptOutcome.Refused(entry, refusal.Error);
        }
        catch (OperationCanceledException) when (clock.Token.IsCancellationRequested)
        {
            return AttemptOutcome.Failed(entry, clock.ToFailure());
        }
        finally
        {
            // A stream that won goes on living by its clock; everything else is over.
            if (outcome?.Answer is not StreamAnswer) clock.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> AskAsync(GatewayRequest request, AttemptEntry entry, AttemptClock clock)
    {
        var endpoint = entry.Endpoint;
        var dialect = dialects.Get(endpoint.Provider.Dialect);
        var target = new WireTarget(endpoint, request.Routing!.Stream);
        var dropped = new List<string>();
        using var body = new PooledBuffer();
        if (request.ResumeFrom is not null || !TrySplice(request, dialect, target, body, dropped))
        {
            var asked = request.ResumeFrom?.ContinuedAt(endpoint) ?? request.GetConversation();
            var (conversation, unfetchable) = await media.InlineAsync(asked, dialect, target.Fields, clock.Token);
            if (conversation is null) return AttemptOutcome.Refused(entry, unfetchable!);
            dialect.WriteRequest(conversation, target, body, dropped);
        }
        if (request.Routing.EchoesUpstreamBody) entry.EchoedBody = body.Written.ToArray();
        entry.SentTimestamp = time.GetTimestamp();
        var sent = await client.SendAsync(endpoint, dialect.GetPath(target.Model, target.Stream), body.Written, target.Stream, clock.Token);
        if (!sent.TryGet(out var upstream, out var failure)) return AttemptOutcome.Failed(entry, Explain(failure, clock));
        entry.Status = upstream.Status;
        return target.Stream
            ? await AwaitStreamAsync(request, entry, clock, dialect, upstream, dropped)
            : await AwaitWholeAsync(request, entry, clock, dialect, upstream, dropped);
    }

    private static bool TrySplice(GatewayRequest request, IProviderWire dialect, WireTarget target, PooledBuffer body, List<string> dropped)
    {
        if (request.Dialect is not IPassThroughDialect passThrough || passThrough.Name != dialect.Name) return false;
        if (passThrough.TrySpliceRequest(request.Body!.Memory, request.Routing!, target, body, dropped)) return true;
        body.Clear();
        dropped.Clear();
        return false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> AwaitStreamAsync(GatewayRequest request, AttemptEntry entry, AttemptClock clock, IProviderWire dialect,
        UpstreamAnswer upstream, List<string> dropped)
    {
        var (head, provider) = (AnswerHead.Of(request, entry.Endpoint), entry.Endpoint.Provider);
        var transcoder = request.ResumeFrom is { } point
            ? Transcoders.ForContinuation(request.Dialect, dialect, head, provider, point.SeamAt(entry.Endpoint))
            : Transcoders.ForStream(request.Dialect, dialect, head, provider);
        var stream = new HttpStreamAnswer(upstream, transcoder, provider, clock, settings.Limits.MaxEventBytes);
        stream.Progress.IsContinuation = request.ResumeFrom is not null;
        if (request.KeepsText) stream.Progress.Kept = new KeptText(request.ResumeFrom?.Text ?? "");
        AttemptOutcome? outcome = null;
        try
        {
            var failure = IsEventStream(upstream.MediaType)
                ? await FirstToken.AwaitAsync(stream, settings.Limits.FirstToken)
                : UpstreamFailure.Observed(FailureClass.MalformedAnswer, "The provider answered a stream request with something else.");
            if (failure is not null) stream.Broken = failure;
            return outcome = failure is null ? AttemptOutcome.Answered(entry, stream, dropped) : AttemptOutcome.Failed(entry, failure);
        }
        finally
        {
            // Its connection is closed: what a provider that failed still says is worth nothing.
            if (outcome?.Answer is null) await stream.DisposeAsync();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<AttemptOutcome> AwaitWholeAsync(GatewayRequest request, AttemptEntry entry, AttemptClock clock, IProviderWire dialect,
        UpstreamAnswer upstream, List<string> dropped)
    {
        await using var connection = upstream;
        var read = await upstream.ReadBodyAsync(clock.Token);
        if (!read.TryGet(out var body, out var failure)) return AttemptOutcome.Failed(entry, Explain(failure, clock));
        var answer = new TranscodedAnswer(body,
            Transcoders.ForResponse(request.Dialect, dialect, AnswerHead.Of(request, entry.Endpoint), entry.Endpoint.Provider));
        var problem = answer.Read(entry.Endpoint.Provider.Dialect);
        if (problem is null) return AttemptOutcome.Answered(entry, answer, dropped);
        await answer.DisposeAsync();
        return AttemptOutcome.Failed(entry, problem);
    }

    /// <summary>The client only sees that it was cancelled; the clock knows by what.</summary>
    private static UpstreamFailure Explain(UpstreamFailure failure, AttemptClock clock) => failure.Class == FailureClass.Cancelled
        ? clock.ToFailure() : failure;

    private static bool IsEventStream(string? mediaType) => mediaType is null || mediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
