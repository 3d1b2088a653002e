using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

/// <summary>Of two members of one name, one side would read the first and the other the last: a limit could be passed that way.</summary>
public sealed class DuplicateMemberTests
{
    [Theory]
    // top level: the router's, the provider's, unknown ones
    [InlineData("\"model\":\"a/m\",\"model\":\"b/m\"", "model")]
    [InlineData("\"model\":\"a/m\",\"mod\\u0065l\":\"b/m\"", "model")]
    [InlineData("\"mod\\u0065l\":\"a/m\",\"model\":\"b/m\"", "model")]
    [InlineData("\"messages\":[]", "messages")]
    [InlineData("\"stream\":true,\"stream\":false", "stream")]
    [InlineData("\"n\":1,\"n\":100", "n")]
    [InlineData("\"n\":null,\"n\":100", "n")]
    [InlineData("\"max_tokens\":1,\"max_tokens\":100000", "max_tokens")]
    [InlineData("\"provider\":{},\"provider\":{\"only\":[\"x\"]}", "provider")]
    [InlineData("\"tools\":[],\"tools\":[]", "tools")]
    [InlineData("\"logit_bias\":{},\"logit_bias\":{}", "logit_bias")]
    [InlineData("\"x\":1,\"x\":1", "x")]
    [InlineData("\"x\":1,\"\\u0078\":1", "x")]
    [InlineData("\"\\u00e9\\n\":1,\"é\\n\":1", "é\\n")]
    [InlineData("\"\":1,\"\":1", "body")]
    // objects of the request
    [InlineData("\"provider\":{\"only\":[\"x\"],\"only\":[]}", "provider.only")]
    [InlineData("\"provider\":{\"sort\":{\"by\":\"price\",\"b\\u0079\":\"latency\"}}", "provider.sort.by")]
    [InlineData("\"provider\":{\"max_price\":{\"prompt\":1,\"prompt\":1000}}", "provider.max_price.prompt")]
    [InlineData("\"plugins\":[{\"id\":\"web\",\"enabled\":false,\"enabled\":true}]", "plugins[0].enabled")]
    [InlineData("\"plugins\":[{\"id\":\"web\",\"enabled\":false,\"x\":1,\"x\":2}]", "plugins[0].x")]
    [InlineData("\"reasoning\":{\"max_tokens\":1,\"max_tokens\":100}", "reasoning.max_tokens")]
    [InlineData("\"stream_options\":{\"x\":1,\"x\":2}", "stream_options.x")]
    [InlineData("\"trace\":{\"a\":{\"b\":1,\"b\":2}}", "trace.a.b")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"a\",\"name\":\"b\"}}", "tool_choice.function.name")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"x\":1,\"x\":2}}]", "tools[0].function.x")]
    [InlineData("\"response_format\":{\"type\":\"json_object\",\"type\":\"text\"}", "response_format.type")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"x\":{\"y\":1,\"y\":2}}}", "response_format.json_schema.x.y")]
    [InlineData("\"prediction\":{\"type\":\"content\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"text\":\"b\"}]}", "prediction.content[0].text")]
    [InlineData("\"audio\":{\"voice\":{\"id\":\"a\",\"id\":\"b\"}}", "audio.voice.id")]
    [InlineData("\"image_config\":{\"a\":1,\"a\":2}", "image_config.a")]
    [InlineData("\"image_config\":{\"a\":[{\"b\":1,\"b\":2}]}", "image_config.a[0].b")]
    [InlineData("\"cache_control\":{\"type\":\"ephemeral\",\"type\":\"ephemeral\"}", "cache_control.type")]
    [InlineData("\"x_search_filter\":{\"a\":1,\"a\":2}", "x_search_filter.a")]
    [InlineData("\"x\":{\"a\":{\"a\":{\"a\":1}},\"a\":2}", "x.a")]
    [InlineData("\"x\":[{\"a\":1},{\"a\":1,\"b\":[{\"c\":1,\"\\u0063\":2}]}]", "x[1].b[0].c")]
    public void A_member_given_twice_is_refused(string members, string field) => Rejects(RequestCorpus.WithMembers(members), field);

    [Theory]
    [InlineData("{\"role\":\"user\",\"content\":\"Hi\",\"content\":\"Ho\"}", "messages[0].content")]
    [InlineData("{\"role\":\"user\",\"content\":\"Hi\",\"r\\u006fle\":\"system\"}", "messages[0].role")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"text\":\"b\"}]}", "messages[0].content[0].text")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"a\",\"url\":\"b\"}}]}",
        "messages[0].content[0].image_url.url")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"x\":{\"y\":1,\"y\":2}}]}", "messages[0].content[0].x.y")]
    [InlineData("{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"a\",\"thinking\":\"b\"}]}", "messages[0].content[0].thinking")]
    [InlineData("{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"name\":\"g\",\"arguments\":\"\"}}]}",
        "messages[0].tool_calls[0].function.name")]
    [InlineData("{\"role\":\"assistant\",\"reasoning_details\":[{\"type\":\"x\",\"a\":1,\"a\":2}]}", "messages[0].reasoning_details[0].a")]
    [InlineData("{\"role\":\"assistant\",\"annotations\":[{\"a\":1,\"a\":2}]}", "messages[0].annotations[0].a")]
    [InlineData("{\"role\":\"assistant\",\"audio\":{\"id\":\"a\",\"id\":\"b\"}}", "messages[0].audio.id")]
    public void A_member_given_twice_in_a_message_is_refused(string message, string field) => Rejects(RequestCorpus.WithMessages(message), field);

    [Theory]
    [InlineData("\"metadata\":{\"a\":\"1\",\"a\":\"2\"}")]
    [InlineData("\"logit_bias\":{\"1\":1,\"1\":2}")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"a\":1,\"a\":{\"b\":1,\"b\":2}}}}]")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"a\":1,\"a\":2}}}")]
    [InlineData("\"x\":[{\"a\":1},{\"a\":1}],\"y\":{\"a\":{\"a\":1},\"b\":{\"a\":1}}")]
    public void Free_maps_and_schemas_and_other_objects_may_have_the_same_key(string members) =>
        OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers(members));

    [Fact]
    public void A_duplicate_anywhere_but_in_maps_and_schemas_is_refused()
    {
        var random = new Random(20261201);
        var requests = new RandomRequests(random);
        var bodies = RequestCorpus.Names.Select(RequestCorpus.Read).Concat(Enumerable.Range(0, 300).Select(_ => requests.Next()));
        var refused = 0;
        foreach (var body in bodies)
        {
            foreach (var key in KeysOf(body))
            {
                // The member is repeated as the last one of its object, with a key that may be spelled in another way.
                var spelled = random.Next(2) == 0 ? body[key.Start..key.End] : Encoding.UTF8.GetBytes(Escaped(body[key.Start..key.End]));
                byte[] doubled = [.. body[..key.ObjectEnd], .. ",\""u8, .. spelled, .. "\":"u8, .. body[key.ValueStart..key.ValueEnd],
                    .. body[key.ObjectEnd..]];
                if (key.IsExempt) OpenAIChatRequestScanner.Scan(doubled);
                else Rejects(doubled, key.Path);
                refused += key.IsExempt ? 0 : 1;
            }
        }
        Assert.InRange(refused, 3000, int.MaxValue);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(5000)]
    [InlineData(65_000)]
    public void Objects_of_any_size_are_checked(int members)
    {
        var object_ = string.Join(',', Enumerable.Range(0, members).Select(i => $"\"k{i}\":{{\"k\":{i}}}"));
        OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers($"\"x\":{{{object_}}},\"y\":{{{object_}}}"));
        Rejects(RequestCorpus.WithMembers($"\"x\":{{{object_},\"k{members / 2}\":1}}"), $"x.k{members / 2}");
        Rejects(RequestCorpus.WithMembers($"\"x\":{{\"\\u006b{members - 1}\":1,{object_}}}"), $"x.k{members - 1}");
    }

    [Fact]
    public void Keys_that_are_kept_at_once_are_bounded()
    {
        var members = string.Join(',', Enumerable.Range(0, 70_000).Select(i => $"\"{i}\":0"));
        var error = Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers($"\"x\":{{{members}}}"))).Error;
        Assert.Equal((400, "x.65536"), (error.Status, error.Field));
        Assert.Contains("at most 65536", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("many objects with as many keys as may be")]
    [InlineData("few keys at each of many levels")]
    [InlineData("long keys with escapes")]
    public void The_check_takes_time_in_proportion_to_the_body(string kind)
    {
        var members = kind switch
        {
            "many objects with as many keys as may be" => $"[{Repeat($"{{{string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"\"{i:x}\":0"))}}}", 48)}]",
            "few keys at each of many levels" => $"[{Repeat(Nested(60), 20_000)}]",
            _ => $"{{{string.Join(',', Enumerable.Range(0, 30).Select(i => $"\"{i}\\u0041{new string('a', 1_000_000)}\":0"))}}}",
        };
        var body = RequestCorpus.WithMembers($"\"x\":{members}");
        Assert.InRange(body.Length, 25_000_000, 50_000_000);
        var watch = Stopwatch.StartNew();
        OpenAIChatRequestScanner.Scan(body);
        // It takes a second or two; comparing each key with each other would take minutes.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Objects_that_the_router_does_not_know_cost_no_allocation()
    {
        var keys = string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"k{i}\":{{\"a\":[{{\"b\":1,\"c\":2}}]}}"));
        var body = RequestCorpus.WithMembers($"\"x\":{{{keys}}}");
        var empty = RequestCorpus.WithMembers("\"x\":0");
        for (var i = 0; i < 50; i++) OpenAIChatRequestScanner.Scan(body);

        Assert.Equal(Allocated(empty), Allocated(body));

        static long Allocated(byte[] body)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            OpenAIChatRequestScanner.Scan(body);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void Rejects(byte[] body, string field)
    {
        var error = Record.Exception(() => OpenAIChatRequestScanner.Scan(body)) as RouterException;
        var shown = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 4000)));
        Assert.True(error?.Error.Status == 400 && error!.Message.Contains("once", StringComparison.Ordinal), $"{field}: {error?.Message}\n{shown}");
        Assert.Equal(field, error!.Error.Field);
    }

    private static string Repeat(string text, int count) => string.Join(',', Enumerable.Repeat(text, count));

    private static string Nested(int depth) => depth == 0 ? "0" : $"{{\"a\":0,\"b\":0,\"c\":0,\"d\":{Nested(depth - 1)}}}";

    /// <summary>The key with its first plain character as an escape.</summary>
    private static string Escaped(byte[] key) => key is [var first, ..] && char.IsAsciiLetterOrDigit((char)first)
        ? $"\\u{(int)first:x4}{Encoding.UTF8.GetString(key.AsSpan(1))}" : Encoding.UTF8.GetString(key);

    /// <summary>Every key of the body: where it and its value stand, where its object ends, and its path.</summary>
    private static List<Key> KeysOf(byte[] body)
    {
        var keys = new List<Key>();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        ReadObject(ref reader, "", isExempt: false, keys);
        return keys;
    }

    private static void ReadObject(ref Utf8JsonReader reader, string path, bool isExempt, List<Key> keys)
    {
        var own = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (start, length) = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            var name = reader.GetString()!;
            var inner = path.Length > 0 ? $"{path}.{name}" : name;
            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            own.Add(keys.Count);
            keys.Add(new Key(inner, start, start + length, valueStart, 0, 0, isExempt));
            var index = keys.Count - 1;
            ReadValue(ref reader, inner, isExempt || inner is "metadata" or "logit_bias" || IsSchema(inner), keys);
            keys[index] = keys[index] with { ValueEnd = (int)reader.BytesConsumed };
        }
        foreach (var index in own) keys[index] = keys[index] with { ObjectEnd = (int)reader.TokenStartIndex };
    }

    private static void ReadValue(ref Utf8JsonReader reader, string path, bool isExempt, List<Key> keys)
    {
        if (reader.TokenType == JsonTokenType.StartObject) ReadObject(ref reader, path, isExempt, keys);
        if (reader.TokenType != JsonTokenType.StartArray) return;
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++) ReadValue(ref reader, $"{path}[{i}]", isExempt, keys);
    }

    private static bool IsSchema(string path) => path == "response_format.json_schema.schema"
        || (path.StartsWith("tools[", StringComparison.Ordinal) && path.EndsWith("].function.parameters", StringComparison.Ordinal));

    private sealed record Key(string Path, int Start, int End, int ValueStart, int ValueEnd, int ObjectEnd, bool IsExempt);
}
