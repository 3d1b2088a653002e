namespace EdgeRouter.Dialects.Completions.Requests;

/// <summary><c>prompt</c>: one text or several, or as many lists of token ids. Immutable.</summary>
/// <param name="Count">Number of prompts.</param>
/// <param name="HasTokens">Whether they are token ids.</param>
/// <param name="Bytes">UTF-8 bytes of each prompt's text; of token ids, 4 for each.</param>
internal sealed record CompletionPrompt(int Count, bool HasTokens, IReadOnlyList<int> Bytes)
{
    /// <summary>Whether it is one text, as a conversation can carry it.</summary>
    public bool IsOneText => Count == 1 && !HasTokens;
}
