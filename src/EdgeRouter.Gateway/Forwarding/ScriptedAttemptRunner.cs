using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Scripted;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>Attempts at the scripted provider: the same way as over HTTP, without the wire.</summary>
internal sealed class ScriptedAttemptRunner(ScriptedProvider provider, RouterSettings settings, TimeProvider time) : IAttemptRunner
{
    public async ValueTask<AttemptOutcome> RunAsync(GatewayRequest request, AttemptEntry entry, AttemptClock clock)
    {
        var scripted = provider.Answer(request.GetConversation(), entry.Endpoint);
        entry.SentTimestamp = time.GetTimestamp();
        if (scripted.Failure is { } failure)
        {
            clock.Dispose();
            return AttemptOutcome.Failed(entry, failure);
        }
        entry.Status = 200;
        var header = AnswerHead.Of(request, entry.Endpoint);
        return request.Routing!.Stream ? await StreamAsync(request, entry, clock, scripted, header) : await WholeAsync(request, entry, clock, scripted, header);
    }

    private async ValueTask<AttemptOutcome> StreamAsync(GatewayRequest request, AttemptEntry entry, AttemptClock clock, ScriptedAnswer scripted,
        AnswerHeader header)
    {
        var answer = new ScriptedStreamAnswer(scripted.StreamAsync(clock.Token).GetAsyncEnumerator(clock.Token), request.Dialect.CreateStreamWriter(header),
            entry.Endpoint.Provider, clock);
        if (await FirstToken.AwaitAsync(answer, settings.Limits.FirstToken) is not { } failure) return AttemptOutcome.Answered(entry, answer, []);
        await answer.DisposeAsync();
        return AttemptOutcome.Failed(entry, failure);
    }

    private async ValueTask<AttemptOutcome> WholeAsync(GatewayRequest request, AttemptEntry entry, AttemptClock clock, ScriptedAnswer scripted,
        AnswerHeader header)
    {
        using (clock)
        {
            clock.Arm(settings.Upstreams.WholeAnswer, FailureClass.TotalTimeout);
            var read = await scripted.ReadAsync(clock.Token);
            return read.TryGet(out var response, out var failure)
                ? AttemptOutcome.Answered(entry, new ScriptedWholeAnswer(response, request.Dialect, header), [])
                : AttemptOutcome.Failed(entry, failure.Class == FailureClass.Cancelled ? clock.ToFailure() : failure);
        }
    }

    private sealed class ScriptedWholeAnswer : WholeAnswer
    {
        private readonly ChatResponse response;
        private readonly ICallerApi dialect;
        private readonly AnswerHeader header;

        public ScriptedWholeAnswer(ChatResponse response, ICallerApi dialect, AnswerHeader header)
        {
            this.response = response;
            this.dialect = dialect;
            this.header = header;
            Progress.Observe(response);
        }

        public override void Write(UsageReport usage, IBufferWriter<byte> output) => dialect.WriteResponse(response, header, usage, output);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class ScriptedStreamAnswer(IAsyncEnumerator<StreamEvent> events, ICallerStreamWriter writer, Provider provider, AttemptClock clock)
        : StreamAnswer(clock)
    {
        public override string Provider => provider.Name;

        public override async ValueTask<UpstreamFailure?> PumpAsync(IBufferWriter<byte> output)
        {
            try
            {
                if (!await MoveNextAsync())
                {
                    Ended = true;
                    return null;
                }
                Progress.Observe(events.Current);
                writer.Write(events.Current, output);
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
        }

        private async ValueTask<bool> MoveNextAsync()
        {
            Beat?.Begin();
            try
            {
                return await events.MoveNextAsync();
            }
            finally
            {
                if (Beat is not null) await Beat.EndAsync();
            }
        }

        public override UpstreamFailure Classify(UpstreamError error) => FailureClassifier.InAnswer(DialectNames.Scripted, error);

        public override void Complete(UsageReport usage, IBufferWriter<byte> output) => writer.Complete(usage, output);

        public override void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => writer.Fail(error, usage, output);

        protected override ValueTask CloseAsync() => events.DisposeAsync();
    }
}
