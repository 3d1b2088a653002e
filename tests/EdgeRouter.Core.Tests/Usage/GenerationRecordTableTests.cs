using System.Globalization;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

public sealed class GenerationRecordTableTests
{
    private readonly Random random = new(3);

    [Fact]
    public async Task Any_record_comes_back_from_a_store_as_it_was()
    {
        var store = new MemoryTableStore();
        for (var round = 0; round < 500; round++)
        {
            var record = RandomRecords.Any(random);
            var partition = GenerationRecordTable.PartitionOf(record.Id);
            await store.CommitAsync(UsageLayout.Table, partition, [TableChange.Insert(record.Id, GenerationRecordTable.Encode(record))]);
            var read = GenerationRecordTable.Decode((await store.GetAsync(UsageLayout.Table, partition, record.Id))!);
            Assert.Equal(record.Attempts, read.Attempts);
            Assert.Equal(record, read with { Attempts = record.Attempts });
        }
    }

    [Fact]
    public void Every_member_of_the_record_and_of_its_usage_is_stored()
    {
        var record = Enumerable.Range(0, 500).Select(_ => RandomRecords.Any(random)).First(record => GenerationRecordTable.Encode(record).Count >= 40);
        var members = typeof(GenerationRecord).GetProperties().Concat(typeof(TokenUsage).GetProperties().Where(member => member.CanWrite))
            .Select(member => member.Name);
        var stored = Enumerable.Range(0, 500).SelectMany(_ => GenerationRecordTable.Encode(RandomRecords.Any(random)).Keys).ToHashSet();
        Assert.Empty(members.Except(stored).Except([nameof(record.Id), nameof(record.Usage), nameof(record.Disputed), "EqualityContract"]));
    }

    [Fact]
    public void Unknown_is_not_stored_as_zero()
    {
        var row = GenerationRecordTable.Encode(RandomRecords.Plain(random) with { Usage = new TokenUsage { Output = 0 } });
        Assert.Equal(0L, row["Output"]);
        Assert.False(row.ContainsKey("Input"));
    }

    [Fact]
    public void Texts_of_callers_are_cut_and_made_well_formed()
    {
        var row = GenerationRecordTable.Encode(RandomRecords.Plain(random) with
        {
            UserAgent = new string('x', 100_000),
            SessionId = "half \uD83D pair",
            AppTitle = new string('x', 999) + "\U0001F600",
        });
        Assert.Equal(new string('x', 1000), row["UserAgent"]);
        Assert.Equal("half \uFFFD pair", row["SessionId"]);
        Assert.Equal(new string('x', 999), row["AppTitle"]);
    }

    [Fact]
    public void The_largest_record_fits_a_row()
    {
        var text = new string('\u4E16', 50_000);
        var record = RandomRecords.Plain(random, endpoint: text) with
        {
            Region = text,
            ApiType = text,
            RequestedModel = text,
            Model = text,
            ProviderSlug = text,
            ProviderName = text,
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
            Attempts = [.. Enumerable.Repeat(new AttemptRecord(new string('\u0001', 50_000), new string('"', 50_000), text, 500, text, 1.5, NanoDollars.Zero),
                50)],
        };
        Assert.InRange(TableLimits.CheckRow("00", record.Id, GenerationRecordTable.Encode(record)), 1, TableLimits.MaxRowBytes);
    }

    public static TheoryData<string, GenerationRecord> Impossible
    {
        get
        {
            var good = RandomRecords.Plain(new Random(4));
            return new()
            {
                { "generation id", good with { Id = "chatcmpl-1" } },
                { "KeyHash", good with { KeyHash = "" } },
                { "KeyHash", good with { KeyHash = "*" } },
                { "Usage.Input", good with { Usage = new TokenUsage { Input = -1 } } },
                { "Usage.Reasoning", good with { Usage = new TokenUsage { Reasoning = long.MaxValue } } },
                { "WebSearches", good with { Usage = new TokenUsage { WebSearches = -1 } } },
                { "Cost", good with { Cost = new NanoDollars(-1) } },
                { "PromptCost", good with { PromptCost = new NanoDollars(long.MaxValue) } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_record_that_cannot_be_counted_is_refused_naming_the_field(string field, GenerationRecord record) =>
        Assert.Contains(field, Assert.Throws<ArgumentException>(() => GenerationRecordTable.Encode(record)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_partition_is_the_shard_of_the_id()
    {
        var seen = new HashSet<string>();
        for (var round = 0; round < 500; round++)
        {
            var id = GenerationId.Create(RandomRecords.Now, random);
            Assert.True(GenerationId.TryParse(id, out _, out var shard));
            Assert.Equal(shard, int.Parse(GenerationRecordTable.PartitionOf(id), CultureInfo.InvariantCulture));
            seen.Add(GenerationRecordTable.PartitionOf(id));
        }
        Assert.Equal(UsageLayout.Partitions, seen.Order(StringComparer.Ordinal));
    }
}
