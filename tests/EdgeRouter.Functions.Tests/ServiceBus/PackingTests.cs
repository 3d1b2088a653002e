using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.Functions.Tests.ServiceBus;

public sealed class PackingTests : IDisposable
{
    private readonly Random random = new(21);
    private readonly QueueUnderTest under = new();

    public void Dispose() => under.Dispose();

    private static Task[] EnqueueAll(ServiceBusUsageQueue queue, IEnumerable<GenerationRecord> records) =>
        [.. records.Select(record => queue.EnqueueAsync(record).AsTask())];

    [Fact]
    public async Task Records_that_come_within_the_window_share_a_message_and_are_accepted_when_it_is_sent()
    {
        await using var queue = under.Start();
        var records = Records.Many(random, 150);
        var accepted = EnqueueAll(queue, records);
        await Eventually.TrueAsync(() => under.Time.PendingTimers == 1, "the window");
        under.Time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.DoesNotContain(accepted, task => task.IsCompleted);
        Assert.Equal(0, under.Queue.Count);
        under.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(accepted);
        var message = Assert.Single(await under.MessagesAsync());
        Assert.Equal(records.Select(record => record.Id), message.Records.Select(record => record.Id));
    }

    [Fact]
    public async Task A_full_message_does_not_wait_for_the_window()
    {
        await using var queue = under.Start();
        await Task.WhenAll(EnqueueAll(queue, Records.Many(random, 400)));
        Assert.Equal([200, 200], (await under.MessagesAsync()).Select(message => message.Records.Count));
    }

    [Fact]
    public async Task A_message_of_several_records_has_at_most_128_KB()
    {
        var text = new string('x', 1000);
        var records = Records.Many(random, 100).Select(record => record with { UserAgent = text, HttpReferer = text, AppTitle = text, SessionId = text })
            .ToArray();
        await using (var queue = under.Start())
        {
            var accepted = EnqueueAll(queue, records);
            await under.Time.TickAsync(Task.WhenAll(accepted));
        }
        var messages = await under.MessagesAsync();
        Assert.Equal(records.Select(record => record.Id), messages.SelectMany(message => message.Records).Select(record => record.Id));
        Assert.InRange(messages.Count, 4, 5);
    }

    [Fact]
    public async Task The_largest_record_there_can_be_is_sent_alone()
    {
        var text = new string('\u0001', 5000);
        var attempt = new AttemptRecord(text, text, text, 500, text, 1.5, new NanoDollars(1));
        var large = Records.Plain(random) with
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
        await using var queue = under.Start();
        await under.Time.TickAsync(Task.WhenAll(EnqueueAll(queue, [Records.Plain(random), large, Records.Plain(random)])));
        Assert.Equal([1, 1, 1], (await under.MessagesAsync()).Select(message => message.Records.Count));
        Assert.Null(queue.LastError);
    }

    [Fact]
    public async Task Closing_sends_what_waits_at_once_and_refuses_what_comes_after()
    {
        var queue = under.Start();
        var accepted = EnqueueAll(queue, Records.Many(random, 10));
        await queue.DisposeAsync();
        await Task.WhenAll(accepted);
        Assert.Equal(10, (await under.RecordIdsAsync()).Length);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => queue.EnqueueAsync(Records.Plain(random)).AsTask());
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_but_a_queued_record_is_sent()
    {
        await using var queue = under.Start();
        using var cancellation = new CancellationTokenSource();
        var record = Records.Plain(random);
        var accepted = queue.EnqueueAsync(record, cancellation.Token).AsTask();
        await Eventually.TrueAsync(() => under.Time.PendingTimers == 1, "the window");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepted);
        under.Time.Advance(TimeSpan.FromMilliseconds(250));
        await Eventually.TrueAsync(() => under.Queue.Count == 1, "the message");
        Assert.Equal([record.Id], await under.RecordIdsAsync());
    }

    [Fact]
    public async Task A_full_queue_waits()
    {
        await using var queue = under.Start(options => options with { Capacity = 1, MaxJournalBytes = 1 });
        under.Broker.Away = true;
        var accepted = EnqueueAll(queue, Records.Many(random, 5));
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
