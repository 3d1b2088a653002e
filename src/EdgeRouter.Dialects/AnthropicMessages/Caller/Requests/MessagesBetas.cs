using System.Collections.Frozen;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;

/// <summary>
/// The betas that a caller may switch on at a provider of this format: those that change what a request may hold. One that changes prices or that gives
/// access to what the account has there is not among them. Others are ignored, as Anthropic's clients send many. Stateless and thread-safe.
/// </summary>
internal static class MessagesBetas
{
    /// <summary>The header in both directions.</summary>
    public const string Header = "anthropic-beta";

    /// <summary>Longest header that is read; a longer one is ignored.</summary>
    private const int MaxLength = 2048;

    private static readonly FrozenSet<string> Permitted = FrozenSet.Create(StringComparer.Ordinal,
        "adaptive-thinking-2026-01-28", "advanced-tool-use-2025-11-20", "claude-code-20250219", "compact-2026-01-12", "computer-use-2025-01-24",
        "computer-use-2025-11-24", "context-management-2025-06-27", "effort-2025-11-24", "extended-cache-ttl-2025-04-11",
        "fine-grained-tool-streaming-2025-05-14", "interleaved-thinking-2025-05-14", "output-128k-2025-02-19", "prompt-caching-2024-07-31",
        "prompt-caching-scope-2026-01-05", "structured-outputs-2025-11-13", "token-efficient-tools-2025-02-19", "tool-search-tool-2025-10-19",
        "web-fetch-2025-09-10");

    /// <summary>The header for a provider: what the caller asks for and may use, in their order, each once.</summary>
    /// <param name="asked">The caller's header; null: not given.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> HeadersFor(string? asked)
    {
        if (asked is null or { Length: > MaxLength }) return [];
        var betas = new List<string>();
        foreach (var beta in asked.Split(',', StringSplitOptions.TrimEntries))
            if (Permitted.TryGetValue(beta, out var known) && !betas.Contains(known)) betas.Add(known);
        return betas.Count == 0 ? [] : [new(Header, string.Join(',', betas))];
    }
}
