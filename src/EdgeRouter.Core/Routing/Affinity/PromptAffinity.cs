using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Core.Routing.Affinity;

/// <summary>
/// Remembers which endpoint holds a conversation's prompt cache, for 10 minutes after its last use. A fixed table: a new conversation replaces an old
/// one of the same slot, which then uses the rendezvous hash again. The table is this instance's own; other instances find the same endpoint by the
/// hash. Thread-safe.
/// </summary>
public sealed class PromptAffinity
{
    private const int Slots = 1 << 14;
    private const int Stripes = 64;
    private static readonly long Lifetime = TimeSpan.FromMinutes(10).Ticks;
    private readonly Entry[] entries = new Entry[Slots];
    private readonly Lock[] stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private readonly HealthClock clock;

    /// <summary>Starts empty.</summary>
    public PromptAffinity(TimeProvider time) => clock = new HealthClock(time);

    /// <summary>
    /// An endpoint has answered. It is remembered if reading its cache is cheaper than a fresh prompt, and the provider reported cache use, or the
    /// conversation has a session id. Not called for failures.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="endpoint">The endpoint that answered.</param>
    /// <param name="promptTokens">Tokens of the prompt, all classes together.</param>
    /// <param name="cacheTokens">Tokens that the provider reported read from or written to its cache; 0: none.</param>
    public void Answered(RequestFacts request, Endpoint endpoint, long promptTokens, long cacheTokens)
    {
        if (endpoint.Pricing is not { InputCacheRead: { } read } pricing || read >= pricing.Prompt) return;
        if (cacheTokens <= 0 && request.SessionId is null) return;
        var key = ConversationKey.Of(request, endpoint.Model);
        if (key == 0) return;
        var slot = SlotOf(key);
        lock (stripes[slot % Stripes]) entries[slot] = new Entry(key, endpoint.Id, promptTokens, clock.Now + Lifetime);
    }

    /// <summary>Whether an endpoint holds the prompt of a request's conversation in its cache.</summary>
    public bool IsWarm(RequestFacts request, Endpoint endpoint) => Find(ConversationKey.Of(request, endpoint.Model)) is { Tokens: > 0 } warm
        && warm.EndpointId == endpoint.Id;

    /// <summary>The warm endpoint's id and how many tokens its cache holds; null id: none.</summary>
    internal (string? EndpointId, long Tokens) Find(ulong key)
    {
        if (key == 0) return default;
        var slot = SlotOf(key);
        Entry entry;
        lock (stripes[slot % Stripes]) entry = entries[slot];
        return entry.Key == key && entry.Until > clock.Now ? (entry.EndpointId, entry.Tokens) : default;
    }

    private static int SlotOf(ulong key) => (int)(StableHash.Mix(key) % Slots);

    private readonly record struct Entry(ulong Key, string EndpointId, long Tokens, long Until);
}
