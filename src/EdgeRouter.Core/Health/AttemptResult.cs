namespace EdgeRouter.Core.Health;

/// <summary>How an attempt ended, as far as the health of its endpoint goes. The forwarder maps its failure classes to these.</summary>
public enum AttemptResult
{
    /// <summary>The whole answer came, and it had content.</summary>
    Answered,

    /// <summary>The caller's request was at fault (bad request, content policy, too long). It shows nothing about the endpoint.</summary>
    CallerFault,

    /// <summary>
    /// The attempt shows only how long a stream had been silent: the caller disconnected, another attempt won, or the answer is good and has no content.
    /// </summary>
    Abandoned,

    /// <summary>Too many requests for the router's account (429). The cap learns from it; uptime does not count it.</summary>
    RateLimited,

    /// <summary>The router's credential or account was refused (401, 402). Breaks the credential: every endpoint of the provider.</summary>
    CredentialRefused,

    /// <summary>The endpoint does not serve the model, or not to this account (403, 404).</summary>
    NotServed,

    /// <summary>The provider lacks capacity (503, 529).</summary>
    Overloaded,

    /// <summary>The provider failed (5xx, an error inside the answer).</summary>
    ServerFault,

    /// <summary>No connection, or it broke before the first token.</summary>
    Unreachable,

    /// <summary>Headers, first token or the next token did not come in time.</summary>
    TimedOut,

    /// <summary>The answer was malformed, empty or ended before its end.</summary>
    BadAnswer,
}

/// <summary>What an <see cref="AttemptResult"/> means.</summary>
public static class AttemptResults
{
    /// <summary>Number of results.</summary>
    internal const int Count = (int)AttemptResult.BadAnswer + 1;

    /// <summary>True for what lowers uptime: everything but answers, faults of the caller, and rate limits.</summary>
    public static bool IsFailure(this AttemptResult result) => result >= AttemptResult.CredentialRefused;
}
