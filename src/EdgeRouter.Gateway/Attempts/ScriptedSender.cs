using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Scripted;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Attempts at the scripted provider: like those over HTTP, without the wire.</summary>
internal sealed class ScriptedSender(ScriptedProvider provider, RouterSettings settings, TimeProvider time)
{
    public async ValueTask SendAsync(Attempt attempt, AttemptInput input, AttemptClock clock)
    {
        var request = (ConversationRequest)input.Request;
        var scripted = provider.Answer(request.GetConversation(), attempt.Endpoint);
        attempt.Sent = time.GetTimestamp();
        if (scripted.Failure is { } failure)
        {
            clock.Dispose();
            attempt.Failed(failure);
            return;
        }
        attempt.Status = 200;
        if (request.Facts.Stream) await StreamAsync(attempt, request, input, clock, scripted);
        else await WholeAsync(attempt, request, input, clock, scripted);
    }

    private async ValueTask StreamAsync(Attempt attempt, ConversationRequest request, AttemptInput input, AttemptClock clock, ScriptedAnswer scripted)
    {
        var answer = new ScriptedStreamAnswer(scripted.StreamAsync(clock.Token).GetAsyncEnumerator(clock.Token), request.CreateStreamWriter(input.Header),
            attempt.Endpoint.Provider, clock);
        if (await FirstToken.AwaitAsync(answer, request.Facts.Operation, settings.Limits.FirstToken) is not { } failure)
        {
            attempt.Answered(answer, []);
            return;
        }
        await answer.DisposeAsync();
        attempt.Failed(failure);
    }

    private async ValueTask WholeAsync(Attempt attempt, ConversationRequest request, AttemptInput input, AttemptClock clock, ScriptedAnswer scripted)
    {
        using (clock)
        {
            clock.Arm(settings.Upstreams.WholeAnswer, FailureClass.TotalTimeout);
            var read = await scripted.ReadAsync(clock.Token);
            if (read.TryGet(out var response, out var failure)) attempt.Answered(new ScriptedWholeAnswer(response, request, input.Header), []);
            else attempt.Failed(failure.Class == FailureClass.Cancelled ? clock.ToFailure() : failure);
        }
    }

    private sealed class ScriptedWholeAnswer : WholeAnswer
    {
        private readonly ChatResponse response;
        private readonly ConversationRequest request;
        private readonly AnswerHeader header;

        public ScriptedWholeAnswer(ChatResponse response, ConversationRequest request, AnswerHeader header)
        {
            this.response = response;
            this.request = request;
            this.header = header;
            Progress.Observe(response);
        }

        public override void Write(UsageReport usage, IBufferWriter<byte> output) => request.WriteResponse(response, header, usage, output);

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
            Observer?.Begin();
            try
            {
                return await events.MoveNextAsync();
            }
            finally
            {
                if (Observer is not null) await Observer.EndAsync();
            }
        }

        public override UpstreamFailure Classify(UpstreamError error) => FailureClassifier.InAnswer(DialectNames.Scripted, error);

        public override void Complete(UsageReport usage, IBufferWriter<byte> output) => writer.Complete(usage, output);

        public override void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => writer.Fail(error, usage, output);

        protected override ValueTask CloseAsync() => events.DisposeAsync();
    }
}
