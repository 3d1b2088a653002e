using System.Globalization;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>
/// Ids of calls, which this API may leave out: a result then belongs to the first call of its name in the model's last turn that has none. Not thread-safe.
/// </summary>
internal sealed class GeminiCallIds
{
    // A call waits in a queue of either kind. Answered by way of one, it is passed over once in the other: no result searches all calls.
    private readonly Dictionary<string, Queue<WaitingCall>> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<WaitingCall>> byName = new(StringComparer.Ordinal);
    private int count;

    /// <summary>A turn of the model's begins.</summary>
    public void BeginTurn()
    {
        byId.Clear();
        byName.Clear();
    }

    /// <summary>The id of the next call.</summary>
    /// <param name="name">Name of the function.</param>
    /// <param name="given">As the caller gave it; null or empty: it did not. The same conversation then always gets the same ids.</param>
    public string Call(string name, string? given)
    {
        var number = count++;
        var id = string.IsNullOrEmpty(given) ? string.Create(CultureInfo.InvariantCulture, $"edgerouter_call_{number}") : given;
        var call = new WaitingCall(id);
        // Nothing keeps a caller from giving two calls one id: they are answered in their order.
        Add(byId, id, call);
        Add(byName, name, call);
        return id;
    }

    /// <summary>The id of the call that a result belongs to.</summary>
    /// <exception cref="RouterException">400: there is no such call.</exception>
    public string Result(string name, string? given, GeminiOrigin origin)
    {
        var call = string.IsNullOrEmpty(given) ? null : FirstOf(byId, given);
        call ??= FirstOf(byName, name);
        if (call is null)
            throw new RouterException(RouterError.InvalidField(string.Create(CultureInfo.InvariantCulture,
                $"contents[{origin.Outer}].parts[{origin.Inner}].functionResponse"), "expected the result of a functionCall in the model's turn before it"));
        call.IsAnswered = true;
        return call.Id;
    }

    private static void Add(Dictionary<string, Queue<WaitingCall>> calls, string key, WaitingCall call)
    {
        if (!calls.TryGetValue(key, out var queue)) calls[key] = queue = new Queue<WaitingCall>(1);
        queue.Enqueue(call);
    }

    private static WaitingCall? FirstOf(Dictionary<string, Queue<WaitingCall>> calls, string key)
    {
        if (!calls.TryGetValue(key, out var queue)) return null;
        while (queue.TryDequeue(out var call))
            if (!call.IsAnswered) return call;
        return null;
    }

    private sealed class WaitingCall(string id)
    {
        public string Id => id;

        public bool IsAnswered { get; set; }
    }
}
