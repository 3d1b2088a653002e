using EdgeRouter.Dialects.Callers;

namespace EdgeRouter.Gateway.Tests;

/// <summary>A request without headers and route parameters.</summary>
internal sealed class NoHead : IRequestHead
{
    public static readonly NoHead Instance = new();

    public string? Header(string name) => null;

    public string? RouteValue(string name) => null;

    public string? Query(string name) => null;
}
