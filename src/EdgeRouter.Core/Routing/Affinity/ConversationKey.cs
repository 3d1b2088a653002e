using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing.Affinity;

/// <summary>
/// Names a conversation at a model: account, model and conversation id. The id is the first given of session id, <c>prompt_cache_key</c>, and the
/// hash of the first messages. Requests of one key share a prompt prefix, and so a provider's prompt cache. The hash is used only when the prompt is
/// long enough to be cached: a short one has no cache to return to, and is better spread.
/// </summary>
internal static class ConversationKey
{
    /// <summary>Providers do not cache prompts with fewer tokens.</summary>
    private const long MinCachedTokens = 1024;

    /// <summary>
    /// The key; 0: the request names no conversation. Inputs of other operations have no prefix in common: their session id only groups records.
    /// </summary>
    public static ulong Of(RequestFacts request, Model model)
    {
        if (!request.Operation.IsConversation) return 0;
        var hash = StableHash.Add(StableHash.Add(StableHash.Start, request.Account), model.Id);
        if (request.SessionId is { } session) hash = StableHash.Add(hash, session);
        else if (request.PromptCacheKey is { } cacheKey) hash = StableHash.Add(hash, cacheKey);
        else if (request.ConversationHash is { } messages && request.EstimatedPromptTokens >= MinCachedTokens) hash = StableHash.Mix(hash ^ messages);
        else return 0;
        return hash == 0 ? 1 : hash;
    }
}
