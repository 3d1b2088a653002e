using System.Diagnostics;
using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

public sealed class MalformedRequestTests
{
    [Theory]
    [InlineData("", "line 1, byte 1")]
    [InlineData("   ", "line 1")]
    [InlineData("{", "line 1, byte 2")]
    [InlineData("{\"messages\":[\n{\"role\":\"user\",\n\"content\":oops}]}", "line 3, byte 11")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],}", "line 1")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]} {}", "line 1")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi", "line 1")]
    [InlineData("{\"messages\":[{\"content\":\"Hi\",\"role\":", "line 1")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"x\":[1,2", "line 1")]
    [InlineData("{\"x\":\"\u0001\"}", "line 1, byte 7")]
    [InlineData("// comment\n{}", "line 1")]
    public void Malformed_JSON_tells_the_position(string body, string position)
    {
        var error = Rejection(Encoding.UTF8.GetBytes(body));
        Assert.Equal("body", error.Field);
        Assert.Contains(position, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_every_corpus_body_is_a_400()
    {
        foreach (var name in RequestCorpus.Names)
        {
            var body = RequestCorpus.Read(name).AsSpan().TrimEnd("\n"u8).ToArray();
            for (var length = 0; length < body.Length; length++) Rejection(body[..length]);
        }
    }

    [Fact]
    public void Any_damaged_byte_is_accepted_or_a_400_and_never_anything_else()
    {
        var random = new Random(20261120);
        foreach (var name in RequestCorpus.Names)
        {
            for (var round = 0; round < 200; round++)
            {
                var body = RequestCorpus.Read(name);
                body[random.Next(body.Length)] = (byte)random.Next(256);
                try
                {
                    OpenAIChatRequestScanner.Scan(body);
                }
                catch (RouterException rejected)
                {
                    Assert.Equal(400, rejected.Error.Status);
                    continue;
                }
                OpenAIChatRequestReader.Read(body);
            }
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"messages\":[")]
    public void Ten_megabytes_of_nesting_are_refused_at_once(string unit)
    {
        var body = Encoding.UTF8.GetBytes("{\"x\":" + string.Concat(Enumerable.Repeat(unit, 10_000_000 / unit.Length)));
        var watch = Stopwatch.StartNew();
        var error = Rejection(body);
        Assert.Contains("depth", error.Message, StringComparison.Ordinal);
        // Far above what it takes (milliseconds), far below what a walk over all levels would.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Nesting_up_to_the_bound_is_accepted()
    {
        var depth = 63;
        OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers($"\"x\":{new string('[', depth)}{new string(']', depth)}"));
        Rejection(RequestCorpus.WithMembers($"\"x\":{new string('[', depth + 1)}{new string(']', depth + 1)}"));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        var body = RequestCorpus.WithMembers("\"x\":\"é\"");
        body[body.AsSpan().IndexOf((byte)0xC3)] = 0xFF;
        Assert.Contains("UTF-8", Rejection(body).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"x\":\"\\ud83d\"", "x")]
    [InlineData("\"x\":{\"y\":[\"\\ud83d\\u0041\"]}", "x.y[0]")]
    [InlineData("\"x\":\"\\ude00\\ud83d\"", "x")]
    [InlineData("\"x\":\"\\ud83dxxxxxx\"", "x")]
    [InlineData("\"user\":\"\\uDC00\"", "user")]
    public void Half_a_surrogate_pair_is_refused(string members, string field) => Assert.Equal(field, Rejection(RequestCorpus.WithMembers(members)).Field);

    [Fact]
    public void Many_nulls_stay_cheap()
    {
        var nulls = string.Concat(Enumerable.Repeat("{\"role\":\"user\",\"content\":\"\",\"name\":null},", 10_000));
        var body = Encoding.UTF8.GetBytes($"{{\"messages\":[{nulls.TrimEnd(',')}]}}");
        var watch = Stopwatch.StartNew();
        Assert.Equal(10_000, OpenAIChatRequestScanner.Scan(body).MessageCount);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_key_in_an_error_is_bounded()
    {
        var error = Rejection(RequestCorpus.WithMembers($"\"provider\":{{\"{new string('k', 100_000)}\":1}}"));
        Assert.InRange(error.Message.Length, 64, 300);
    }

    private static RouterError Rejection(byte[] body)
    {
        var error = Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(body)).Error;
        Assert.Equal(400, error.Status);
        return error;
    }
}
