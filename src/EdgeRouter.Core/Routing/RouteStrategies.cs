namespace EdgeRouter.Core.Routing;

/// <summary>How the model was found (<c>openrouter_metadata.strategy</c>).</summary>
public static class RouteStrategies
{
    /// <summary>By its id.</summary>
    public const string Direct = "direct";

    /// <summary>By another name of it.</summary>
    public const string Alias = "alias";

    /// <summary>As the newest of a family, <c>~author/family-latest</c>.</summary>
    public const string Latest = "latest";

    /// <summary>Among several that the request lists.</summary>
    public const string Fallback = "fallback";
}
