namespace EdgeRouter.Dialects.Completions.Requests;

/// <summary><c>prompt</c>: one text or several, or as many lists of token ids. Immutable.</summary>
/// <param name="Count">Number of prompts.</param>
/// <param name="HasTokens">Whether they are token ids.</param>
internal sealed record CompletionPrompt(int Count, bool HasTokens)
{
    /// <summary>Whether it is one text, as a conversation can carry it.</summary>
    public bool IsOneText => Count == 1 && !HasTokens;
}
