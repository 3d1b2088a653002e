using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.ServiceBus;

public sealed class PackingTests : IAsyncDisposable
{
    private readonly Random random = new(21);
    private readonly QueueUnderTest under = new();

    public ValueTask DisposeAsync() => under.DisposeAsync();

    private static Task[] EnqueueAll(ServiceBusUsageQueue queue, IEnumerable<GenerationRecord> records) =>
        [.. records.Select(record => queue.EnqueueAsync(record).AsTask())];

    /// <summary>Enqueues one record and completes when it is on its way; the bus does not answer until the result is set.</summary>
    private async Task<(Task Accepted, GenerationRecord Record, TaskCompletionSource Answer)> HoldSendAsync(ServiceBusUsageQueue queue)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        under.Broker.Answering = answer.Task;
        var record = RandomRecords.Plain(random);
        var accepted = queue.EnqueueAsync(record).AsTask();
        await Eventually.TrueAsync(() => under.Broker.Calls > 0, "the first send");
        return (accepted, record, answer);
    }

    [Fact]
    public async Task A_record_that_comes_while_nothing_is_sent_goes_at_once()
    {
        var queue = under.Start();
        // The clock stands still: nothing is waited for.
        for (var number = 0; number < 3; number++) await queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask().InTimeAsync();
        Assert.Equal([1, 1, 1], (await under.MessagesAsync()).Select(message => message.Records.Count));
    }

    [Fact]
    public async Task Records_that_come_while_one_is_sent_share_the_next_message_and_are_accepted_when_it_is_sent()
    {
        var queue = under.Start();
        var (first, record, answer) = await HoldSendAsync(queue);
        var records = RandomRecords.Many(random, 150);
        var accepted = EnqueueAll(queue, records);
        Assert.DoesNotContain(accepted, task => task.IsCompleted);
        Assert.False(first.IsCompleted);

        answer.SetResult();
        await Task.WhenAll([first, .. accepted]).InTimeAsync("the records to be accepted");

        Assert.Equal([[record.Id], [.. records.Select(other => other.Id)]],
            (await under.MessagesAsync()).Select(message => message.Records.Select(sent => sent.Id).ToArray()));
    }

    [Theory]
    [InlineData(200, new[] { 200 })]
    [InlineData(201, new[] { 200, 1 })]
    [InlineData(999, new[] { 200, 200, 200, 200, 199 })]
    public async Task What_was_gathered_is_sent_in_as_few_messages_as_it_fits(int count, int[] messages)
    {
        var queue = under.Start();
        var (first, _, answer) = await HoldSendAsync(queue);
        var accepted = EnqueueAll(queue, RandomRecords.Many(random, count));
        answer.SetResult();
        await Task.WhenAll([first, .. accepted]).InTimeAsync("the records to be accepted");
        Assert.Equal([1, .. messages], (await under.MessagesAsync()).Select(message => message.Records.Count));
    }

    [Fact]
    public async Task A_message_of_several_records_has_at_most_128_KB()
    {
        var text = new string('x', 1000);
        var records = RandomRecords.Many(random, 100).Select(record => record with { UserAgent = text, HttpReferer = text, AppTitle = text, SessionId = text })
            .ToArray();
        var queue = under.Start();
        var (first, record, answer) = await HoldSendAsync(queue);
        var accepted = EnqueueAll(queue, records);
        answer.SetResult();
        await Task.WhenAll([first, .. accepted]).InTimeAsync("the records to be accepted");
        var messages = await under.MessagesAsync();
        Assert.Equal([record.Id, .. records.Select(other => other.Id)], messages.SelectMany(message => message.Records).Select(sent => sent.Id));
        Assert.InRange(messages.Count - 1, 4, 5);
    }

    [Fact]
    public async Task The_largest_record_there_can_be_is_sent_alone()
    {
        var text = new string('\u0001', 5000);
        var attempt = new AttemptRecord(text, text, text, 500, text, 1.5, new NanoDollars(1));
        var large = RandomRecords.Plain(random) with
        {
            Region = text,
            ApiType = text,
            RequestedModel = text,
            Model = text,
            ProviderSlug = text,
            ProviderName = text,
            EndpointId = text,
            UpstreamId = text,
            ErrorType = text,
            FinishReason = text,
            NativeFinishReason = text,
            ServiceTier = text,
            ExternalUser = text,
            SessionId = text,
            HttpReferer = text,
            AppTitle = text,
            UserAgent = text,
            Attempts = [.. Enumerable.Repeat(attempt, 20)],
        };
        var queue = under.Start();
        var (first, _, answer) = await HoldSendAsync(queue);
        var accepted = EnqueueAll(queue, [RandomRecords.Plain(random), large, RandomRecords.Plain(random)]);
        answer.SetResult();
        await Task.WhenAll([first, .. accepted]).InTimeAsync("the records to be accepted");
        Assert.Equal([1, 1, 1, 1], (await under.MessagesAsync()).Select(message => message.Records.Count));
        Assert.Null(queue.LastError);
    }

    [Fact]
    public async Task Closing_sends_what_waits_at_once_and_refuses_what_comes_after()
    {
        var queue = under.Start();
        var accepted = EnqueueAll(queue, RandomRecords.Many(random, 10));
        await queue.DisposeAsync().AsTask().InTimeAsync();
        await Task.WhenAll(accepted).InTimeAsync();
        Assert.Equal(10, (await under.RecordIdsAsync()).Length);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => queue.EnqueueAsync(RandomRecords.Plain(random)).AsTask().InTimeAsync());
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_but_a_queued_record_is_sent()
    {
        var queue = under.Start();
        var (first, before, answer) = await HoldSendAsync(queue);
        using var cancellation = new CancellationTokenSource();
        var record = RandomRecords.Plain(random);
        var accepted = queue.EnqueueAsync(record, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepted.InTimeAsync());
        answer.SetResult();
        await first.InTimeAsync();
        await Eventually.TrueAsync(() => under.Queue.Count == 2, "the message");
        Assert.Equal([before.Id, record.Id], await under.RecordIdsAsync());
    }

    [Fact]
    public async Task A_full_queue_waits()
    {
        var queue = under.Start(options => options with { Capacity = 1, MaxJournalBytes = 1 });
        under.Broker.Away = true;
        var accepted = EnqueueAll(queue, RandomRecords.Many(random, 5));
        await Eventually.TrueAsync(() => queue.LastError is StorageUnavailableException || Tick(), "the journal to be full");
        Assert.DoesNotContain(accepted, task => task.IsCompleted);
        under.Broker.Away = false;
        await under.Time.TickAsync(Task.WhenAll(accepted));
        Assert.Equal(5, (await under.RecordIdsAsync()).Length);

        bool Tick()
        {
            under.Time.Advance(TimeSpan.FromMilliseconds(50));
            return false;
        }
    }
}
