using EdgeRouter.Dialects.Callers;

namespace EdgeRouter.Gateway.Arrival;

/// <summary>Endpoint metadata of a route that calls models: the API that its callers speak.</summary>
/// <param name="Api">The API.</param>
internal sealed record InferenceRoute(ICallerApi Api);

/// <summary>Endpoint metadata of any other route of a caller API: its errors are in that API's format.</summary>
/// <param name="Api">The API.</param>
internal sealed record SpokenApi(ICallerApi Api);

/// <summary>Endpoint metadata of a route that shows models: the client's API decides the shape.</summary>
internal sealed class ListsModels
{
    public static readonly ListsModels Instance = new();
}
