using EdgeRouter.Dialects.OpenAIChat.Requests;

namespace EdgeRouter.Dialects.Completions.Requests;

/// <summary>What one pass over the body of a completion request found. Read-only once scanned.</summary>
internal sealed class CompletionScan : OpenAIChatScan
{
    /// <summary><c>prompt</c>; null: not given.</summary>
    public CompletionPrompt? Prompt { get; set; }

    /// <summary>Whether <c>suffix</c> is given and not empty.</summary>
    public bool HasSuffix { get; set; }

    /// <summary><c>echo</c>: whether each text begins with the prompt.</summary>
    public bool Echo { get; set; }

    /// <summary><c>best_of</c>; null: not given.</summary>
    public int? BestOf { get; set; }

    /// <summary>Whether <c>logprobs</c> is given.</summary>
    public bool HasLogprobs { get; set; }
}
