using System.Text.Json;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Emulator;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

/// <summary>
/// Microsoft's own npm client reads what the adapter wrote: types and keys are on the wire as the protocol has them, not just as our own reader
/// expects.
/// </summary>
public sealed class OfficialClientTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_official_client_reads_the_same_entity()
    {
        const string Partition = "it's 100% odd", Row = "usage:*:grüße \u4E16";
        var written = await azurite.Store.CommitAsync("official", Partition, [TableChange.Insert(Row, new Dictionary<string, object>
        {
            ["Text"] = "grüße \r\n \"quoted\" \U0001F600",
            ["Int"] = -7,
            ["Long"] = long.MaxValue,
            ["Double"] = -0.1,
            ["Bool"] = true,
            ["Time"] = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero).AddTicks(1234567),
            ["Guid"] = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
            ["Binary"] = new byte[] { 0, 1, 254, 255 },
        })]);
        await using var node = new NodeProcess("read.mjs", azurite.ConnectionString, "official", Partition, Row);
        using var read = JsonDocument.Parse(await node.FinishAsync());
        var entity = read.RootElement;
        Assert.Equal((Partition, Row, written.ETags[0]),
            (entity.GetProperty("partitionKey").GetString(), entity.GetProperty("rowKey").GetString(), entity.GetProperty("etag").GetString()));
        (string, string)[] expected =
        [
            ("Text", "String grüße \r\n \"quoted\" \U0001F600"), ("Int", "Int32 -7"), ("Long", "Int64 9223372036854775807"), ("Double", "Double -0.1"),
                ("Bool", "Boolean true"),
            ("Time", "DateTime 2026-11-20T08:00:00.1234567Z"), ("Guid", "Guid 0f8fad5b-d9cb-469f-a165-70867728950e"), ("Binary", "Binary AAH+/w=="),
        ];
        Assert.Equal(expected,
            expected.Select(pair =>
            (pair.Item1, $"{entity.GetProperty(pair.Item1).GetProperty("type")} {entity.GetProperty(pair.Item1).GetProperty("value")}")));
    }
}
