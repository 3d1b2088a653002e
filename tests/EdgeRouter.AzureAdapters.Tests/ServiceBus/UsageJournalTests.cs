using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.ServiceBus;

public sealed class UsageJournalTests : IDisposable
{
    private readonly Random random = new(44);
    private readonly TemporaryFolder root = new();
    private readonly List<string> refused = [];
    private readonly List<string> unsafeFolders = [];

    public void Dispose() => root.Dispose();

    [Fact]
    public async Task Messages_survive_a_restart_in_their_order_and_are_counted()
    {
        var messages = Enumerable.Range(0, 70).Select(number => Message(number % 3 + 1)).ToArray();
        await using (var journal = Open())
        {
            foreach (var message in messages) await journal.AppendAsync(message);
            await journal.RemoveAsync(await journal.PeekAsync(5));
        }
        await using var again = Open();
        Assert.Equal(messages[5..].Sum(message => message.Records), again.Records);
        Assert.Equal(messages[5..].Select(message => message.Id), (await again.PeekAsync(100)).Select(entry => entry.Message.Id));
        await again.AppendAsync(messages[0]);
        Assert.Equal(messages[0].Id, (await again.PeekAsync(100))[^1].Message.Id);
    }

    [Fact]
    public async Task While_there_is_nothing_to_keep_no_store_is_made()
    {
        await using (var journal = Open())
        {
            Assert.True(journal.IsEmpty);
            Assert.Empty(await journal.PeekAsync(1));
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path));
    }

    [Fact]
    public async Task What_was_left_is_found_beyond_folders_that_have_no_store()
    {
        await using (var first = Open())
        {
            await first.AppendAsync(Message(1));
            await using var second = Open();
            await second.AppendAsync(Message(2));
        }
        Directory.Delete(Path.Combine(root.Path, "0"), recursive: true);
        await using var next = Open();
        Assert.Equal(2, next.Records);
    }

    [Fact]
    public async Task What_was_left_is_found_beyond_a_store_that_is_empty()
    {
        await using (var first = Open())
        {
            await first.AppendAsync(Message(1));
            await using var second = Open();
            await second.AppendAsync(Message(2));
            await first.RemoveAsync(await first.PeekAsync(1));
        }
        await using var next = Open();
        Assert.Equal(2, next.Records);
    }

    [Fact]
    public async Task What_a_process_left_that_ended_later_is_taken_when_this_one_is_empty()
    {
        var older = Open();
        await older.AppendAsync(Message(2));
        await using var journal = Open();
        await journal.AppendAsync(Message(1));
        await older.DisposeAsync();

        Assert.False(await journal.TryAdoptAbandonedAsync());
        await journal.RemoveAsync(await journal.PeekAsync(1));
        Assert.True(await journal.TryAdoptAbandonedAsync());

        Assert.Equal(2, journal.Records);
        await journal.AppendAsync(Message(3));
        Assert.Equal([2, 3], (await journal.PeekAsync(10)).Select(entry => entry.Message.Records));
    }

    [Fact]
    public async Task After_a_look_at_a_folder_that_was_emptied_what_is_appended_comes_behind_what_was_stepped_over()
    {
        var older = Open();
        await older.AppendAsync(Message(1));
        await using var journal = Open();
        await journal.AppendAsync(Message(1));
        await older.RemoveAsync(await older.PeekAsync(1));
        await older.DisposeAsync();
        var written = 0;
        Exception? refuses = new InvalidDataException("unwritable");
        var handOver = new JournalHandOver(journal, (records, _) =>
        {
            if (refuses is not null) throw refuses;
            written += records.Count;
            return Task.CompletedTask;
        }, null, TimeProvider.System);
        Assert.True(await handOver.RunAsync(null, CancellationToken.None));
        // Service Bus takes it.
        await journal.RemoveAsync(await journal.PeekAsync(1));
        Assert.False(await journal.TryAdoptAbandonedAsync());

        refuses = null;
        await journal.AppendAsync(Message(3));
        Assert.True(await handOver.RunAsync(null, CancellationToken.None));
        Assert.Equal(3, written);
        Assert.True(journal.IsEmpty);
    }

    [Fact]
    public async Task The_first_message_does_not_replace_what_another_process_left_meanwhile()
    {
        await using var journal = Open();
        await using (var other = Open()) await other.AppendAsync(Message(2));
        await journal.AppendAsync(Message(1));
        Assert.Equal([2, 1], (await journal.PeekAsync(10)).Select(entry => entry.Message.Records));
        Assert.Equal(3, journal.Records);
    }

    [Fact]
    public async Task Folders_that_every_user_may_write_in_are_told_of_when_they_are_met()
    {
        if (OperatingSystem.IsWindows()) return;
        var own = Path.Combine(root.Path, "0");
        Directory.CreateDirectory(own);
        foreach (var folder in (string[])[root.Path, own]) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        await using var journal = Open();
        Assert.Contains(root.Path, Assert.Single(unsafeFolders), StringComparison.Ordinal);
        await journal.AppendAsync(Message(1));
        Assert.Contains(own, unsafeFolders[1..].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_in_use_is_passed_over_in_silence()
    {
        await using var first = Open();
        await first.AppendAsync(Message(1));

        await using var second = Open();

        Assert.True(second.IsEmpty);
        Assert.Empty(refused);
    }

    [Fact]
    public async Task A_damaged_journal_is_passed_over_told_of_and_left_as_it_is()
    {
        await using (var journal = Open()) await journal.AppendAsync(Message(1));
        var file = Path.Combine(root.Path, "0", "store.db");
        var damaged = File.ReadAllBytes(file);
        damaged.AsSpan(0, 100).Clear();
        File.WriteAllBytes(file, damaged);

        await using var next = Open();
        await next.AppendAsync(Message(1));

        Assert.Contains(file, Assert.Single(refused), StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllBytes(file));
    }

    [Fact]
    public async Task A_full_journal_refuses_and_takes_again_after_a_removal()
    {
        var message = Message(1);
        await using var journal = Open(message.Body.Length * 2);
        await journal.AppendAsync(message);
        await journal.AppendAsync(message);
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await journal.AppendAsync(message));
        await journal.RemoveAsync(await journal.PeekAsync(1));
        await journal.AppendAsync(message);
    }

    private UsageJournal Open(long maxBytes = 1024 * 1024) => UsageJournal.Open(new ServiceBusUsageQueueOptions
    {
        JournalFolder = root.Path,
        MaxJournalBytes = maxBytes,
        OnJournalRefused = refused.Add,
        OnJournalUnsafe = unsafeFolders.Add,
    });

    private PackedMessage Message(int records) =>
        PackedMessage.Of([.. Enumerable.Range(0, records).Select(_ => UsageMessage.EncodeRecord(RandomRecords.Plain(random)))]);
}
