using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using static EdgeRouter.Upstreams.Failures.FailureClass;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>
/// All that the router knows about vendors' errors, read from top to bottom, first match wins: codes and types first (each after the phrases that refine it), then phrases,
/// then bare statuses, then names so broad that a status says more. A new vendor habit is a new row with an example; no other file changes.
/// </summary>
public static class FailureRules
{
    /// <summary>The table.</summary>
    public static readonly IReadOnlyList<FailureRule> All =
    [
        // --- Money and allowances, before rate limits: several vendors report an empty balance as 429.
        Code("insufficient_quota", CreditsExhausted, "OpenAI says 429 for an empty balance; waiting does not refill it", new(429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.")),
        Code("billing_hard_limit_reached", CreditsExhausted, "OpenAI: the account's own spend cap", new(400, "billing_hard_limit_reached", "invalid_request_error", "Billing hard limit has been reached")),
        Code("billing_error", CreditsExhausted, "Anthropic", new(402, null, "billing_error", "There's an issue with your billing or payment information.")),
        Code("blocked_api_access", CreditsExhausted, "Groq: the organisation's spend limit", new(400, "blocked_api_access", "invalid_request_error", "Your organization has been blocked from API access due to spend limits.")),
        Code("exceeded_current_quota_error", CreditsExhausted, "Moonshot says 429 for an empty balance", new(429, null, "exceeded_current_quota_error", "Your account is suspended, please check your plan and billing details")),
        Code("ServiceQuotaExceededException", QuotaExhausted, "Bedrock: an account quota", new(400, null, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account.")),
        Phrase(0, "credit balance is too low", CreditsExhausted, "Anthropic says 400 invalid_request_error for an empty balance", new(400, null, "invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.")),
        Phrase(0, "specified API usage limits", QuotaExhausted, "Anthropic says 400 for the workspace's own monthly limit", new(400, null, "invalid_request_error", "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.")),
        Phrase(0, "requires more credits", CreditsExhausted, "OpenRouter, when it is the upstream", new(402, "402", null, "This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 1000.")),
        Phrase(0, "doesn't have any credits", CreditsExhausted, "xAI says 403 for a team without credits", new(403, "The caller does not have permission to execute the specified operation", null, "Your newly created team doesn't have any credits yet. You can purchase credits on https://console.x.ai.")),
        Phrase(0, "used all available credits", CreditsExhausted, "xAI says 429 for credits used up", new(429, "Some resource has been exhausted", null, "Your team has either used all available credits or reached its monthly spending limit.")),
        Phrase(412, "suspended", CreditsExhausted, "Fireworks says 412 for unpaid invoices and spend limits", new(412, null, "error", "Account acme is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices.")),
        Phrase(0, "enable billing", CreditsExhausted, "Gemini says FAILED_PRECONDITION where the free tier does not exist", new(400, "400", "FAILED_PRECONDITION", "Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.")),
        Phrase(0, "tokens per day", QuotaExhausted, "Groq and OpenAI daily limits (TPD): minutes of waiting do not help", new(429, "rate_limit_exceeded", "tokens", "Rate limit reached for model `llama-3.3-70b-versatile` on tokens per day (TPD): Limit 100000, Used 99500, Requested 1200. Please try again in 10m4.8s.")),
        Phrase(0, "requests per day", QuotaExhausted, "Groq, OpenAI and GitHub daily limits (RPD)", new(429, "rate_limit_exceeded", "requests", "Rate limit reached on requests per day (RPD): Limit 200, Used 200, Requested 1.")),
        Phrase(429, "limited to 1000 API calls / month", QuotaExhausted, "Cohere trial keys", new(429, null, null, "You are using a Trial key, which is limited to 1000 API calls / month.")),

        // --- Rate limits and capacity.
        Code("rate_limit_exceeded", RateLimited, "OpenAI and Groq; Groq says 413 when one request is larger than the tokens of a minute", new(413, "rate_limit_exceeded", "tokens", "Request too large for model `llama-3.3-70b-versatile` on tokens per minute (TPM): Limit 6000, Requested 14810, please reduce your message size and try again.")),
        Code("rate_limit_error", RateLimited, "Anthropic", new(429, null, "rate_limit_error", "This request would exceed your organization's rate limit of 40,000 input tokens per minute.")),
        Code("rate_limit_reached_error", RateLimited, "Moonshot", new(429, null, "rate_limit_reached_error", "Your account reached max request: 3, please try again after 1 seconds")),
        Code("engine_overloaded_error", Overloaded, "Moonshot says 429 when everybody has to wait", new(429, null, "engine_overloaded_error", "The engine is currently overloaded, please try again later")),
        Code("RESOURCE_EXHAUSTED", RateLimited, "Gemini says 'quota' for minutes too, with a RetryInfo; a day's quota looks the same", new(429, "429", "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details. Please retry in 36.429760048s.")),
        Code("ThrottlingException", RateLimited, "Bedrock", new(429, null, "ThrottlingException", "Too many tokens, please wait before trying again.")),
        Code("limit_burst_rate", RateLimited, "Alibaba: the rate rose too fast", new(429, "limit_burst_rate", "limit_burst_rate", "Request rate increased too quickly. Please adjust your client logic to scale requests more smoothly.")),
        Code("overloaded_error", Overloaded, "Anthropic, with 529 or inside a stream", new(null, null, "overloaded_error", "Overloaded")),
        Code("capacity_exceeded", Overloaded, "Groq flex tier, 498", new(498, "capacity_exceeded", "capacity_exceeded", "Flex tier capacity exceeded for model")),
        Code("NoCapacity", Overloaded, "Azure: the deployment's region is full", new(429, "NoCapacity", null, "The system is currently experiencing high demand and cannot process your request.")),
        Code("ServiceUnavailableException", Overloaded, "Bedrock", new(503, null, "ServiceUnavailableException", "Bedrock is unable to process your request.")),
        Code("ModelNotReadyException", Overloaded, "Bedrock: the model is being loaded", new(429, null, "ModelNotReadyException", "Model is not ready for inference.")),
        Code("UNAVAILABLE", Overloaded, "Gemini", new(503, "503", "UNAVAILABLE", "The model is overloaded. Please try again later.")),
        Code("unavailable_error", Overloaded, "llama.cpp server while it loads the model", new(503, "503", "unavailable_error", "Loading model")),

        // --- Our credential.
        Code("invalid_api_key", Authentication, "OpenAI, Groq, Together and many others", new(401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided: sk-xxx.")),
        Code("authentication_error", Authentication, "Anthropic, DeepSeek", new(401, null, "authentication_error", "invalid x-api-key")),
        Code("invalid_authentication_error", Authentication, "Moonshot", new(401, null, "invalid_authentication_error", "Invalid Authentication")),
        Code("UNAUTHENTICATED", Authentication, "Gemini", new(401, "401", "UNAUTHENTICATED", "Request had invalid authentication credentials.")),
        Code("UnrecognizedClientException", Authentication, "AWS: unknown access key", new(403, null, "UnrecognizedClientException", "The security token included in the request is invalid.")),
        Code("ExpiredTokenException", Authentication, "AWS: session over", new(403, null, "ExpiredTokenException", "The security token included in the request is expired")),
        Code("InvalidSignatureException", Authentication, "AWS: wrong secret", new(403, null, "InvalidSignatureException", "The request signature we calculated does not match the signature you provided.")),
        Code("organization_restricted", PermissionDenied, "Groq: organisation cut off", new(400, "organization_restricted", "invalid_request_error", "Organization has been restricted.")),
        Phrase(0, "API key not valid", Authentication, "Gemini says 400 INVALID_ARGUMENT for a wrong key", new(400, "400", "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")),
        Phrase(0, "API key expired", Authentication, "Gemini says 400 INVALID_ARGUMENT for an old key", new(400, "400", "INVALID_ARGUMENT", "API key expired. Please renew the API key.")),
        Phrase(403, "API key was reported as leaked", Authentication, "Gemini blocks leaked keys", new(403, "403", "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key.")),
        Phrase(400, "Incorrect API key provided", Authentication, "xAI says 400 for a wrong key", new(400, "Client specified an invalid argument", null, "Incorrect API key provided: sk***YA. You can obtain an API key from https://console.x.ai.")),
        Code("unsupported_country_region_territory", PermissionDenied, "OpenAI: the router's region", new(403, "unsupported_country_region_territory", "request_forbidden", "Country, region, or territory not supported")),
        Phrase(400, "User location is not supported", PermissionDenied, "Gemini says FAILED_PRECONDITION for the router's region", new(400, "400", "FAILED_PRECONDITION", "User location is not supported for the API use.")),
        Code("model_terms_required", PermissionDenied, "Groq: the account has not accepted the model's terms", new(400, "model_terms_required", "invalid_request_error", "The model requires terms acceptance.")),

        // --- Content policy. Before permission: several vendors say 403.
        Code("content_filter", ContentPolicy, "Azure OpenAI, Moonshot", new(400, "content_filter", null, "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.")),
        Code("content_policy_violation", ContentPolicy, "OpenAI", new(400, "content_policy_violation", "invalid_request_error", "Your request was rejected as a result of our safety system.")),
        Code("moderation_blocked", ContentPolicy, "OpenAI images", new(400, "moderation_blocked", "image_generation_user_error", "Your request was rejected by the safety system.")),
        Phrase(0, "flagged as potentially violating", ContentPolicy, "OpenAI reasoning models say invalid_prompt", new(400, "invalid_prompt", "invalid_request_error", "Invalid prompt: your prompt was flagged as potentially violating our usage policy.")),
        Code("data_inspection_failed", ContentPolicy, "Alibaba", new(400, "data_inspection_failed", "data_inspection_failed", "Input data may contain inappropriate content.")),
        Phrase(0, "Content Exists Risk", ContentPolicy, "DeepSeek", new(400, "invalid_request_error", "invalid_request_error", "Content Exists Risk")),
        Phrase(0, "considered high risk", ContentPolicy, "Moonshot", new(400, null, "invalid_request_error", "The request was rejected because it was considered high risk")),
        Phrase(0, "Content violates usage guidelines", ContentPolicy, "xAI says 403", new(403, "The caller does not have permission to execute the specified operation", null, "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_DATA_LEAKAGE")),
        Phrase(0, "blocked by content filtering policy", ContentPolicy, "Anthropic", new(400, null, "invalid_request_error", "Output blocked by content filtering policy")),
        Phrase(403, "Your input was flagged", ContentPolicy, "OpenRouter, when it is the upstream", new(403, "403", null, "openai/gpt-4o requires moderation on OpenAI. Your input was flagged for \"violence\".")),
        Phrase(0, "new_sensitive", ContentPolicy, "MiniMax", new(422, "1026", null, "input new_sensitive")),

        // --- Size.
        Code("context_length_exceeded", ContextLength, "OpenAI, Groq, Cerebras", new(400, "context_length_exceeded", "invalid_request_error", "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.")),
        Code("exceed_context_size_error", ContextLength, "llama.cpp server", new(400, "400", "exceed_context_size_error", "the request exceeds the available context size. try increasing the context size or enable context shift")),
        Phrase(0, "maximum context length", ContextLength, "vLLM, DeepSeek, Mistral ('too large for model with N maximum context length'), Ollama", new(400, "400", "BadRequestError", "This model's maximum context length is 2048 tokens. However, you requested 4096 tokens in the messages.")),
        Phrase(0, "model maximum context", ContextLength, "Fireworks", new(400, null, "invalid_request_error", "The prompt is too long: 142000, model maximum context: 131071")),
        Phrase(0, "prompt is too long", ContextLength, "Anthropic", new(400, null, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum")),
        Phrase(0, "exceed context limit", ContextLength, "Anthropic: prompt and max_tokens together", new(400, null, "invalid_request_error", "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again")),
        Phrase(0, "input token count", ContextLength, "Gemini says INVALID_ARGUMENT", new(400, "400", "INVALID_ARGUMENT", "The input token count (1191150) exceeds the maximum number of tokens allowed (1048576).")),
        Phrase(0, "token count exceeds", ContextLength, "Gemini, Vertex wording", new(400, "400", "INVALID_ARGUMENT", "Unable to submit request because the token count exceeds the maximum: input 40000, limit 32768.")),
        Phrase(0, "maximum prompt length", ContextLength, "xAI", new(400, "Client specified an invalid argument", null, "This model's maximum prompt length is 131072 but the request contains 537812 tokens.")),
        Phrase(0, "context window", ContextLength, "OpenAI Responses, Cerebras, SambaNova", new(400, null, "invalid_request_error", "Your input exceeds the context window of this model. Please adjust your input and try again.")),
        Phrase(0, "context length", ContextLength, "Ollama: 'the input length exceeds the context length'; Bedrock imports", new(400, null, "api_error", "the input length exceeds the context length")),
        Phrase(0, "exceeds the available context size", ContextLength, "llama.cpp server before it had a type", new(500, "500", "server_error", "the request exceeds the available context size")),
        Phrase(0, "`max_new_tokens` must be", ContextLength, "Together and text-generation-inference", new(422, null, "invalid_request_error", "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 4000 `inputs` tokens and 512 `max_new_tokens`")),
        Phrase(0, "tokens in the prompt cannot exceed", ContextLength, "Cohere v1", new(400, null, null, "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.")),
        Phrase(0, "too many tokens: size limit exceeded", ContextLength, "Cohere v2", new(400, null, null, "too many tokens: size limit exceeded by 11326 tokens. Try using shorter or fewer inputs.")),
        Phrase(0, "Input is too long for requested model", ContextLength, "Bedrock ValidationException", new(400, null, "ValidationException", "Input is too long for requested model.")),
        Phrase(0, "Range of input length", ContextLength, "Alibaba", new(400, "invalid_parameter_error", "invalid_request_error", "Range of input length should be [1, 129024]")),
        Phrase(0, "max_tokens is too large", MaxTokens, "OpenAI", new(400, "invalid_value", "invalid_request_error", "max_tokens is too large: 100000. This model supports at most 16384 completion tokens, whereas you provided 100000.")),
        Phrase(0, "maximum allowed number of output tokens", MaxTokens, "Anthropic", new(400, null, "invalid_request_error", "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-haiku-20241022")),
        Phrase(400, "`max_tokens` must be less than or equal to", MaxTokens, "Groq", new(400, null, "invalid_request_error", "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window` for this model")),
        Phrase(400, "valid range of max_tokens", MaxTokens, "DeepSeek", new(400, "invalid_request_error", "invalid_request_error", "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]")),
        Code("request_too_large", PayloadTooLarge, "Anthropic", new(413, null, "request_too_large", "Request exceeds the maximum allowed number of bytes.")),
        Phrase(400, "Request payload size exceeds the limit", PayloadTooLarge, "Gemini says INVALID_ARGUMENT", new(400, "400", "INVALID_ARGUMENT", "Request payload size exceeds the limit: 20971520 bytes.")),

        // --- Images and files.
        Code("invalid_image_url", InvalidImage, "OpenAI", new(400, "invalid_image_url", "invalid_request_error", "Error while downloading https://example.com/a.png.")),
        Code("invalid_image_format", InvalidImage, "OpenAI", new(400, "invalid_image_format", "invalid_request_error", "You uploaded an unsupported image.")),
        Code("image_parse_error", InvalidImage, "OpenAI", new(400, "image_parse_error", "invalid_request_error", "You uploaded an unsupported image. Please make sure your image is valid.")),
        Phrase(400, "Could not process image", InvalidImage, "Anthropic", new(400, null, "invalid_request_error", "Could not process image")),
        Phrase(400, "Unable to process input image", InvalidImage, "Gemini", new(400, "400", "INVALID_ARGUMENT", "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting")),
        Phrase(400, "Unable to download the file", InvalidImage, "Anthropic", new(400, null, "invalid_request_error", "Unable to download the file. Please verify the URL and try again.")),

        // --- The model is not there.
        Code("model_not_found", ModelNotFound, "OpenAI (404 or 403), Groq", new(404, "model_not_found", "invalid_request_error", "The model `gpt-9` does not exist or you do not have access to it.")),
        Code("model_decommissioned", ModelNotFound, "Groq says 400", new(400, "model_decommissioned", "invalid_request_error", "The model `mixtral-8x7b-32768` has been decommissioned and is no longer supported.")),
        Code("DeploymentNotFound", ModelNotFound, "Azure", new(404, "DeploymentNotFound", null, "The API deployment for this resource does not exist.")),
        Code("invalid_model", ModelNotFound, "Mistral says 400", new(400, "1500", "invalid_model", "Invalid model: mistral-huge")),
        Code("not_found_error", ModelNotFound, "Anthropic", new(404, null, "not_found_error", "model: claude-9")),
        Code("NOT_FOUND", ModelNotFound, "Gemini", new(404, "404", "NOT_FOUND", "models/gemini-9 is not found for API version v1beta, or is not supported for generateContent.")),
        Code("ResourceNotFoundException", ModelNotFound, "Bedrock: end of life", new(404, null, "ResourceNotFoundException", "This model version has reached the end of its life.")),
        Phrase(400, "Model Not Exist", ModelNotFound, "DeepSeek says 400", new(400, "invalid_request_error", "invalid_request_error", "Model Not Exist")),
        Phrase(400, "provided model identifier is invalid", ModelNotFound, "Bedrock ValidationException", new(400, null, "ValidationException", "The provided model identifier is invalid.")),

        // --- This vendor cannot, another may.
        Code("unsupported_parameter", UnsupportedFeature, "OpenAI", new(400, "unsupported_parameter", "invalid_request_error", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")),
        Code("unsupported_value", UnsupportedFeature, "OpenAI", new(400, "unsupported_value", "invalid_request_error", "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.")),
        Code("unknown_parameter", UnsupportedFeature, "OpenAI: a member that another vendor knows", new(400, "unknown_parameter", "invalid_request_error", "Unknown parameter: 'top_k'.")),
        Phrase(400, "does not support", UnsupportedFeature, "Ollama, Anthropic, Mistral: tools, images, thinking", new(400, null, "api_error", "registry.ollama.ai/library/gemma:7b does not support tools")),
        Phrase(400, "not supported", UnsupportedFeature, "Groq, Gemini, Together, DeepSeek: parameters, schema keywords, input kinds", new(400, null, "invalid_request_error", "'logprobs' is not supported with this model")),
        Phrase(400, "is not enabled for", UnsupportedFeature, "Gemini: function calling, developer instructions", new(400, "400", "INVALID_ARGUMENT", "Function calling is not enabled for models/gemma-3-27b-it")),
        Phrase(400, "Extra inputs are not permitted", UnsupportedFeature, "Anthropic: a member it does not know", new(400, null, "invalid_request_error", "top_a: Extra inputs are not permitted")),
        Phrase(422, "Extra inputs are not permitted", UnsupportedFeature, "Mistral, Fireworks and other FastAPI servers", new(422, "extra_forbidden", null, "body.top_k: Extra inputs are not permitted")),
        Phrase(400, "is unsupported", UnsupportedFeature, "Groq: message members", new(400, null, "invalid_request_error", "'messages.1' : for 'role:assistant' property 'reasoning_details' is unsupported")),
        Phrase(400, "Unrecognized request argument", UnsupportedFeature, "OpenAI and Azure, older wording", new(400, null, "invalid_request_error", "Unrecognized request argument supplied: min_p")),
        Phrase(400, "--enable-auto-tool-choice", UnsupportedFeature, "vLLM started without tools", new(400, "400", "BadRequestError", "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set")),

        // --- The vendor's own trouble, by name; reaches in-stream errors, which have no status.
        Code("DEADLINE_EXCEEDED", VendorTimeout, "Gemini", new(504, "504", "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")),
        Code("timeout_error", VendorTimeout, "Anthropic", new(504, null, "timeout_error", "Request timed out.")),
        Code("ModelTimeoutException", VendorTimeout, "Bedrock", new(408, null, "ModelTimeoutException", "Model has timed out in processing the request.")),
        Code("INTERNAL", ServerError, "Gemini", new(500, "500", "INTERNAL", "An internal error has occurred. Please retry.")),
        new(DialectNames.Gemini, 400, "FAILED_PRECONDITION", null, PermissionDenied, "Gemini: what is left of it is about the project, not the request", new(400, "400", "FAILED_PRECONDITION", "Precondition check failed.")),

        // --- Bare statuses.
        Status(401, Authentication, "the credential, whatever the body says", new(401, null, null, "Unauthorized")),
        Status(402, CreditsExhausted, "DeepSeek, Together, OpenRouter, Hugging Face: no balance", new(402, "invalid_request_error", "unknown_error", "Insufficient Balance")),
        Status(403, PermissionDenied, "the credential may not do this", new(403, null, "permission_error", "Your API key does not have permission to use the specified resource.")),
        Status(404, ModelNotFound, "a model or path that is not there: the catalog's mistake", new(404, null, null, "model 'llama9' not found")),
        Status(405, ModelNotFound, "a base URL that is no inference API", new(405, null, null, "Method Not Allowed")),
        Status(408, VendorTimeout, "the vendor gave up waiting", new(408, null, null, "Request Timeout")),
        Status(409, Overloaded, "a lock conflict on the vendor's side; its own clients retry it", new(409, null, null, "Conflict")),
        Status(410, ModelNotFound, "Azure and NVIDIA: withdrawn model", new(410, null, null, "The model has reached its end of life.")),
        Status(413, PayloadTooLarge, "too many bytes for the vendor or a proxy before it", new(413, null, null, "Payload Too Large")),
        Status(425, Overloaded, "asks to come again", new(425, null, null, "Too Early")),
        Status(429, RateLimited, "all others", new(429, null, null, "Requests to the ChatCompletions_Create Operation have exceeded token rate limit. Please retry after 2 seconds.")),
        Status(499, ServerError, "Gemini CANCELLED, Cohere: the vendor dropped the request, we did not", new(499, "499", "CANCELLED", "The operation was cancelled.")),
        Status(502, BadGateway, "a proxy before the vendor", new(502, null, null, "Bad Gateway")),
        Status(503, Overloaded, "no capacity", new(503, null, null, "Service Unavailable")),
        Status(504, VendorTimeout, "a proxy gave up on the vendor", new(504, null, null, "Gateway Timeout")),
        Status(520, BadGateway, "Cloudflare: unknown answer of the origin", new(520, null, null, "Web server is returning an unknown error")),
        Status(522, BadGateway, "Cloudflare: origin does not accept connections", new(522, null, null, "Connection timed out")),
        Status(524, VendorTimeout, "Cloudflare: origin too slow", new(524, null, null, "A timeout occurred")),
        Status(529, Overloaded, "Anthropic and its kin", new(529, null, null, "Site is overloaded")),

        // --- What is left with these names is the request's fault, also inside a stream, where there is no status.
        Code("invalid_request_error", InvalidRequest, "OpenAI and Anthropic, inside a stream", new(null, null, "invalid_request_error", "messages: final assistant content cannot end with trailing whitespace")),
        Code("INVALID_ARGUMENT", InvalidRequest, "Gemini, inside a stream", new(null, null, "INVALID_ARGUMENT", "Request contains an invalid argument.")),
    ];

    private static FailureRule Code(string name, FailureClass failureClass, string reason, UpstreamError example) => new(null, 0, name, null, failureClass, reason, example);

    private static FailureRule Phrase(int status, string phrase, FailureClass failureClass, string reason, UpstreamError example) => new(null, status, null, phrase, failureClass, reason, example);

    private static FailureRule Status(int status, FailureClass failureClass, string reason, UpstreamError example) => new(null, status, null, null, failureClass, reason, example);
}
