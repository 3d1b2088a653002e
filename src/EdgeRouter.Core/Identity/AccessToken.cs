namespace EdgeRouter.Core.Identity;

/// <summary>A token that proves an identity for a while. Its text is a secret: never logged, never in an answer.</summary>
/// <param name="Value">The token.</param>
/// <param name="ExpiresAt">From then on it is refused.</param>
public sealed record AccessToken(string Value, DateTimeOffset ExpiresAt)
{
    /// <summary>Shows when it expires; never the token.</summary>
    public override string ToString() => $"{nameof(AccessToken)} {{ ExpiresAt = {ExpiresAt:O} }}";
}
