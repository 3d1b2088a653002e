namespace EdgeRouter.Core.Identity;

/// <summary>An identity gets no token.</summary>
/// <param name="message">What happened, in the router's own words: callers may read it.</param>
/// <param name="refused">Whether the identity was refused, or is none; false: its issuer could not be asked.</param>
/// <param name="cause">The exception behind it; null: none.</param>
public sealed class TokenException(string message, bool refused, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the identity was refused, or is none; false: its issuer could not be asked, and may answer later.</summary>
    public bool Refused => refused;
}
