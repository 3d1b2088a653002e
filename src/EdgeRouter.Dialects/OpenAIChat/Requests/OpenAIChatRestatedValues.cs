using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>
/// What the router reads of a request and then restates to the provider in its own words. The splicer takes it from the scan, the writer from the content
/// model, so that both write the same.
/// </summary>
/// <param name="Reasoning">The three spellings of reasoning options, merged; null: none given.</param>
/// <param name="MaxOutputTokens">Bound on output tokens; null: none given.</param>
/// <param name="ServiceTier">Service tier; null: none given.</param>
/// <param name="User">The end user's id; null: none given.</param>
internal readonly record struct OpenAIChatRestatedValues(ReasoningOptions? Reasoning, int? MaxOutputTokens, string? ServiceTier, string? User)
{
    /// <summary>Those of a request in the content model.</summary>
    public static OpenAIChatRestatedValues Of(ChatRequest request) => new(request.Reasoning, request.MaxOutputTokens, request.ServiceTier, request.User);

    /// <summary>Those of a request that was scanned.</summary>
    public static OpenAIChatRestatedValues Of(OpenAIChatScan scan) => new(scan.Reasoning, scan.MaxOutputTokens, scan.ServiceTier, scan.User);
}
