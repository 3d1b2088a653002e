using System.Text;

namespace EdgeRouter.FuzzTests.Inputs;

/// <summary>What is put into inputs: values that readers get wrong, members that the router reads, and pieces of the protocols.</summary>
internal static class OddValues
{
    public static readonly byte[][] Json =
    [
        .. All(
            "null", "true", "false", "0", "-0", "-1", "1", "2", "0.5", "1e999", "-1e-999", "1E5", "01", "1.", "+1", "0x10", "NaN", "2147483647",
            "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "99999999999999999999999999999999", "1.7976931348623157e308",
            "0.1000000000000000055", "\"\"", "\"a\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"\\u12\"", "\"\\x\"",
            "\"\U0001F600\"", "\"\u2028\"", "\"\uFEFF\"", "\"-1\"", "\"1e3\"", "\"1\"", "\"null\"", "\"stop\"", "\"length\"", "\"tool_calls\"", "\"error\"",
            "\"user\"", "\"assistant\"", "\"tool\"", "\"text\"", "\"image_url\"", "\"function\"", "\"auto\"", "[]", "{}", "[[]]", "[{}]", "[null]",
            "{\"a\":null}", "{\"\":{}}", "[1,\"a\",null,{}]", "{\"type\":\"text\",\"text\":\"a\"}", "{\"type\":\"x\"}", "{\"a\":1,\"a\":2}",
            "{\"index\":1}", "{\"index\":-1}", "{\"index\":2147483647}", "{\"error\":{\"message\":\"m\",\"code\":500}}"),
        [(byte)'"', 0xff, (byte)'"'], [(byte)'"', 0xc3, (byte)'"'], [(byte)'"', 0xed, 0xa0, 0x80, (byte)'"'], [(byte)'"', 0xf4, 0x90, 0x80, 0x80, (byte)'"'],
    ];

    public static readonly byte[][] Loose =
    [
        .. All(
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\0", "\u0001", "\t", " ", "\r", "\n", "\r\n", "\n\n", "\r\r", "\uFEFF", "//", "/**/", "'", "\u00e9",
            "\U0001F600", "data:", "data: [DONE]\n\n", "data: {}\n\n", "data: null\n\n", "data: []\n\n", "data\n\n", ":\n", ": ping\n\n", "event: error\n",
            "event: ping\n", "id: 1\n", "retry: 1\n", "[DONE]", "data: {\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"c\"}}\n\n"),
        [0xff], [0xc3], [0xe2, 0x80], [0xed, 0xa0, 0x80], [0xfe, 0xff], [0x80],
    ];

    /// <summary>For the inside of strings.</summary>
    public static readonly byte[][] NoUnicode =
        [.. All(
            "\\ud800", "\\udc00", "\\udc00\\ud800", "\\u"), [0xff], [0xc3], [0xe2, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]];

    /// <summary>Members for the head of an object, with the comma behind them.</summary>
    public static readonly byte[][] Members = All(
            "\"stream\":true,", "\"stream\":1,", "\"stream_options\":{\"include_usage\":true},", "\"n\":2,", "\"n\":128,", "\"n\":0,", "\"max_tokens\":1,",
            "\"max_tokens\":0,", "\"max_tokens\":2147483647,", "\"MAX_TOKENS\":5,", "\"max\\u005ftokens\":5,", "\"max_completion_tokens\":7,",
            "\"provider\":{\"order\":[\"a\"]},", "\"provider\":{\"only\":[]},", "\"provider\":{\"sort\":\"price\",\"max_price\":{\"prompt\":0}},",
            "\"provider\":null,", "\"provider\":{\"allow_fallbacks\":false,\"require_parameters\":true},", "\"provider\":{\"hedge\":true,\"resume\":true},",
            "\"models\":[\"a/b\"],", "\"models\":[],", "\"models\":[\"\"],", "\"route\":\"fallback\",", "\"plugins\":[{\"id\":\"web\"}],",
            "\"transforms\":[\"middle-out\"],", "\"usage\":{\"include\":true},", "\"user\":\"u\",", "\"session_id\":\"s\",", "\"service_tier\":\"flex\",",
            "\"reasoning\":{\"effort\":\"high\"},", "\"reasoning\":{\"max_tokens\":1},", "\"tools\":[],", "\"tool_choice\":\"required\",",
            "\"stop\":[\"\"],", "\"stop\":[],", "\"temperature\":1e400,", "\"seed\":-1,", "\"logit_bias\":{\"1\":100},", "\"logprobs\":true,",
            "\"response_format\":{\"type\":\"json_object\"},", "\"cache_control\":{\"type\":\"ephemeral\"},", "\"metadata\":{},", "\"prompt\":\"a\",",
            "\"prompt\":[1,2],", "\"prompt\":[\"a\",\"b\"],", "\"suffix\":\"s\",", "\"echo\":true,", "\"best_of\":2,", "\"messages\":[],",
            "\"model\":\"\",", "\"__proto__\":{},", "\"debug\":{\"echo_upstream_body\":true},", "\"index\":0,", "\"usage\":null,", "\"usage\":{},",
            "\"finish_reason\":\"stop\",", "\"error\":null,", "\"error\":{\"message\":\"m\"},", "\"choices\":[],", "\"delta\":{},", "\"content\":null,",
            "\"tool_calls\":[{}],", "\"prompt_tokens\":-5,", "\"completion_tokens\":9223372036854775807,", "\"output_tokens\":1e30,",
            "\"promptTokenCount\":\"7\",", "\"type\":\"error\",");

    private static byte[][] All(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
