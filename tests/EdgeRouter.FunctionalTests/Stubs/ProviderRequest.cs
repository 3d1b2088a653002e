using System.Text.Json.Nodes;

namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>A request as it reached a stub provider, and what became of its connection.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query below the stub's root.</param>
/// <param name="Headers">Headers by name, ignoring case.</param>
/// <param name="Body">The body.</param>
internal sealed record ProviderRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private readonly TaskCompletionSource<long> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it came.</summary>
    public long ReceivedTimestamp { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>Its number among those of its provider, from 1.</summary>
    public int Number { get; internal set; }

    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Whether a stream is asked for, in whichever dialect.</summary>
    public bool WantsStream => Path.Contains(":streamGenerateContent", StringComparison.Ordinal) || Json["stream"]?.GetValue<bool>() == true;

    /// <summary>Completes when the router closes the connection before the answer was at its end, with the timestamp at which it did.</summary>
    public Task<long> ClosedByRouter => closed.Task;

    internal void NoteClosed() => closed.TrySetResult(TimeProvider.System.GetTimestamp());
}
