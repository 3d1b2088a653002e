using System.Collections.Concurrent;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Streaming;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Failures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Streaming;

/// <summary>The wait for a stream's first token.</summary>
public sealed class StreamOpeningTests
{
    [Fact]
    public async Task Attempt_that_ends_in_the_moment_in_which_a_comment_is_due_is_taken()
    {
        var settings = RouterSettings.Read(new ConfigurationBuilder().Build());
        var time = new VirtualTimeProvider();
        var context = new DefaultHttpContext();
        var attempts = new TaskCompletionSource<Attempt>();
        var ended = new Attempt(Candidates.Model("acme/one", ("a", 8000)).Endpoints[0], 0);
        ended.Failed(UpstreamFailure.Observed(FailureClass.ServerError, "as the test says"));
        var later = new QueuedContinuations();

        var opening = new StreamOpening(settings, new CallerOutput(settings, time), time);
        var waiting = later.Run(() => opening.WaitAsync(context, new OpenAIChatCallerApi(), attempts.Task).AsTask());
        time.Advance(settings.Limits.KeepAlive);
        attempts.SetResult(ended);
        later.Drain();

        Assert.Same(ended, await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Null(context.Response.ContentType);
    }

    [Fact]
    public async Task Answer_is_released_when_the_caller_cannot_be_written_to()
    {
        var settings = RouterSettings.Read(new ConfigurationBuilder().Build());
        var time = new VirtualTimeProvider();
        var context = new DefaultHttpContext();
        var body = new BrokenBody();
        context.Features.Set<IHttpResponseBodyFeature>(body);
        var attempts = new TaskCompletionSource<Attempt>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new ReleasedAnswer();
        var answered = new Attempt(Candidates.Model("acme/one", ("a", 8000)).Endpoints[0], 0);
        answered.Answered(answer, []);

        var waiting = new StreamOpening(settings, new CallerOutput(settings, time), time).WaitAsync(context, new OpenAIChatCallerApi(), attempts.Task);
        time.Advance(settings.Limits.KeepAlive);
        await body.Tried;
        attempts.SetResult(answered);

        await Assert.ThrowsAsync<NotSupportedException>(() => waiting.AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(answer.IsReleased);
    }

    /// <summary>Keeps continuations until the test lets them run, as a busy thread pool does.</summary>
    private sealed class QueuedContinuations : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> queue = new();

        public override void Post(SendOrPostCallback d, object? state) => queue.Enqueue((d, state));

        public Task<T> Run<T>(Func<Task<T>> start)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                return start();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public void Drain()
        {
            _ = Run(() =>
            {
                while (queue.TryDequeue(out var next)) next.Callback(next.State);
                return Task.FromResult(true);
            });
        }
    }
}
