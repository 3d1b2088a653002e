namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>Answers as OpenAI's chat wire has them, in the provider's own bytes.</summary>
internal static class OpenAIWire
{
    public const int PromptTokens = 19;
    public const int CompletionTokens = 3;

    public const string Role = """data: {"id":"chatcmpl-B1","object":"chat.completion.chunk","created":1760000000"""
        + ""","model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_44709d6fcb","usage":null,"choices":[{"index":0"""
        + ""","delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}""" + "\n\n";

    public const string Stop = """data: {"id":"chatcmpl-B1","object":"chat.completion.chunk","created":1760000000"""
        + ""","model":"gpt-4o-2024-08-06","system_fingerprint":"fp_44709d6fcb","usage":null,"choices":[{"index":0,"delta":{},"logprobs":null"""
        + ""","finish_reason":"stop"}]}""" + "\n\n";

    public const string Usage = """data: {"id":"chatcmpl-B1","object":"chat.completion.chunk","created":1760000000"""
        + ""","model":"gpt-4o-2024-08-06","system_fingerprint":"fp_44709d6fcb","usage":{"prompt_tokens":19,"completion_tokens":3,"total_tokens":22"""
        + ""","prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0"""
        + ""","accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"choices":[]}""" + "\n\n";

    public const string Done = "data: [DONE]\n\n";

    /// <summary>Says the text, streamed or whole, as the request wants.</summary>
    public static ProviderAnswer Says(string text) => ProviderAnswer.ByMode(ProviderAnswer.Stream([.. Stream(text)]), ProviderAnswer.Body(200, Whole(text)));

    public static string[] Stream(string text) => [Role, Text(text), Stop, Usage, Done];

    public static string Text(string text) => ("""data: {"id":"chatcmpl-B1","object":"chat.completion.chunk","created":1760000000"""
        + ""","model":"gpt-4o-2024-08-06","system_fingerprint":"fp_44709d6fcb","usage":null,"choices":[{"index":0,"delta":{"content":"$"},"logprobs":null"""
        + ""","finish_reason":null}]}""").Replace("$", text, StringComparison.Ordinal) + "\n\n";

    public static string Whole(string text) => """
        {"id":"chatcmpl-B1","object":"chat.completion","created":1760000000,"model":"gpt-4o-2024-08-06",
         "choices":[{"index":0,"message":{"role":"assistant","content":"$","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],
         "usage":{"prompt_tokens":19,"completion_tokens":3,"total_tokens":22,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},
         "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},
         "service_tier":"default","system_fingerprint":"fp_44709d6fcb"}
        """.Replace("$", text, StringComparison.Ordinal);

    public static string Error(string message, string type = "server_error", string? code = null) =>
        $"{{\"error\":{{\"message\":\"{message}\",\"type\":\"{type}\",\"param\":null,\"code\":{(code is null ? "null" : $"\"{code}\"")}}}}}";

    /// <summary>Refuses with a status.</summary>
    public static ProviderAnswer Fails(int status, string message = "The server had an error while processing your request.", string type = "server_error",
        string? code = null, params (string, string)[] headers) =>
        ProviderAnswer.Body(status, Error(message, type, code), headers: headers);
}
