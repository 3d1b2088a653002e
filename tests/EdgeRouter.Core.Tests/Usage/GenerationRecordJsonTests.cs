using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Usage;
using Xunit;

namespace EdgeRouter.Core.Tests.Usage;

public sealed class GenerationRecordJsonTests
{
    [Fact]
    public void Random_records_come_back_as_they_were()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var record = RandomRecords.Any(random);

            var back = GenerationRecordJson.Decode(GenerationRecordJson.Encode(record));

            Assert.Equal(record.Attempts, back.Attempts);
            Assert.Equal(record with { Attempts = [] }, back with { Attempts = [] });
        }
    }

    [Fact]
    public void Members_of_a_later_version_are_skipped()
    {
        var json = Encoding.UTF8.GetString(GenerationRecordJson.Encode(RandomRecords.Plain(new Random(4))));

        var back = GenerationRecordJson.Decode(Encoding.UTF8.GetBytes("{\"Later\":[1,{}]," + json[1..]));

        Assert.Equal(json, Encoding.UTF8.GetString(GenerationRecordJson.Encode(back)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[")]
    public void What_is_no_record_is_refused(string json) => Assert.Throws<JsonException>(() => GenerationRecordJson.Decode(Encoding.UTF8.GetBytes(json)));
}
