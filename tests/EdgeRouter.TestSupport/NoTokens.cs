using EdgeRouter.Core.Identity;

namespace EdgeRouter.TestSupport;

/// <summary>A machine without an identity.</summary>
public sealed class NoTokens : ITokenSource
{
    public static readonly NoTokens Instance = new();

    public Task<AccessToken> IssueAsync(string? scope, CancellationToken cancellationToken) =>
        throw new TokenException("the router has no identity here", refused: true);
}
