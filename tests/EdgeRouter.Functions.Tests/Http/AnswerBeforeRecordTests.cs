using System.Net;
using EdgeRouter.Core.Usage;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

/// <summary>The bus does not answer: the invocation waits for it, and the caller does not.</summary>
public sealed class AnswerBeforeRecordTests
{
    private static async Task<RunningRouter> StartAsync(TaskCompletionSource answering)
    {
        var router = await RunningRouter.StartAsync();
        router.Broker.Answering = answering.Task;
        return router;
    }

    [Fact]
    public async Task A_stream_is_with_the_caller_whole_while_the_invocation_waits_for_its_record()
    {
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var router = await StartAsync(answering);
        using var answer = await router.ChatAsync(stream: true);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await reader.ReadToLineAsync("data: [DONE]");
        Assert.Equal("", await reader.NextLineAsync());
        var end = reader.NextLineAsync();
        Assert.Equal(1, router.Functions.RunningInvocations);
        Assert.Equal(0, router.Queue.Count);

        answering.SetResult();

        Assert.Null(await end);
        await Eventually.TrueAsync(() => router.Queue.Deliveries == 1 && router.Queue.Count == 0, "the record to be written");
        await AssertSucceededAsync(router);
    }

    [Theory]
    [InlineData("scripted/echo", HttpStatusCode.OK)]
    [InlineData("scripted/missing", HttpStatusCode.BadRequest)]
    public async Task An_answer_that_is_not_streamed_is_whole_while_the_invocation_waits_for_its_record(string model, HttpStatusCode status)
    {
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var router = await StartAsync(answering);
        // Completes with the last byte of the body.
        using var answer = await router.ChatAsync(model);
        Assert.Equal(status, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 0);
        Assert.Equal(1, router.Functions.RunningInvocations);

        answering.SetResult();

        await Eventually.TrueAsync(() => router.Queue.Deliveries == 1 && router.Queue.Count == 0, "the record to be written");
        await AssertSucceededAsync(router);
    }

    /// <summary>The host takes the next request of a connection when the invocation of the last one is over.</summary>
    [Fact]
    public async Task While_invocations_wait_for_their_records_a_request_on_the_connection_of_one_waits_and_one_on_another_does_not()
    {
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var router = await StartAsync(answering);
        // The connections of the host to the worker are free again, and taken.
        var callers = Enumerable.Range(0, 5).Select(_ => router.NewClient()).ToList();
        for (var i = 0; i < callers.Count; i++)
        {
            using var answer = await router.ChatAsync(client: callers[i]).WaitAsync(Eventually.Limit);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(i + 1, router.Functions.RunningInvocations);
        }

        // The connection is free by HTTP's rules, so the client takes it.
        var waiting = callers[0].GetStringAsync(new Uri("/health", UriKind.Relative));
        await router.Client.GetStringAsync(new Uri("/health", UriKind.Relative)).WaitAsync(Eventually.Limit);
        Assert.False(waiting.IsCompleted);

        answering.SetResult();

        Assert.Contains("ok", await waiting, StringComparison.Ordinal);
        foreach (var caller in callers) caller.Dispose();
        await Eventually.TrueAsync(() => router.Queue.Count == 0, "the records to be written");
        await AssertSucceededAsync(router);
    }

    [Fact]
    public async Task A_caller_who_leaves_after_the_last_event_fails_no_invocation_and_its_record_is_written()
    {
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var router = await StartAsync(answering);
        string id;
        using (var answer = await router.ChatAsync(stream: true))
        {
            id = answer.Headers.GetValues("X-Generation-Id").Single();
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            await reader.ReadToLineAsync("data: [DONE]");
        }
        answering.SetResult();
        await Eventually.TrueAsync(() => router.Queue.Deliveries == 1 && router.Queue.Count == 0, "the record to be written");
        var record = (await new GenerationStore(router.Store).FindAsync(id))!;
        Assert.Equal((200, false), (record.Status, record.Cancelled));
        await AssertSucceededAsync(router);
    }

    private static async Task AssertSucceededAsync(RunningRouter router)
    {
        await Eventually.TrueAsync(() => router.Functions.RunningInvocations == 0, "the invocation to end");
        Assert.Empty(router.Functions.FailedInvocations);
        Assert.Empty(router.Errors.Lines);
    }
}
