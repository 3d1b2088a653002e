namespace EdgeRouter.Gateway.TokenCounting;

/// <summary>A number of tokens, and how it was found.</summary>
/// <param name="Tokens">The number.</param>
/// <param name="Source">How: one of <see cref="TokenCountSources"/>.</param>
internal readonly record struct TokenCount(long Tokens, string Source);

/// <summary>How a number of tokens was found, from the best to the weakest. Callers see the words.</summary>
internal static class TokenCountSources
{
    /// <summary>The provider's own counting route told it.</summary>
    public const string Measured = "measured";

    /// <summary>The router's tokenizer counted it. Other tokenizers count differently.</summary>
    public const string Counted = "counted";

    /// <summary>A part was counted, the rest is in proportion to it.</summary>
    public const string Estimated = "estimated";
}
