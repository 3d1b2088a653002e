using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

public sealed class UsageMessageTests
{
    private readonly Random random = new(11);

    private static byte[] Pack(params GenerationRecord[] records) => UsageMessage.Pack([.. records.Select(UsageMessage.EncodeRecord)]);

    [Fact]
    public void Any_records_come_back_as_they_were()
    {
        for (var round = 0; round < 200; round++)
        {
            var records = Enumerable.Range(0, random.Next(5)).Select(_ => RandomRecords.Any(random)).ToArray();
            Assert.True(UsageMessage.TryDecode(Pack(records), out var read, out var reason), reason);
            Assert.Equal(records.Length, read.Count);
            foreach (var (record, copy) in records.Zip(read))
            {
                Assert.Equal(record.Attempts, copy.Attempts);
                Assert.Equal(record, copy with { Attempts = record.Attempts });
            }
        }
    }

    [Fact]
    public void Unknown_comes_back_as_unknown_and_zero_as_zero()
    {
        var record = RandomRecords.Plain(random) with { Usage = new TokenUsage { Output = 0 }, PromptMedia = 0, LatencyMs = 0 };
        Assert.True(UsageMessage.TryDecode(Pack(record), out var read, out _));
        Assert.Equal(record.Usage, read[0].Usage);
        Assert.Equal((0, 0.0, null), (read[0].PromptMedia, read[0].LatencyMs, read[0].GenerationTimeMs));
    }

    [Fact]
    public void A_record_that_cannot_be_counted_still_travels()
    {
        var record = RandomRecords.Plain(random) with { Id = "no id", Cost = new NanoDollars(-1), LatencyMs = double.NaN };
        Assert.True(UsageMessage.TryDecode(Pack(record), out var read, out _));
        Assert.Equal(("no id", -1L, double.NaN), (read[0].Id, read[0].Cost.Value, read[0].LatencyMs!.Value));
    }

    [Fact]
    public void The_largest_record_fits_the_bound()
    {
        var text = new string('\u0001', 50_000);
        var record = RandomRecords.Plain(random) with
        {
            Id = text,
            Region = text,
            KeyHash = text,
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
            Attempts = [.. Enumerable.Repeat(new AttemptRecord(text, text, text, 500, text, 1.5, new NanoDollars(long.MaxValue)), 50)],
        };
        var members = typeof(GenerationRecord).GetProperties().Count(member => member.PropertyType == typeof(string));
        Assert.Equal(19, members);
        Assert.InRange(UsageMessage.EncodeRecord(record).Length, 19 * 6000, UsageMessage.MaxRecordBytes);
    }

    [Fact]
    public void The_packed_length_is_what_the_packer_reckons()
    {
        var records = Enumerable.Range(0, 3).Select(_ => UsageMessage.EncodeRecord(RandomRecords.Any(random))).ToArray();
        Assert.Equal(UsageMessage.EnvelopeBytes + records.Sum(record => record.Length) + 2, UsageMessage.Pack(records).Length);
    }

    [Fact]
    public void The_id_is_that_of_the_content()
    {
        var record = RandomRecords.Plain(random);
        Assert.Equal(UsageMessage.IdOf(Pack(record)), UsageMessage.IdOf(Pack(record)));
        Assert.NotEqual(UsageMessage.IdOf(Pack(record)), UsageMessage.IdOf(Pack(record with { Status = 500 })));
        Assert.Matches("^[0-9a-f]{64}$", UsageMessage.IdOf(Pack(record)));
    }

    [Fact]
    public void Members_of_a_newer_writer_are_skipped()
    {
        var json = Encoding.UTF8.GetString(Pack(RandomRecords.Plain(random))).Replace("{\"Id\"", "{\"Novelty\":{\"a\":[1]},\"Id\"", StringComparison.Ordinal);
        Assert.True(UsageMessage.TryDecode(Encoding.UTF8.GetBytes(json), out var read, out _));
        Assert.Single(read);
    }

    [Theory]
    [InlineData("", "form")]
    [InlineData("null", "null")]
    [InlineData("[]", "form")]
    [InlineData("{}", "form")]
    [InlineData("{\"v\":2}", "form")]
    [InlineData("{\"v\":3,\"records\":[]}", "version 3; expected 2")]
    [InlineData("{\"v\":3,", "version 3; expected 2")]
    [InlineData("{\"v\":", "form")]
    [InlineData("{}{", "form")]
    [InlineData("{\"v\":1,\"records\":[{\"id\":\"of the form before\"}]}", "version 1; expected 2")]
    [InlineData("{\"v\":2,\"records\":null}", "form")]
    [InlineData("{\"v\":2,\"records\":[null]}", "null")]
    [InlineData("{\"v\":2,\"records\":[{}]}", "form")]
    [InlineData("{\"v\":2,\"records\":[{\"Id\":null,\"CreatedAt\":\"2026-11-20T08:00:00Z\",\"Region\":\"a\",\"KeyHash\":\"a\",\"ApiType\":\"a\","
        + "\"RequestedModel\":\"a\"}]}", "records[0]")]
    [InlineData("{\"v\":2,\"records\":[{\"Id\":7,\"CreatedAt\":\"2026-11-20T08:00:00Z\",\"Region\":\"a\",\"KeyHash\":\"a\",\"ApiType\":\"a\","
        + "\"RequestedModel\":\"a\"}]}", "records[0]")]
    [InlineData("{\"v\":2,\"records\":[]} trailing", "form")]
    public void What_is_no_message_is_refused_with_a_reason(string json, string reason)
    {
        Assert.False(UsageMessage.TryDecode(Encoding.UTF8.GetBytes(json), out _, out var told));
        Assert.Contains(reason, told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_message_never_throws()
    {
        var good = Pack(RandomRecords.Any(random), RandomRecords.Any(random));
        for (var round = 0; round < 3000; round++)
        {
            var damaged = good[..random.Next(good.Length + 1)];
            for (var hits = random.Next(4); hits > 0 && damaged.Length > 0; hits--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (!UsageMessage.TryDecode(damaged, out _, out var reason)) Assert.InRange(reason.Length, 1, 1000);
        }
    }
}
