namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary><c>service_tier</c> and its alias <c>speed</c>.</summary>
internal static class OpenAIChatRequestServiceTier
{
    /// <summary>One tier from both: <c>fast</c> is OpenRouter's word for priority, which is what providers know. A tier wins over a speed.</summary>
    public static string? Fold(string? tier, string? speed) => (tier, speed) switch
    {
        ("fast", _) or (null, "fast") => "priority",
        _ => tier,
    };
}
