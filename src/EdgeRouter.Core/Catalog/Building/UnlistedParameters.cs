namespace EdgeRouter.Core.Catalog.Building;

/// <summary>
/// What an endpoint row without <c>supported_parameters</c> supports: everything that a catalog could list. The operator of a self-hosted model need
/// not list it.
/// </summary>
internal static class UnlistedParameters
{
    public static readonly RequestParameters All =
        RequestParameterNames.ByName.Values.Aggregate(RequestParameters.None, (set, parameter) => set | parameter) & ~RequestParameterNames.NeverListed;
}
