using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Failures;

/// <summary>
/// Error bodies as providers send them, with what each must mean. The bodies are whole, so that the table is tested against shapes and not against
/// its own examples.
/// </summary>
public static class ProviderErrorBodies
{
    public static TheoryData<string, string, int, string, FailureClass> All { get; } = new()
    {
        { "OpenAI wrong key", WireNames.OpenAIChat, 401,
            """{"error":{"message":"Incorrect API key provided: sk-abc.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""",
            FailureClass.Authentication },
        { "OpenAI context", WireNames.OpenAIChat, 400, """{"error":{"message":"This model's maximum context length is 128000 tokens. However,"""
            + """ your messages resulted in 130001 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""",
            FailureClass.ContextLength },
        { "OpenAI rate limit", WireNames.OpenAIChat, 429, """{"error":{"message":"Rate limit reached for gpt-4o in organization org-x on tokens per min """
            + """(TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""",
            FailureClass.RateLimited },
        { "OpenAI no money", WireNames.OpenAIChat, 429, """{"error":{"message":"You exceeded your current quota,"""
            + """ please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""",
            FailureClass.CreditsExhausted },
        { "OpenAI parameter", WireNames.OpenAIChat, 400, """{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. """
            + """Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}""",
            FailureClass.UnsupportedFeature },
        { "OpenAI bad request", WireNames.OpenAIChat, 400, """{"error":{"message":"Invalid type for 'messages[0].content': expected one of a string or """
            + """array of objects, but got an integer instead.","type":"invalid_request_error","param":"messages[0].content","code":"invalid_type"}}""",
            FailureClass.InvalidRequest },
        { "OpenAI server", WireNames.OpenAIChat, 500, """{"error":{"message":"The server had an error while processing your request. Sorry about """
            + """that!","type":"server_error","param":null,"code":null}}""", FailureClass.ServerError },
        { "OpenAI model", WireNames.OpenAIChat, 404, """{"error":{"message":"The model `gpt-9` does not exist or you do not have access to """
            + """it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""", FailureClass.ModelNotFound },
        { "Azure filter", WireNames.OpenAIChat, 400, """{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's """
            + """content management policy.","type":null,"param":"prompt","code":"content_filter","status":400"""
            + ""","innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"}}}}}""",
            FailureClass.ContentPolicy },
        { "Azure deployment", WireNames.OpenAIChat, 404,
            """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}""", FailureClass.ModelNotFound },
        { "Azure rate limit", WireNames.OpenAIChat, 429, """{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation under """
            + """Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 2 """
            + """seconds."}}""", FailureClass.RateLimited },
        { "Anthropic overloaded", WireNames.AnthropicMessages, 529,
            """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}""", FailureClass.Overloaded },
        { "Anthropic context", WireNames.AnthropicMessages, 400,
            """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""",
            FailureClass.ContextLength },
        { "Anthropic credits", WireNames.AnthropicMessages, 400, """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit """
            + """balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."}}""",
            FailureClass.CreditsExhausted },
        { "Anthropic permission", WireNames.AnthropicMessages, 403,
            """{"type":"error","error":{"type":"permission_error","message":"Your API key does not have permission to use the specified resource."}}""",
            FailureClass.PermissionDenied },
        { "Anthropic large", WireNames.AnthropicMessages, 413,
            """{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}""", FailureClass.PayloadTooLarge },
        { "Anthropic api error", WireNames.AnthropicMessages, 500, """{"type":"error","error":{"type":"api_error","message":"Internal server error"}}""",
            FailureClass.ServerError },
        { "Anthropic max tokens", WireNames.AnthropicMessages, 400, """{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: """
            + """100000 > 64000, which is the maximum allowed number of output tokens for claude-sonnet-4"}}""", FailureClass.MaxTokens },
        { "Gemini quota", WireNames.Gemini, 429, """{"error":{"code":429,"message":"You exceeded your current quota,"""
            + """ please check your plan and billing """
            + """details.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}""",
            FailureClass.RateLimited },
        { "Gemini context", WireNames.Gemini, 400, """{"error":{"code":400,"message":"The input token count (1191150) exceeds the maximum number of """
            + """tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}""", FailureClass.ContextLength },
        { "Gemini argument", WireNames.Gemini, 400,
            """{"error":{"code":400,"message":"* GenerateContentRequest.contents: contents is not specified\n","status":"INVALID_ARGUMENT"}}""",
            FailureClass.InvalidRequest },
        { "Gemini key", WireNames.Gemini, 400,
            """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}""", FailureClass.Authentication },
        { "Gemini overloaded", WireNames.Gemini, 503,
            """{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}""", FailureClass.Overloaded },
        { "Gemini deadline", WireNames.Gemini, 504,
            """{"error":{"code":504,"message":"Deadline expired before operation could complete.","status":"DEADLINE_EXCEEDED"}}""",
            FailureClass.ProviderTimeout },
        { "Gemini region", WireNames.Gemini, 400,
            """{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}""",
            FailureClass.PermissionDenied },
        { "Mistral context", WireNames.OpenAIChat, 400, """{"object":"error","message":"Prompt contains 65673 tokens and 0 draft tokens,"""
            + """ too large for model with 32768 maximum context length","type":"invalid_request_error","param":null,"code":"3051"}""",
            FailureClass.ContextLength },
        { "Mistral validation", WireNames.OpenAIChat, 422,
            """{"object":"error","message":"Extra inputs are not permitted","type":"invalid_request_error","param":null,"code":null}""",
            FailureClass.UnsupportedFeature },
        { "DeepSeek balance", WireNames.OpenAIChat, 402,
            """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}""",
            FailureClass.CreditsExhausted },
        { "Groq too large", WireNames.OpenAIChat, 413, """{"error":{"message":"Request too large for model `llama-3.3-70b-versatile` in organization """
            + """`org_1` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Requested 14810,"""
            + """ please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}}""", FailureClass.RateLimited },
        { "Groq day", WireNames.OpenAIChat, 429, """{"error":{"message":"Rate limit reached for model `x` on tokens per day (TPD): Limit 100000,"""
            + """ Used 99800, Requested 900. Please try again in 10m4.8s.","type":"tokens","code":"rate_limit_exceeded"}}""", FailureClass.QuotaExhausted },
        { "Together context", WireNames.OpenAIChat, 422, """{"error":{"message":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= """
            + """4097. Given: 4000 `inputs` tokens and 512 `max_new_tokens`","type":"invalid_request_error","param":"max_tokens","code":null}}""",
            FailureClass.ContextLength },
        { "Fireworks suspended", WireNames.OpenAIChat, 412, """{"error":{"object":"error","type":"error","message":"Account acme is suspended,"""
            + """ possibly due to reaching the monthly spending limit or failure to pay past invoices."}}""", FailureClass.CreditsExhausted },
        { "xAI key", WireNames.OpenAIChat, 400, """{"code":"Client specified an invalid argument","error":"Incorrect API key provided: sk***YA. You can """
            + """obtain an API key from https://console.x.ai."}""", FailureClass.Authentication },
        { "xAI context", WireNames.OpenAIChat, 400, """{"code":"Client specified an invalid argument","error":"This model's maximum prompt length is """
            + """131072 but the request contains 537812 tokens."}""", FailureClass.ContextLength },
        { "Cohere trial", WireNames.OpenAIChat, 429, """{"id":"1","message":"You are using a Trial key,"""
            + """ which is limited to 1000 API calls / month. You can continue to use the Trial key for free or upgrade."}""", FailureClass.QuotaExhausted },
        { "vLLM context", WireNames.OpenAIChat, 400, """{"object":"error","message":"This model's maximum context length is 2048 tokens. However,"""
            + """ you requested 4096 tokens.","type":"BadRequestError","param":null,"code":400}""", FailureClass.ContextLength },
        { "Ollama context", WireNames.OpenAIChat, 400,
            """{"error":{"message":"the input length exceeds the context length","type":"api_error","param":null,"code":null}}""", FailureClass.ContextLength },
        { "Ollama model", WireNames.OpenAIChat, 404,
            """{"error":{"message":"model \"llama9\" not found, try pulling it first","type":"api_error","param":null,"code":null}}""",
            FailureClass.ModelNotFound },
        { "llama.cpp context", WireNames.OpenAIChat, 400, """{"error":{"code":400"""
            + ""","message":"the request exceeds the available context size. try increasing the context size or enable context """
            + """shift","type":"exceed_context_size_error","n_prompt_tokens":14429,"n_ctx":8192}}""", FailureClass.ContextLength },
        { "llama.cpp loading", WireNames.OpenAIChat, 503, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""",
            FailureClass.Overloaded },
        { "OpenRouter credits", WireNames.OpenAIChat, 402, """{"error":{"message":"This request requires more credits,"""
            + """ or fewer max_tokens. You requested up to 65536 tokens, but can only afford 900.","code":402}}""", FailureClass.CreditsExhausted },
        { "OpenRouter moderation", WireNames.OpenAIChat, 403, """{"error":{"message":"openai/gpt-4o requires moderation on OpenAI. Your input was """
            + """flagged for \"violence\". No credits were charged.","code":403,"metadata":{"reasons":["violence"]}}}""", FailureClass.ContentPolicy },
        { "Alibaba inspection", WireNames.OpenAIChat, 400, """{"error":{"code":"data_inspection_failed","param":null"""
            + ""","message":"Input data may contain inappropriate content.","type":"data_inspection_failed"}}""", FailureClass.ContentPolicy },
        { "Bedrock throttling", WireNames.BedrockConverse, 429,
            """{"__type":"ThrottlingException","message":"Too many requests, please wait before trying again."}""", FailureClass.RateLimited },
        { "FastAPI detail", WireNames.OpenAIChat, 422, """{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"}]}""",
            FailureClass.InvalidRequest },
        { "Cloudflare page", WireNames.OpenAIChat, 502, "<html><head><title>502 Bad Gateway</title></head></html>", FailureClass.BadGateway },
        { "Cloudflare slow", WireNames.OpenAIChat, 524, "error code: 524", FailureClass.ProviderTimeout },
        { "redirect", WireNames.OpenAIChat, 301, "", FailureClass.BadGateway },
        { "nothing", WireNames.OpenAIChat, 500, "", FailureClass.ServerError },
    };

    /// <summary>What the dialects' readers do, in the loosest form that fits all of the bodies above.</summary>
    public static UpstreamError Read(int status, string body)
    {
        if (!body.StartsWith('{')) return new UpstreamError(status, null, null, body.Length == 0 ? null : body);
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var error = root.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : root;
        var message = Text(error, "message") ?? Text(root, "error") ?? Text(root, "detail");
        return new UpstreamError(status, Text(error, "code"), Text(error, "type") ?? Text(error, "status") ?? Text(error, "__type"), message);
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetInt32().ToString(CultureInfo.InvariantCulture),
            JsonValueKind.Array => value.GetRawText(),
            _ => null,
        }
        : null;
}
