using EdgeRouter.TestSupport.EventStreams;

namespace EdgeRouter.Dialects.Tests.BedrockConverse;

/// <summary>Streams as the service sends them, with the padding that hides the length of tokens.</summary>
internal static class ConverseStreams
{
    public static readonly (string Type, string Payload)[] Everything =
    [
        ("messageStart", """{"p":"abcdefg","role":"assistant"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Let me "}},"p":"abc"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"think"}},"p":"a"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"sig-1"}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":0}"""),
        ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"AQI="}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"Aw=="}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":1}"""),
        ("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"text":"Grüße "},"p":"abcdefgh"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"text":"🌍"}}"""),
        ("newEvent", """{"contentBlockIndex":2,"anything":[1,2,{"a":null}]}"""),
        ("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"somethingNew":{"text":"x"}}}"""),
        ("contentBlockDelta",
            """{"contentBlockIndex":2,"delta":{"citation":{"title":"T","location":{"web":{"url":"https://a.example","domain":"a.example"}}}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":2}"""),
        ("contentBlockStart", """{"contentBlockIndex":3,"start":{"toolUse":{"name":"f","toolUseId":"tooluse_1"}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":3,"delta":{"toolUse":{"input":""}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":3,"delta":{"toolUse":{"input":"{\"a\":"}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":3,"delta":{"toolUse":{"input":"1}"}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":3}"""),
        ("contentBlockStart", """{"contentBlockIndex":4,"start":{"toolUse":{"name":"g","toolUseId":"tooluse_2"}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":4}"""),
        ("contentBlockStart", """{"contentBlockIndex":5,"start":{"image":{"format":"png"}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":5,"delta":{"image":{"source":{"bytes":"AAAA"}}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":5,"delta":{"text":"of a block that is not read"}}"""),
        ("contentBlockStop", """{"contentBlockIndex":5}"""),
        ("messageStop", """{"p":"abcdefghijkl","stopReason":"tool_use"}"""),
        ("metadata", """{"metrics":{"latencyMs":2000},"usage":""" + Usage + "}"),
    ];

    public const string Usage = """
        {"cacheDetails":[{"inputTokens":30,"ttl":"1h"},{"inputTokens":10,"ttl":"5m"}],"cacheReadInputTokens":500,"cacheWriteInputTokens":40,
         "inputTokens":12,"outputTokens":34,"serverToolUsage":{},"totalTokens":586}
        """;

    /// <summary>The same answer, whole.</summary>
    public const string Whole = """
        {"metrics":{"latencyMs":2000},"output":{"message":{"content":[
          {"reasoningContent":{"reasoningText":{"signature":"sig-1","text":"Let me think"}}},{"reasoningContent":{"redactedContent":"AQID"}},
          {"citationsContent":{"content":[{"text":"Grüße 🌍"}],
           "citations":[{"title":"T","location":{"web":{"url":"https://a.example","domain":"a.example"}}}]}},
          {"toolUse":{"input":{"a":1},"name":"f","toolUseId":"tooluse_1"}},{"toolUse":{"input":{},"name":"g","toolUseId":"tooluse_2"}},
          {"somethingNew":{"text":"x"}}],"role":"assistant"}},
         "stopReason":"tool_use","usage":
        """ + Usage + "}";

    public static byte[] Bytes(IEnumerable<(string Type, string Payload)> events) =>
        [.. events.SelectMany(static one => EventStreamMessage.Event(one.Type, one.Payload))];
}
