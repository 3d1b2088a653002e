namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>The answers of the stream fixtures as the API gives them when no stream is asked for.</summary>
internal static class AnthropicWholeAnswers
{
    private const string Redacted = "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpPkNRj2YfWXGmKDxH4mPnZ5sQ7"
        + "vB9URj2pLmN3kF8/dW5hR7xJ0aP1oLS9yTcMnKVf2wRpEGjH9XZaBt4UvDcPrQ==";

    public static string Of(string fixture) => fixture switch
    {
        "text.sse" => """{"type":"message","content":[{"type":"text","text":"Hello Zürich ❤!"}],"stop_reason":"end_turn"}""",
        "tools.sse" =>
            """
            {"type":"message","content":[
              {"type":"text","text":"Okay, let me look."},
              {"type":"tool_use","id":"toolu_01T1x1fJ34qAmk2tNTrN7Up6","name":"get_weather","input":{"location": "San Francisco, CA"}},
              {"type":"tool_use","id":"toolu_01Vd8sCwH3mLkRk9aQzj5n2C","name":"get_time","input":{}}],"stop_reason":"tool_use"}
            """,
        "thinking.sse" =>
            $$"""
            {"type":"message","content":[
              {"type":"thinking","thinking":"The user asks for the GCD.\n1071 = 2 × 462 + 147 \"so\"…",
               "signature":"EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds/+=="},
              {"type":"redacted_thinking","data":"{{Redacted}}"},
              {"type":"text","text":"The GCD is 21."}],"stop_reason":"end_turn"}
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(fixture), fixture, "no such fixture"),
    };
}
