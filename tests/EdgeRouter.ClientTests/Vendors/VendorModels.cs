namespace EdgeRouter.ClientTests.Vendors;

/// <summary>The model names that every stub knows. All but the first misbehave.</summary>
internal static class VendorModels
{
    public const string Small = "small-1";

    /// <summary>Stops in the middle without saying so.</summary>
    public const string Truncated = "small-truncated";

    /// <summary>Reports an error in the middle of a stream; at once when it does not stream.</summary>
    public const string MidstreamError = "small-midstream-error";

    /// <summary>Refuses with 429.</summary>
    public const string RateLimited = "small-rate-limited";

    /// <summary>Begins to answer, and then says nothing more until the caller leaves.</summary>
    public const string Stuck = "small-stuck";

    public static readonly string[] All = [Small, Truncated, MidstreamError, RateLimited, Stuck];
}
