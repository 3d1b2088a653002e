namespace EdgeRouter.Core.Health;

/// <summary>Who a failure counts against.</summary>
public enum Blame
{
    /// <summary>Nobody: the answer was no longer needed.</summary>
    Nobody,

    /// <summary>The caller's request.</summary>
    Caller,

    /// <summary>The endpoint: its statistics and breaker.</summary>
    Provider,

    /// <summary>The router's credential or account at the provider: other credentials are not touched.</summary>
    Credential,

    /// <summary>The router's own data, for example a catalog row.</summary>
    Router,
}
