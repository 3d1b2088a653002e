using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Storage;
using EdgeRouter.Core.Usage;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

public sealed class UsageInboxTests : IDisposable
{
    private readonly Random random = new(11);
    private readonly JournalFolder folder = new();
    private readonly FailingDisk disk = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_added_and_not_removed_is_left_for_the_next_process_whole_and_in_order()
    {
        var records = Some(300, RandomRecords.Any);
        using (var inbox = Open())
        {
            foreach (var batch in records.Chunk(7)) inbox.Add(batch);
            inbox.Remove(120);
        }
        using var again = Open();
        Assert.Equal(Ids(records), Ids(again.Left));
        foreach (var (kept, read) in records.Zip(again.Left)) Assert.Equal(kept, read with { Attempts = kept.Attempts });
    }

    [Fact]
    public void When_everything_is_removed_nothing_is_left()
    {
        using (var inbox = Open())
        {
            inbox.Add(Some(3));
            inbox.Add(Some(4));
            inbox.Remove(5);
            inbox.Remove(2);
        }
        using var again = Open();
        Assert.Empty(again.Left);
        Assert.All(Files(), file => Assert.InRange(file.Length, 1, 100));
    }

    [Fact]
    public void Files_stay_small_under_a_load_that_never_pauses()
    {
        using var inbox = Open();
        var pending = new Queue<string>();
        long largest = 0;
        for (var round = 0; round < 400; round++)
        {
            var records = Some(100);
            inbox.Add(records);
            foreach (var record in records) pending.Enqueue(record.Id);
            // There is always a batch that is not counted yet.
            var counted = Math.Max(0, pending.Count - random.Next(100, 1500));
            inbox.Remove(counted);
            for (; counted > 0; counted--) pending.Dequeue();
            largest = Math.Max(largest, Files().Sum(file => file.Length));
        }
        Assert.InRange(largest, 1, 4 * 1024 * 1024);
        inbox.Dispose();
        using var again = Open();
        Assert.Subset(Ids(again.Left).ToHashSet(), pending.ToHashSet());
    }

    [Fact]
    public void Records_left_by_an_earlier_process_are_the_first_to_be_removed()
    {
        using (var first = Open()) first.Add(Some(5));
        var added = Some(2);
        using (var second = Open())
        {
            Assert.Equal(5, second.Left.Count);
            second.Add(added);
            second.Remove(5);
        }
        using var third = Open();
        Assert.Subset(Ids(third.Left).ToHashSet(), Ids(added).ToHashSet());
    }

    [Theory]
    [InlineData(nameof(FailingDisk.Write))]
    [InlineData(nameof(FailingDisk.Flush))]
    public void Records_that_could_not_be_written_are_not_in_it_and_later_ones_are(string operation)
    {
        var (before, refused, after) = (Some(1), Some(1), Some(1));
        using (var inbox = Open())
        {
            inbox.Add(before);
            disk.Failing = operation;
            Assert.Throws<IOException>(() => inbox.Add(refused));
            disk.Failing = null;
            inbox.Add(after);
        }
        using var again = Open();
        Assert.Equal(Ids([.. before, .. after]), Ids(again.Left));
        Assert.All(again.Recovery, report => Assert.Null(report.Cut));
    }

    [Fact]
    public void A_removal_that_could_not_be_written_may_be_tried_again()
    {
        using (var inbox = Open())
        {
            inbox.Add(Some(3));
            disk.Failing = nameof(disk.Truncate);
            Assert.Throws<IOException>(() => inbox.Remove(3));
            disk.Failing = null;
            inbox.Remove(3);
            inbox.Add(Some(1));
        }
        using var again = Open();
        Assert.Single(again.Left);
    }

    [Fact]
    public void A_torn_end_is_cut_and_reported()
    {
        var records = Some(2);
        using (var inbox = Open())
            foreach (var record in records) inbox.Add([record]);
        var file = Files().MaxBy(file => file.Length)!;
        using (var stream = file.OpenWrite()) stream.SetLength(file.Length - 3);
        using var again = Open();
        Assert.Equal(records[0].Id, Assert.Single(again.Left).Id);
        Assert.Contains(again.Recovery, report => report.Cut is not null);
    }

    [Fact]
    public void A_damaged_middle_is_refused_or_when_accepted_reported_and_kept_aside()
    {
        var records = Some(3);
        using (var inbox = Open())
            foreach (var record in records) inbox.Add([record]);
        var file = Files().MaxBy(file => file.Length)!;
        var bytes = File.ReadAllBytes(file.FullName);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file.FullName, bytes);

        Assert.Equal(file.FullName, Assert.Throws<JournalCorruptException>(() => Open()).File);
        using var accepted = Open(acceptCorruption: true);

        Assert.Equal([records[0].Id, records[2].Id], Ids(accepted.Left));
        Assert.Contains(accepted.Recovery, report => report.Lost.Count == 1);
        Assert.Equal(bytes, File.ReadAllBytes(file.FullName + ".damaged-1"));
    }

    [Fact]
    public void In_memory_nothing_is_left()
    {
        using var inbox = UsageInbox.InMemory();
        inbox.Add(Some(3));
        inbox.Remove(3);
        Assert.Empty(inbox.Left);
    }

    private UsageInbox Open(bool acceptCorruption = false) =>
        UsageInbox.Open(new EmbeddedStoreOptions { Folder = folder.Path, AcceptCorruption = acceptCorruption }, disk);

    private GenerationRecord[] Some(int count) => Some(count, random => RandomRecords.Plain(random));

    private GenerationRecord[] Some(int count, Func<Random, GenerationRecord> make) => [.. Enumerable.Range(0, count).Select(_ => make(random))];

    private static IEnumerable<string> Ids(IEnumerable<GenerationRecord> records) => records.Select(record => record.Id);

    private FileInfo[] Files() => new DirectoryInfo(folder.Path).GetFiles("usage-inbox-?");
}
