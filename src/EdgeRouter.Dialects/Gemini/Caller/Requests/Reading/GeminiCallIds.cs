using System.Globalization;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>
/// Ids of calls, which this API may leave out: a result then belongs to the first call of its name in the model's last turn that has none. Not thread-safe.
/// </summary>
internal sealed class GeminiCallIds
{
    private readonly List<(string Name, string Id)> waiting = [];
    private int count;

    /// <summary>A turn of the model's begins.</summary>
    public void BeginTurn() => waiting.Clear();

    /// <summary>The id of the next call.</summary>
    /// <param name="name">Name of the function.</param>
    /// <param name="given">As the caller gave it; null or empty: it did not. The same conversation then always gets the same ids.</param>
    public string Call(string name, string? given)
    {
        var number = count++;
        var id = string.IsNullOrEmpty(given) ? string.Create(CultureInfo.InvariantCulture, $"edgerouter_call_{number}") : given;
        waiting.Add((name, id));
        return id;
    }

    /// <summary>The id of the call that a result belongs to.</summary>
    /// <exception cref="RouterException">400: there is no such call.</exception>
    public string Result(string name, string? given, GeminiOrigin origin)
    {
        var index = string.IsNullOrEmpty(given) ? -1 : waiting.FindIndex(call => call.Id.Equals(given, StringComparison.Ordinal));
        if (index < 0) index = waiting.FindIndex(call => call.Name.Equals(name, StringComparison.Ordinal));
        if (index < 0)
            throw new RouterException(RouterError.InvalidField(string.Create(CultureInfo.InvariantCulture,
                $"contents[{origin.Outer}].parts[{origin.Inner}].functionResponse"), "expected the result of a functionCall in the model's turn before it"));
        var id = waiting[index].Id;
        waiting.RemoveAt(index);
        return id;
    }
}
