namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>Answers as Anthropic's Messages wire has them.</summary>
internal static class AnthropicWire
{
    public const int PromptTokens = 25;
    public const int CompletionTokens = 15;

    public static ProviderAnswer Says(string text) => ProviderAnswer.ByMode(ProviderAnswer.Stream([.. Stream(text)]), ProviderAnswer.Body(200, Whole(text)));

    public static string[] Stream(string text) =>
    [
        "event: message_start\n" + """data: {"type":"message_start","message":"""
            + """{"model":"claude-sonnet-4-5-20250929","id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","content":[]"""
            + ""","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":0"""
            + ""","output_tokens":1,"service_tier":"standard"}}}""" + "\n\n",
        "event: content_block_start\n" + """data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""" + "\n\n",
        "event: ping\n" + """data: {"type": "ping"}""" + "\n\n",
        "event: content_block_delta\n" + """data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"$"}}""".Replace("$", text,
            StringComparison.Ordinal) + "\n\n",
        "event: content_block_stop\n" + """data: {"type":"content_block_stop","index":0}""" + "\n\n",
        "event: message_delta\n" + """data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":25"""
            + ""","cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":15}}""" + "\n\n",
        "event: message_stop\n" + """data: {"type":"message_stop"}""" + "\n\n",
    ];

    public static string Whole(string text) => """
        {"model":"claude-sonnet-4-5-20250929","id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","content":[{"type":"text","text":"$"}],
         "stop_reason":"end_turn","stop_sequence":null,
         "usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":15,"service_tier":"standard"}}
        """.Replace("$", text, StringComparison.Ordinal);
}
