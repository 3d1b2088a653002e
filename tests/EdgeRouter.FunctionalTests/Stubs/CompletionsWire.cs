namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>Answers as OpenAI's legacy completions wire has them.</summary>
internal static class CompletionsWire
{
    public const int PromptTokens = 7;
    public const int CompletionTokens = 2;

    private const string Head = """{"id":"cmpl-A1","object":"text_completion","created":1760000000,"model":"davinci-002","system_fingerprint":"fp_1",""";

    public static ProviderAnswer Says(string text) => ProviderAnswer.ByMode(ProviderAnswer.Stream([.. Stream(text)]), ProviderAnswer.Body(200, Whole(text)));

    public static string[] Stream(string text) =>
    [
        $"data: {Head}\"choices\":[{{\"text\":\"{text}\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}}]}}\n\n",
        $"data: {Head}\"choices\":[{{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}}]}}\n\n",
        $"data: {Head}\"choices\":[],\"usage\":{{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9}}}}\n\n",
        "data: [DONE]\n\n",
    ];

    public static string Whole(params string[] texts) => Head + "\"choices\":["
        + string.Join(',',
            texts.Select((text, index) => $"{{\"text\":\"{text}\",\"index\":{index},\"logprobs\":{{\"tokens\":[\"a\"]}},\"finish_reason\":\"length\"}}"))
        + "],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9}}";
}
