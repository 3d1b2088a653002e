using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Answers;

/// <summary>
/// The tool calls of one answer as they come in, checked at its end: endpoints differ most in how well they call tools. Arguments are checked as they
/// pass, not kept. Not thread-safe.
/// </summary>
public sealed class SeenToolCalls
{
    private readonly Dictionary<(int Choice, int Index), Call> calls = [];
    private Call? last;

    /// <summary>Takes a piece of a call, or the whole of it.</summary>
    /// <param name="choice">Its choice.</param>
    /// <param name="index">Its number within the choice: of the call or of its part, but the same for all its pieces.</param>
    /// <param name="name">Its name; null: not in this piece.</param>
    /// <param name="arguments">Arguments, or the next piece of them; null: none.</param>
    public void Add(int choice, int index, string? name, string? arguments)
    {
        var call = Find(choice, index);
        call.Name ??= name;
        if (string.IsNullOrEmpty(arguments)) return;
        call.HasArguments = true;
        foreach (var unit in arguments) call.Arguments.Take(unit);
    }

    /// <summary>Takes the next piece of a call's arguments as the content of a JSON string, which it came in.</summary>
    internal void AddRaw(int choice, int index, ReadOnlySpan<byte> arguments)
    {
        if (arguments.IsEmpty) return;
        var call = Find(choice, index);
        call.HasArguments = true;
        JsonStrings.Feed(arguments, ref call.Arguments);
    }

    /// <summary>
    /// Whether each call names a tool of the request and its arguments are JSON, or nothing at all, as some providers send for tools without
    /// parameters.
    /// </summary>
    public bool AreSound(RequestFacts request)
    {
        foreach (var call in calls.Values)
            if (call.Name is null || !request.OffersTool(call.Name) || (call.HasArguments && !call.Arguments.IsValue)) return false;
        return true;
    }

    private Call Find(int choice, int index)
    {
        // Pieces of one call mostly follow each other.
        if (last is { } recent && recent.Choice == choice && recent.Index == index) return recent;
        if (!calls.TryGetValue((choice, index), out var call)) calls.Add((choice, index), call = new Call(choice, index));
        return last = call;
    }

    private sealed class Call(int choice, int index)
    {
        public JsonGrammar Arguments;

        public int Choice { get; } = choice;

        public int Index { get; } = index;

        public string? Name { get; set; }

        public bool HasArguments { get; set; }
    }
}
