namespace EdgeRouter.Core.Routing;

/// <summary>Names of providers that callers may write although the providers do not serve on this router. Thread-safe.</summary>
public interface IProviderNames
{
    /// <summary>Whether it is a provider's slug or display name.</summary>
    bool Contains(string name);
}
