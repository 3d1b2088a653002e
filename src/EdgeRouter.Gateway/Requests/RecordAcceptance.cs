namespace EdgeRouter.Gateway.Requests;

/// <summary>
/// A host that waits for the request's record itself sets it on the HttpContext before it runs the pipeline. It waits after it has ended the answer,
/// so that the caller does not wait for the record. Without it the pipeline ends only when the record is accepted. Used by one request.
/// </summary>
public sealed class RecordAcceptance
{
    private Task accepted = Task.CompletedTask;

    /// <summary>Whether the pipeline gave the answer up because the caller left. To be read after the pipeline.</summary>
    public bool CallerDisconnected { get; internal set; }

    /// <summary>
    /// To be awaited after the pipeline. Completes when the record is accepted, or when there is none. Throws when it was not accepted in time, which
    /// is also logged.
    /// </summary>
    public Task WaitAsync() => accepted;

    internal void Begin(Task handOver) => accepted = handOver;
}
