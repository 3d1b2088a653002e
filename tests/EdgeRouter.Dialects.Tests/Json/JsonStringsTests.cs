using System.Buffers;
using System.Text;
using EdgeRouter.Dialects.Json;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Json;

public sealed class JsonStringsTests
{
    [Theory]
    [InlineData("""plain é漢😀 /""", """plain é漢😀 /""")]
    [InlineData("""\" \\ \/ \b\f\n\r\t""", """\" \\ / \b\f\n\r\t""")]
    [InlineData("""\u0022\u005C\u002f\u000A\u0000\u001F\u007f""", "\\\"\\\\/\\n\\u0000\\u001f\u007f")]
    [InlineData("""\u00e9\u6F22\ud83d\ude00\uD83D\uDE00""", "é漢😀😀")]
    [InlineData("""\uD83D""", """\ud83d""")]
    [InlineData("""\uDE00\uD83D""", """\ude00\ud83d""")]
    [InlineData("""\ud83d\ud83d\ude00\ud83dx""", """\ud83d😀\ud83dx""")]
    [InlineData("", "")]
    public void Raw_text_gets_the_one_spelling(string raw, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(raw);

        Assert.Equal(expected, Written(output => JsonStrings.WriteRaw(bytes, output)));
        Assert.Equal(expected, Written(output => JsonStrings.Write(JsonStrings.Decode(bytes), output)));
    }

    [Fact]
    public void Copying_and_decoding_agree_on_random_text()
    {
        var random = new Random(99);
        for (var round = 0; round < 3000; round++)
        {
            var text = RandomText(random);
            var raw = Encoding.UTF8.GetBytes(Spell(text, random));

            Assert.Equal(text, JsonStrings.Decode(raw));
            Assert.Equal(Encoding.UTF8.GetByteCount(text), JsonStrings.DecodedLength(raw));
            Assert.Equal(Written(output => JsonStrings.Write(text, output)), Written(output => JsonStrings.WriteRaw(raw, output)));
        }
    }

    [Fact]
    public void Long_text_survives_small_buffers()
    {
        var text = string.Concat(Enumerable.Repeat("é漢😀\n\ud83d", 5000));
        var bytes = Encoding.UTF8.GetBytes(Written(output => JsonStrings.Write(text, output)));

        Assert.Equal(text, JsonStrings.Decode(bytes));
    }

    [Fact]
    public void Minified_JSON_keeps_numbers_and_drops_white_space()
    {
        var json = "{ \"a\" : [ 1.50 , -0e+3 , true ,\n null , \"\\u0041\\/\" , [ ] , { } ] , \"b\\u0020\" : { \"c\" : 12345678901234567890 } }"u8.ToArray();

        Assert.Equal("""{"a":[1.50,-0e+3,true,null,"A/",[],{}],"b ":{"c":12345678901234567890}}""", Written(output => JsonBytes.WriteMinified(json, output)));
    }

    /// <summary>UTF-16 code units at random: lone surrogates among them.</summary>
    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(20); i > 0; i--)
        {
            switch (random.Next(6))
            {
                case 0: text.Append((char)random.Next(0x20)); break;
                case 1: text.Append("\"\\/\u007f\u2028"[random.Next(5)]); break;
                case 2: text.Append((char)random.Next(0xD800, 0xE000)); break;
                case 3: text.Append("😀"); break;
                case 4: text.Append((char)random.Next(0x80, 0xD800)); break;
                default: text.Append((char)random.Next(0x20, 0x7f)); break;
            }
        }
        return text.ToString();
    }

    /// <summary>Some valid JSON spelling of the text.</summary>
    private static string Spell(string text, Random random)
    {
        var json = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text, i);
            if (isPair && random.Next(2) == 0) json.Append(text[i]).Append(text[++i]);
            else if (isPair)
            {
                json.Append(Escape(text[i])).Append(Escape(text[i + 1]));
                i++;
            }
            else if (text[i] is < ' ' or '"' or '\\' || char.IsSurrogate(text[i]) || random.Next(4) == 0) json.Append(Escape(text[i]));
            else json.Append(text[i]);
        }
        return json.ToString();

        string Escape(char code) => "\\u" + ((int)code).ToString(random.Next(2) == 0 ? "x4" : "X4", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>(1);
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
