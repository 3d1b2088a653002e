using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Gateway.Authentication;

/// <summary>Endpoint metadata: the key may be in a parameter of the query, where a header has none.</summary>
/// <param name="Parameter">Name of the parameter.</param>
internal sealed record KeyInQuery(string Parameter)
{
    /// <summary>Takes the key out of the query, so that nothing that reads or logs the query afterwards sees it. Null: there is none.</summary>
    public string? TakeFrom(HttpRequest request)
    {
        if (!request.Query.TryGetValue(Parameter, out var key)) return null;
        request.QueryString = QueryString.Create(request.Query.Where(pair => !string.Equals(pair.Key, Parameter, StringComparison.OrdinalIgnoreCase)));
        return key.ToString().Trim();
    }
}
