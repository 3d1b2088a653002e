namespace EdgeRouter.Core.Identity;

/// <summary>Issues tokens of the identity that the platform gives this process. Thread-safe; keeps no token that callers count on.</summary>
public interface ITokenSource
{
    /// <summary>A new token, or one that is valid for a while.</summary>
    /// <param name="scope">What it is for; null: the platform's model services.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TokenException">There is none.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    Task<AccessToken> IssueAsync(string? scope, CancellationToken cancellationToken);
}
