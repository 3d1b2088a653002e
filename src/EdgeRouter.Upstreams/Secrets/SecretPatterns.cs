using System.Text.RegularExpressions;

namespace EdgeRouter.Upstreams.Secrets;

/// <summary>How keys, tokens and organisation ids of providers look, also shortened or masked.</summary>
internal static partial class SecretPatterns
{
    /// <summary>Everything that looks so. Linear in the text.</summary>
    [GeneratedRegex(
        // Credentials of HTTP.
        @"(?:bearer|basic)\s+[\w\-.~+/*=]{6,}"
        // A name that says it, and what follows: api_key=..., "x-api-key": "...", key provided: ...
        + @"|(?:api[-_ ]?key|access[-_ ]?key|secret|token|password|signature|authorization)[""']?\s*(?:provided\s*)?[:=]\s*[""']?(?:bearer\s+|basic\s+)?[\w\-.~+/*=]{6,}"
        // Prefixes of well-known providers: OpenAI, Anthropic, OpenRouter, DeepSeek, this router; Groq, xAI, Hugging Face, Perplexity, Replicate, NVIDIA,
        // Fireworks, Cerebras, Together, GitHub.
        + @"|\b(?:sk|rk|pk)-[\w\-.*]{4,}|\b(?:gsk|hf|r8|ghp|gho|github_pat|tgp|fw|key)_[\w\-*]{8,}|\b(?:xai|pplx|nvapi|csk|tgp)-[\w\-.*]{6,}"
        // Google, AWS, JSON Web Tokens.
        + @"|\bAIza[\w\-*]{10,}|\bya29\.[\w\-.*]{10,}|\b(?:AKIA|ASIA)[0-9A-Z*]{8,}|\beyJ[\w\-]{8,}\.[\w\-]{8,}(?:\.[\w\-]*)?"
        // Organisations, projects and accounts.
        + @"|\b(?:org|proj|acct|ws|wrkspc)[-_][A-Za-z0-9]{6,}|\borgani[sz]ation[""'` :=]{1,4}[0-9a-f]{8}-[0-9a-f\-]{8,}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    public static partial Regex All { get; }
}
