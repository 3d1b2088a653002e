using EdgeRouter.Dialects;

namespace EdgeRouter.Gateway;

/// <summary>Endpoint metadata of a route that calls models: the dialect its callers speak.</summary>
/// <param name="Dialect">The dialect.</param>
internal sealed record InferenceRoute(ICallerApi Dialect);
