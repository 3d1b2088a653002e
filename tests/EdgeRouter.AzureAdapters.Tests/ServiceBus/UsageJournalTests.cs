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
    public async Task A_journal_in_use_is_passed_over_in_silence()
    {
        await using var first = Open();
        await first.AppendAsync(Message(1));

        await using var second = Open();

        Assert.True(second.IsEmpty);
        Assert.Empty(second.Refused);
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

        Assert.Contains(file, Assert.Single(next.Refused), StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllBytes(file));
    }

    [Fact]
    public async Task A_full_journal_refuses_and_takes_again_after_a_removal()
    {
        var message = Message(1);
        await using var journal = UsageJournal.Open(root.Path, message.Body.Length * 2);
        await journal.AppendAsync(message);
        await journal.AppendAsync(message);
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await journal.AppendAsync(message));
        await journal.RemoveAsync(await journal.PeekAsync(1));
        await journal.AppendAsync(message);
    }

    private UsageJournal Open() => UsageJournal.Open(root.Path, 1024 * 1024);

    private PackedMessage Message(int records) =>
        PackedMessage.Of([.. Enumerable.Range(0, records).Select(_ => UsageMessage.EncodeRecord(RandomRecords.Plain(random)))]);
}
