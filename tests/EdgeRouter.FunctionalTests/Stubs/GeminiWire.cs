namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>Answers as Google's generateContent wire has them.</summary>
internal static class GeminiWire
{
    public const int PromptTokens = 10;
    public const int CompletionTokens = 2;

    public static ProviderAnswer Says(string text) => ProviderAnswer.ByMode(ProviderAnswer.Stream([.. Stream(text)]), ProviderAnswer.Body(200, Whole(text)));

    public static string[] Stream(string text) =>
    [
        ("""data: {"candidates": [{"content": {"parts": [{"text": "$"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 10"""
            + ""","totalTokenCount": 10},"modelVersion": "gemini-2.5-flash","responseId": "r1"}""").Replace("$", text, StringComparison.Ordinal) + "\r\n\r\n",
        """data: {"candidates": [{"content": {"parts": [{"text": ""}],"role": "model"},"finishReason": "STOP","index": 0}]"""
            + ""","usageMetadata": {"promptTokenCount": 10,"candidatesTokenCount": 2,"totalTokenCount": 12}"""
            + ""","modelVersion": "gemini-2.5-flash","responseId": "r1"}""" + "\r\n\r\n",
    ];

    public static string Whole(string text) => """
        {"candidates": [{"content": {"parts": [{"text": "$"}], "role": "model"}, "finishReason": "STOP", "index": 0}],
         "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 2, "totalTokenCount": 12}, "modelVersion": "gemini-2.5-flash", "responseId": "r1"}
        """.Replace("$", text, StringComparison.Ordinal);
}
